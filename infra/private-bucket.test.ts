import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { capture, only, type CapturedResource } from "./capture.ts";
import { PrivateBucket, type PrivateBucketArgs } from "./private-bucket.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Resource: unknown;
  readonly Condition: unknown;
}

const writer = (arn: pulumi.Output<string>) => [
  {
    Sid: "Writer",
    Effect: "Allow" as const,
    Principal: { Service: "writer.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${arn}/*`,
  },
];

describe("a private bucket", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  const statements = () =>
    (JSON.parse(inputsOf("aws:s3/bucketPolicy:BucketPolicy")["policy"] as string) as { Statement: Statement[] })
      .Statement;
  before(async () => {
    ({ resources } = await capture(
      () => new PrivateBucket("edge", { purpose: "logs", expirationDays: 90, statements: writer }),
    ));
  });

  it("is closed to the public, keeps versions, encrypts, and has no ACLs", () => {
    const { bucket, ...blocks } = inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    assert.equal(bucket, "edge-logs-0a1b2c3");
    assert.ok(Object.values(blocks).length === 4 && Object.values(blocks).every((on) => on === true));
    const versioning = inputsOf("aws:s3/bucketVersioning:BucketVersioning");
    assert.deepEqual(versioning["versioningConfiguration"], { status: "Enabled" });
    const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.deepEqual(inputsOf(encryption)["rules"], [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const ownership = inputsOf("aws:s3/bucketOwnershipControls:BucketOwnershipControls");
    assert.deepEqual(ownership["rule"], { objectOwnership: "BucketOwnerEnforced" });
    assert.equal(inputsOf("aws:s3/bucket:Bucket")["forceDestroy"], false);
  });

  it("lets in whom its owner names, and nobody without TLS 1.2", () => {
    assert.deepEqual(
      statements().map(({ Sid, Effect }) => [Sid, Effect]),
      [
        ["Writer", "Allow"],
        ["TlsOnly", "Deny"],
        ["Tls12OrLater", "Deny"],
      ],
    );
    const arn = "arn:aws:s3:::edge-logs";
    assert.deepEqual(
      statements().map(({ Resource }) => Resource),
      [`${arn}/*`, [arn, `${arn}/*`], [arn, `${arn}/*`]],
    );
  });

  it("forgets objects after the days given, old versions, and unfinished uploads", () => {
    const rules = inputsOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"];
    assert.deepEqual(
      (rules as { id: string; expiration?: unknown }[]).map(({ id, expiration }) => [id, expiration]),
      [
        ["expiry", { days: 90 }],
        ["old-versions", { expiredObjectDeleteMarker: true }],
        ["unfinished-uploads", undefined],
      ],
    );
  });

  it("keeps objects for ever where no days are given", async () => {
    const { resources: others } = await capture(() => new PrivateBucket("edge", { purpose: "logs" }));
    const { inputs } = only(others, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.ok((inputs["rules"] as { id: string }[]).every(({ id }) => id !== "expiry"));
  });

  const refused: readonly [input: string, over: Partial<PrivateBucketArgs>][] = [
    ["expirationDays", { expirationDays: 0 }],
    ["noncurrentVersionDays", { noncurrentVersionDays: 0.5 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new PrivateBucket("edge", { purpose: "logs", ...over })),
        new RegExp(`${input}: `),
      );
    });
  }
});
