import assert from "node:assert/strict";
import { AccountBaseline, type AccountBaselineArgs } from "./account-baseline.ts";
import { capture, only, type CapturedResource } from "./capture.ts";

const args: AccountBaselineArgs = { accountId: "123456789012", region: "us-east-1" };
const name = "groundwork-production-baseline";

const TRAIL = "aws:cloudtrail/trail:Trail";
const DETECTOR = "aws:guardduty/detector:Detector";

const built = (over: Partial<AccountBaselineArgs> = {}) =>
  capture(() => new AccountBaseline(name, { ...args, ...over }));

describe("an account's baseline, left to its defaults", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    ({ resources } = await built());
  });

  it("shuts every bucket to the public in all four ways", () => {
    assert.deepEqual(inputsOf("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"), {
      accountId: "123456789012",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("encrypts disks, and reports what strangers may reach", () => {
    assert.deepEqual(inputsOf("aws:ebs/encryptionByDefault:EncryptionByDefault"), { enabled: true });
    assert.equal(inputsOf("aws:accessanalyzer/analyzer:Analyzer")["type"], "ACCOUNT");
  });

  it("asks for long passwords that are not used again", () => {
    const policy = inputsOf("aws:iam/accountPasswordPolicy:AccountPasswordPolicy");
    assert.equal(policy["minimumPasswordLength"], 14);
    assert.equal(policy["passwordReusePrevention"], 24);
  });

  it("records changes and looks for threats", () => {
    assert.equal(inputsOf(TRAIL)["isMultiRegionTrail"], true);
    assert.equal(inputsOf(DETECTOR)["enable"], true);
    assert.equal(inputsOf("aws:s3/bucket:Bucket")["forceDestroy"], false);
  });
});

describe("an account's baseline, as settings ask for it", () => {
  it("has no trail with 0 days, and no detector where it is off", async () => {
    const { resources, result } = await built({ auditTrailRetentionDays: 0, guardDuty: false });
    assert.deepEqual(
      resources.filter(({ type }) => type === TRAIL || type === DETECTOR || type === "aws:s3/bucket:Bucket"),
      [],
    );
    assert.equal(result.auditTrailArn, undefined);
    assert.equal(result.detectorId, undefined);
  });

  it("refuses a negative number of days and names it", async () => {
    await assert.rejects(built({ auditTrailRetentionDays: -1 }), /auditTrailRetentionDays: must be 0 or more/);
  });
});
