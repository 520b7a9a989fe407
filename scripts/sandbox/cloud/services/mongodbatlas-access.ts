import { flagAt, mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { policyStatements } from "../iam-policy.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import {
  ACCESS_AUTHORIZATION,
  ACCESS_SETUP,
  CLUSTER,
  encodedId,
  ENCRYPTION,
  firstOf,
  ofProject,
  projectMissing,
  projectOf,
  providerRefusal,
  SETTLED,
} from "./mongodbatlas-lookup.ts";
import { uuid } from "./lookup.ts";

const LOGS = "mongodbatlas:index/logIntegration:LogIntegration";

/** The account from which Atlas takes its customers' roles. */
const ATLAS_ACCOUNT = "arn:aws:iam::536727724300:root";

const accessRoleId = (operation: Operation): string => operation.hex("access-role", 24);

const setup: ResourceRules = {
  refuseCreate: (operation) =>
    projectMissing(operation) ??
    (textAt(operation.inputs, "providerName") === "AZURE" && operation.inputs["azureConfigs"] === undefined
      ? providerRefusal("azureConfigs is required when providerName is AZURE")
      : undefined),
  // The provider forgets the role instead of changing it.
  refuseUpdate: () => providerRefusal("cloud provider access cannot be changed: replace it"),
  refuseDelete: (operation) => {
    const role = textAt(operation.existing?.outputs ?? {}, "roleId");
    return ofProject(operation, LOGS).some(({ inputs }) => textAt(inputs, "iamRoleId") === role)
      ? new Refusal(
          "CLOUD_PROVIDER_ACCESS_ROLE_IN_USE",
          `The cloud provider access role ${role ?? ""} is in use and cannot be deauthorized.`,
        )
      : undefined;
  },
  id: (operation) =>
    encodedId({
      id: accessRoleId(operation),
      project_id: projectOf(operation),
      provider_name: textAt(operation.inputs, "providerName") ?? "",
    }),
  computed: (operation) => ({
    awsConfigs:
      textAt(operation.inputs, "providerName") === "AWS"
        ? [
            {
              atlasAssumedRoleExternalId: uuid(operation.hex("external-id", 32)),
              atlasAwsAccountArn: ATLAS_ACCOUNT,
            },
          ]
        : [],
    createdDate: SETTLED,
    gcpConfigs: [],
    lastUpdatedDate: SETTLED,
    roleId: accessRoleId(operation),
  }),
};

const setupOf = (operation: Operation, roleId: string): CloudResource | undefined =>
  ofProject(operation, ACCESS_SETUP).find(({ outputs }) => textAt(outputs, "roleId") === roleId);

const roleNotFound = (roleId: string): Refusal =>
  new Refusal("CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND", `The cloud provider access role ${roleId} does not exist.`);

/** Whether the role in AWS lets Atlas in, with the external id that the setup gave. */
function isTrusting(operation: Operation, roleArn: string, access: CloudResource): boolean {
  const role = operation.world.all("aws:iam/role:Role").find(({ outputs }) => textAt(outputs, "arn") === roleArn);
  const policy = textAt(role?.inputs ?? {}, "assumeRolePolicy");
  const externalId = textAt(mapsAt(access.outputs, "awsConfigs")[0] ?? {}, "atlasAssumedRoleExternalId") ?? "";
  return policyStatements(policy ?? "").some(
    ({ effect, principals, conditions }) =>
      effect === "Allow" &&
      (principals["AWS"] ?? []).includes(ATLAS_ACCOUNT) &&
      (conditions["StringEquals"]?.["sts:ExternalId"] ?? []).includes(externalId),
  );
}

function authorizationRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const roleId = textAt(inputs, "roleId") ?? "";
  const access = setupOf(operation, roleId);
  if (access === undefined) return roleNotFound(roleId);
  if (textAt(access.inputs, "providerName") !== "AWS") return undefined;
  const roleArn = textAt(mapAt(inputs, "aws"), "iamAssumedRoleArn");
  if (roleArn === undefined) return providerRefusal("aws.iamAssumedRoleArn is required for a role of AWS");
  return isTrusting(operation, roleArn, access)
    ? undefined
    : new Refusal(
        "CANNOT_ASSUME_ROLE",
        `Atlas cannot assume the role ${roleArn}: it must exist and trust ${ATLAS_ACCOUNT} with the external id of the setup.`,
      );
}

const authorization: ResourceRules = {
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => authorizationRefusal(operation),
    ),
  refuseUpdate: authorizationRefusal,
  id: (operation) => encodedId({ id: textAt(operation.inputs, "roleId") ?? "", project_id: projectOf(operation) }),
  computed: () => ({ authorizedDate: SETTLED, featureUsages: [], gcps: [] }),
};

const isAuthorized = (operation: Operation, roleId: string): boolean =>
  ofProject(operation, ACCESS_AUTHORIZATION).some(({ inputs }) => textAt(inputs, "roleId") === roleId);

function roleRefusal(operation: Operation, roleId: string): Refusal | undefined {
  if (setupOf(operation, roleId) === undefined) return roleNotFound(roleId);
  return isAuthorized(operation, roleId)
    ? undefined
    : new Refusal(
        "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED",
        `The cloud provider access role ${roleId} is not authorized.`,
      );
}

const encryption: ResourceRules = {
  refuseCreate: (operation) => projectMissing(operation) ?? encryptionRefusal(operation),
  refuseUpdate: encryptionRefusal,
  refuseDelete: (operation) =>
    ofProject(operation, CLUSTER).some(
      ({ inputs }) => (textAt(inputs, "encryptionAtRestProvider") ?? "NONE") !== "NONE",
    )
      ? new Refusal(
          "CANNOT_DISABLE_ENCRYPTION_AT_REST",
          "Cannot disable Encryption at Rest on the group because it is still enabled on one or more clusters in the group.",
        )
      : undefined,
  id: projectOf,
};

function encryptionRefusal(operation: Operation): Refusal | undefined {
  const providers = ["awsKmsConfig", "azureKeyVaultConfig", "googleCloudKmsConfig"];
  if (!providers.some((property) => operation.inputs[property] !== undefined))
    return new Refusal(
      "MISSING_ENCRYPTION_AT_REST_PROVIDER",
      "At least one Encryption at Rest provider must be specified.",
    );
  const aws = mapAt(operation.inputs, "awsKmsConfig");
  const roleId = textAt(aws, "roleId");
  const keyed = ["accessKeyId", "secretAccessKey"].every((property) => aws[property] !== undefined);
  if (flagAt(aws, "enabled") === true && roleId === undefined && !keyed)
    return new Refusal("MISSING_ATTRIBUTE", "The required attribute roleId was not specified.");
  const refused = roleId === undefined ? undefined : roleRefusal(operation, roleId);
  if (refused !== undefined) return refused;
  const key = textAt(aws, "customerMasterKeyId");
  const known = operation.world
    .all("aws:kms/key:Key")
    .some(
      ({ id, outputs }) => key !== undefined && [id, textAt(outputs, "arn"), textAt(outputs, "keyId")].includes(key),
    );
  return flagAt(aws, "enabled") === true && !known
    ? new Refusal(
        "AWS_CUSTOMER_MASTER_KEY_NOT_FOUND",
        `No AWS customer master key found for group ${projectOf(operation)}.`,
      )
    : undefined;
}

const LOG_TYPES = ["MONGOD", "MONGOS", "MONGOD_AUDIT", "MONGOS_AUDIT"];

/** What each destination of logs cannot do without; the provider asks before Atlas does. */
const DESTINATIONS: Readonly<Record<string, readonly string[]>> = {
  S3_LOG_EXPORT: ["bucketName", "iamRoleId", "prefixPath"],
  GCS_LOG_EXPORT: ["bucketName", "roleId", "prefixPath"],
  AZURE_LOG_EXPORT: ["storageAccountName", "storageContainerName", "roleId", "prefixPath"],
  DATADOG_LOG_EXPORT: ["apiKey", "region"],
  SPLUNK_LOG_EXPORT: ["hecToken", "hecUrl"],
  OTEL_LOG_EXPORT: ["otelEndpoint", "otelSuppliedHeaders"],
};

function logRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  const type = textAt(inputs, "type") ?? "";
  if (ofProject(operation, LOGS).some((other) => textAt(other.inputs, "type") === type))
    return new Refusal(
      "INTEGRATION_LIMIT_REACHED",
      `Maximum number of ${type} integration configurations reached for this group.`,
    );
  if (type !== "S3_LOG_EXPORT") return undefined;
  const refused = roleRefusal(operation, textAt(inputs, "iamRoleId") ?? "");
  if (refused !== undefined) return refused;
  const bucket = textAt(inputs, "bucketName") ?? "";
  return world.all("aws:s3/bucket:Bucket").some(({ outputs }) => textAt(outputs, "bucket") === bucket)
    ? undefined
    : new Refusal(
        "EXPORT_BUCKET_NOT_FOUND",
        `No export Bucket with ID ${bucket} exists, or the role may not write to it.`,
      );
}

const logs: ResourceRules = {
  check(inputs) {
    const type = textAt(inputs, "type");
    const destination = type === undefined ? [] : DESTINATIONS[type];
    if (destination === undefined)
      return [{ property: "type", reason: `must be one of ${Object.keys(DESTINATIONS).join(", ")}` }];
    const missing = destination.find((property) => inputs[property] === undefined);
    const unknown = textsAt(inputs, "logTypes").find((log) => !LOG_TYPES.includes(log));
    return [
      ...(missing === undefined
        ? []
        : [{ property: missing, reason: `Attribute "${missing}" must be set when type is "${type ?? ""}"` }]),
      ...(unknown === undefined ? [] : [{ property: "logTypes", reason: `must be among ${LOG_TYPES.join(", ")}` }]),
    ];
  },
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => logRefusal(operation),
    ),
  refuseUpdate: logRefusal,
  replaces: (olds, news) => ["projectId", "type"].filter((property) => olds[property] !== news[property]),
  id: (operation) => encodedId({ id: operation.hex("log-integration", 24), project_id: projectOf(operation) }),
  computed: (operation) => ({ integrationId: operation.hex("log-integration", 24) }),
};

export const accessResources: Readonly<Record<string, ResourceRules>> = {
  [ACCESS_SETUP]: setup,
  [ACCESS_AUTHORIZATION]: authorization,
  [ENCRYPTION]: encryption,
  [LOGS]: logs,
};
