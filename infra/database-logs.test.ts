import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { DatabaseLogs, type DatabaseLogsArgs } from "./database-logs.ts";

interface Document {
  readonly Statement: readonly Record<string, unknown>[];
}

const build = async (over: Partial<DatabaseLogsArgs> = {}) =>
  capture(() => new DatabaseLogs("logs", { projectId: "project", ...over }));
const policyIn = (inputs: CapturedResource["inputs"], key: string) => JSON.parse(inputs[key] as string) as Document;

describe("the logs of the database", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    ({ resources } = await build());
  });

  it("are the server's and the audit log, under one prefix", () => {
    assert.deepEqual(inputsOf("mongodbatlas:index/logIntegration:LogIntegration"), {
      projectId: "project",
      type: "S3_LOG_EXPORT",
      logTypes: ["MONGOD", "MONGOD_AUDIT"],
      bucketName: "logs-archive-0a1b2c3",
      iamRoleId: "access-logs",
      prefixPath: "atlas",
    });
  });

  it("come by a role that trusts Atlas for this project alone", () => {
    assert.deepEqual(policyIn(inputsOf("aws:iam/role:Role"), "assumeRolePolicy").Statement, [
      {
        Sid: "AtlasForThisProject",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::536727724300:root" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "external-logs" } },
      },
    ]);
    const granted = policyIn(inputsOf("aws:iam/rolePolicy:RolePolicy"), "policy").Statement;
    assert.deepEqual(
      granted.map(({ Action, Resource }) => [Action, Resource]),
      [
        ["s3:GetBucketLocation", "arn:aws:s3:::logs-archive"],
        ["s3:PutObject", "arn:aws:s3:::logs-archive/atlas/*"],
      ],
    );
  });

  it("are kept for three months in a protected bucket", () => {
    assert.ok(only(resources, "aws:s3/bucket:Bucket").protect);
    const { rules } = inputsOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.deepEqual((rules as { expiration?: unknown }[])[0]?.expiration, { days: 90 });
  });

  it("are refused with no day to keep them", async () => {
    await assert.rejects(build({ retentionDays: 0 }), /retentionDays: must be 1 or more/);
  });
});
