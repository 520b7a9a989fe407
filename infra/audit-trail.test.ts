import assert from "node:assert/strict";
import { AuditTrail, type AuditTrailArgs } from "./audit-trail.ts";
import { capture, only, type CapturedResource } from "./capture.ts";

const args: AuditTrailArgs = { accountId: "123456789012", region: "us-east-1", retentionDays: 90 };
const name = "groundwork-staging-baseline-audit";
const trailArn = `arn:aws:cloudtrail:us-east-1:123456789012:trail/${name}`;

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string;
  readonly Principal: unknown;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const statements = (resources: readonly CapturedResource[], type: string): readonly Statement[] =>
  (JSON.parse(only(resources, type).inputs["policy"] as string) as { Statement: readonly Statement[] }).Statement;

describe("the audit trail", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await capture(() => new AuditTrail(name, args)));
  });

  it("records all regions, with digests, encrypted", () => {
    const { inputs } = only(resources, "aws:cloudtrail/trail:Trail");
    assert.equal(inputs["name"], name);
    assert.equal(inputs["isMultiRegionTrail"], true);
    assert.equal(inputs["includeGlobalServiceEvents"], true);
    assert.equal(inputs["enableLogFileValidation"], true);
    assert.equal(inputs["kmsKeyId"], `arn:aws:kms:us-east-1:123456789012:${name}`);
    assert.equal(inputs["s3BucketName"], `${only(resources, "aws:s3/bucket:Bucket").name}-0a1b2c3`);
  });

  for (const type of ["aws:s3/bucketPolicy:BucketPolicy", "aws:kms/key:Key"])
    it(`is what CloudTrail may use ${type} for, and no other trail`, () => {
      const own = statements(resources, type).filter(
        ({ Principal }) => JSON.stringify(Principal) === '{"Service":"cloudtrail.amazonaws.com"}',
      );
      assert.equal(own.length, 2);
      for (const { Effect, Condition } of own) {
        assert.equal(Effect, "Allow");
        assert.equal(Condition["StringEquals"]?.["aws:SourceArn"], trailArn);
      }
    });

  it("keeps its records for as long as it is told, and protects them", () => {
    const { rules } = only(resources, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.ok((rules as { expiration?: { days?: number } }[]).some(({ expiration }) => expiration?.days === 90));
    const bucket = only(resources, "aws:s3/bucket:Bucket");
    assert.equal(bucket.protect, true);
    assert.equal(bucket.inputs["forceDestroy"], false);
    assert.equal(only(resources, "aws:kms/key:Key").protect, true, "without their key they cannot be read");
  });

  it("lets go of its records where it is told", async () => {
    const open = await capture(() => new AuditTrail(name, { ...args, deleteRecords: true, protect: false }));
    const bucket = only(open.resources, "aws:s3/bucket:Bucket");
    assert.equal(bucket.protect, false);
    assert.equal(bucket.inputs["forceDestroy"], true);
    assert.equal(only(open.resources, "aws:kms/key:Key").protect, false);
  });
});
