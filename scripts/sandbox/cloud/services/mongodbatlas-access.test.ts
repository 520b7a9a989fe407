import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mapsAt } from "../fields.ts";
import type { CloudResource } from "../service.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { ACCESS_AUTHORIZATION, ACCESS_SETUP, CLUSTER, ENCRYPTION } from "./mongodbatlas-lookup.ts";
import { clusterInputs, makeProject } from "./mongodbatlas-samples.ts";
import { s3 } from "./s3.ts";
import { assertRefused, textIn, tinyWorld, type TinyWorld } from "./tiny-world.ts";

const LOGS = "mongodbatlas:index/logIntegration:LogIntegration";

function trust(setup: CloudResource, externalId?: string): string {
  const [config = {}] = mapsAt(setup.outputs, "awsConfigs");
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: config["atlasAwsAccountArn"] },
        Condition: { StringEquals: { "sts:ExternalId": externalId ?? config["atlasAssumedRoleExternalId"] } },
      },
    ],
  });
}

function world(): {
  cloud: TinyWorld;
  projectId: string;
  setup: CloudResource;
  roleId: string;
  role: (id?: string) => string;
} {
  const cloud = tinyWorld(iam, kms, s3, mongodbatlas);
  const projectId = makeProject(cloud).id;
  const setup = cloud.create(ACCESS_SETUP, "setup", { projectId, providerName: "AWS" });
  const role = (externalId?: string) => {
    const name = `atlas-${externalId ?? "right"}`;
    const made = cloud.create("aws:iam/role:Role", name, { name, assumeRolePolicy: trust(setup, externalId) });
    return textIn(made.outputs, "arn");
  };
  return { cloud, projectId, setup, roleId: textIn(setup.outputs, "roleId"), role };
}

const authorize = ({ cloud, projectId, roleId }: ReturnType<typeof world>, arn: string): CloudResource =>
  cloud.create(ACCESS_AUTHORIZATION, "a", { projectId, roleId, aws: { iamAssumedRoleArn: arn } });

describe("Atlas's access to AWS", () => {
  it("is by a role that trusts Atlas with the external id of the setup", () => {
    const all = world();
    const { cloud, projectId, roleId, role } = all;
    assertRefused(() => authorize(all, "arn:aws:iam::111122223333:role/gone"), "CANNOT_ASSUME_ROLE");
    assertRefused(() => authorize(all, role("another")), "CANNOT_ASSUME_ROLE");
    assertRefused(
      () => cloud.create(ACCESS_AUTHORIZATION, "x", { projectId, roleId: "0", aws: { iamAssumedRoleArn: role("x") } }),
      "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND",
    );
    assertRefused(() => cloud.create(ACCESS_AUTHORIZATION, "x", { projectId, roleId }), "InvalidConfiguration");
    assert.equal(authorize(all, role()).outputs["authorizedDate"], "2025-01-01T00:00:00Z");
  });

  it("is set up in a project that exists, and replaced rather than changed", () => {
    const { cloud, setup } = world();
    assertRefused(() => cloud.create(ACCESS_SETUP, "x", { projectId: "0", providerName: "AWS" }), "GROUP_NOT_FOUND");
    assertRefused(
      () => cloud.create(ACCESS_SETUP, "x", { projectId: setup.inputs["projectId"]!, providerName: "AZURE" }),
      "InvalidConfiguration",
    );
    assertRefused(() => cloud.update(setup, { ...setup.inputs, deleteOnCreateTimeout: true }), "InvalidConfiguration");
  });
});

describe("log export of Atlas", () => {
  const inputs = ({ projectId, roleId }: ReturnType<typeof world>, bucketName = "atlas-logs"): Properties => ({
    projectId,
    type: "S3_LOG_EXPORT",
    logTypes: ["MONGOD", "MONGOD_AUDIT"],
    bucketName,
    iamRoleId: roleId,
    prefixPath: "atlas",
  });

  it("needs a role that is authorised, and a bucket", () => {
    const all = world();
    const { cloud } = all;
    const create = (over: Properties = {}) => cloud.create(LOGS, "l", { ...inputs(all), ...over });
    assertRefused(() => create({ iamRoleId: "0" }), "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND");
    assertRefused(() => create(), "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED");
    authorize(all, all.role());
    assertRefused(() => create(), "EXPORT_BUCKET_NOT_FOUND");
    cloud.create("aws:s3/bucket:Bucket", "atlas-logs", { bucket: "atlas-logs" });
    const made = create();
    assert.match(textIn(made.outputs, "integrationId"), /^[0-9a-f]{24}$/);
    assertRefused(() => cloud.create(LOGS, "again", inputs(all)), "INTEGRATION_LIMIT_REACHED");
    assertRefused(() => cloud.delete(all.setup), "CLOUD_PROVIDER_ACCESS_ROLE_IN_USE");
    cloud.delete(made);
    cloud.delete(all.setup);
  });

  it("says in preview what a destination lacks", () => {
    const { cloud } = world();
    const properties = (given: Properties) => cloud.check(LOGS, given).map(({ property }) => property);
    assert.deepEqual(properties({ type: "S3_LOG_EXPORT", bucketName: "b", prefixPath: "p" }), ["iamRoleId"]);
    assert.deepEqual(properties({ type: "DATADOG_LOG_EXPORT", apiKey: "k", region: "US1", logTypes: ["MONGO"] }), [
      "logTypes",
    ]);
    assert.deepEqual(properties({ type: "FILE" }), ["type"]);
    assert.deepEqual(
      mongodbatlas.resources[LOGS]?.replaces?.({ type: "a", bucketName: "x" }, { type: "b", bucketName: "y" }),
      ["type"],
    );
  });
});

describe("encryption at rest of Atlas", () => {
  it("is by a key that exists, through a role that is authorised, and stays while a cluster uses it", () => {
    const all = world();
    const { cloud, projectId, roleId } = all;
    const encrypt = (over: Properties = {}) =>
      cloud.create(ENCRYPTION, "e", {
        projectId,
        awsKmsConfig: { enabled: true, roleId, region: "US_EAST_1", customerMasterKeyId: "gone", ...over },
      });
    assertRefused(() => cloud.create(ENCRYPTION, "e", { projectId }), "MISSING_ENCRYPTION_AT_REST_PROVIDER");
    assertRefused(
      () => cloud.create(ENCRYPTION, "e", { projectId, awsKmsConfig: { enabled: true, region: "US_EAST_1" } }),
      "MISSING_ATTRIBUTE",
    );
    assertRefused(() => encrypt(), "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED");
    authorize(all, all.role());
    assertRefused(() => encrypt(), "AWS_CUSTOMER_MASTER_KEY_NOT_FOUND");
    const key = cloud.create("aws:kms/key:Key", "k", {});
    const made = encrypt({ customerMasterKeyId: textIn(key.outputs, "keyId") });
    const cluster = cloud.create(CLUSTER, "c", clusterInputs(projectId, { encryptionAtRestProvider: "AWS" }));
    assertRefused(() => cloud.delete(made), "CANNOT_DISABLE_ENCRYPTION_AT_REST");
    cloud.delete(cluster);
    cloud.delete(made);
  });
});
