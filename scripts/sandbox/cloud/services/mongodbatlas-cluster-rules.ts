import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal } from "../service.ts";
import { isShared, regionsOf, shapeFailures, shapeRefusal } from "./mongodbatlas-cluster-shape.ts";
import {
  CLUSTER,
  COMPLIANCE,
  ENCRYPTION,
  firstOf,
  ofProject,
  projectMissing,
  projectOf,
  providerRefusal,
} from "./mongodbatlas-lookup.ts";
import { tagFailures } from "./mongodbatlas-project.ts";

/** Of a cluster's name Atlas keeps so many characters for its hosts. */
const HOST_LENGTH = 23;
const NAME_LENGTH = 64;

export const hostOf = (name: string): string => name.slice(0, HOST_LENGTH).toLowerCase();

function nameRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "name") ?? "";
  if (!/^[A-Za-z0-9-]+$/.test(name))
    return new Refusal(
      "CLUSTER_NAME_INVALID",
      `The cluster name ${name} is invalid. The name can only contain ASCII letters, numbers, and hyphens.`,
    );
  if (name.length > NAME_LENGTH)
    return new Refusal("CLUSTER_NAME_TOO_LONG", `Cluster name ${name} is limited to ${NAME_LENGTH} characters.`);
  if (hostOf(name).endsWith("-"))
    return new Refusal(
      "CLUSTER_NAME_PREFIX_INVALID",
      `Cluster name "${name}" is invalid. Atlas truncates cluster names to ${HOST_LENGTH} characters which results in an invalid hostname due to a trailing "-" in the generated cluster name prefix "${hostOf(name)}".`,
    );
  if (/^atlas-[a-z0-9]{6}$/.test(name))
    return new Refusal(
      "ATLAS_RESERVED_CLUSTER_NAME",
      `The provided cluster name ${name} creates a conflict with our internal hostnames, which are generated using the pattern "atlas-[a-z0-9]{6}".`,
    );
  const others = ofProject(operation, CLUSTER).map(({ inputs }) => textAt(inputs, "name") ?? "");
  if (others.includes(name))
    return new Refusal(
      "DUPLICATE_CLUSTER_NAME",
      `A cluster named ${name} is already present in group ${projectOf(operation)}.`,
    );
  return others.some((other) => hostOf(other) === hostOf(name))
    ? new Refusal(
        "DUPLICATE_CLUSTER_NAME_PREFIX",
        `Cluster name ${name} cannot have same first ${HOST_LENGTH} characters as another cluster name in same group.`,
      )
    : undefined;
}

/** Major versions that Atlas deploys, oldest first. */
const VERSIONS = [6, 7, 8];
const LATEST = 8;

export const majorOf = (inputs: Properties): number => {
  const text = textAt(inputs, "mongoDbMajorVersion");
  return text === undefined ? LATEST : Number(text.split(".")[0]);
};

function versionRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const text = textAt(inputs, "mongoDbMajorVersion");
  if (text !== undefined && textAt(inputs, "versionReleaseSystem") === "CONTINUOUS")
    return new Refusal(
      "INVALID_MONGODB_VERSION_CONFIG",
      "The MongoDB version is not valid. A continuous release takes no major version.",
    );
  const major = majorOf(inputs);
  if (!VERSIONS.includes(major))
    return new Refusal("MONGODB_VERSION_INVALID", `An invalid MongoDB version ${text ?? ""} was specified.`);
  if (existing === undefined) return undefined;
  const before = majorOf(existing.inputs);
  return major < before || major > before + 1
    ? new Refusal(
        "CLUSTER_UPGRADE_INVALID",
        `Cluster cannot be upgraded from ${before}.0 to ${major}.0: one major version at a time, and none back.`,
      )
    : undefined;
}

function backupRefusal(operation: Operation): Refusal | undefined {
  const { inputs, existing } = operation;
  const backup = flagAt(inputs, "backupEnabled") === true;
  if (!backup && flagAt(inputs, "pitEnabled") === true)
    return new Refusal(
      "INVALID_CLUSTER_CONFIGURATION",
      "Continuous cloud backup (pitEnabled) needs cloud backup (backupEnabled).",
    );
  if (
    !backup &&
    regionsOf(inputs).some((region) =>
      (textAt(mapAt(region, "electableSpecs"), "instanceSize") ?? "").endsWith("_NVME"),
    )
  )
    return new Refusal(
      "NVME_STORAGE_PROVIDER_BACKUP_REQUIRED",
      "Cloud Backup backups must be enabled for deployments with NVMe storage.",
    );
  if (existing !== undefined && !backup && ofProject(operation, COMPLIANCE).length > 0)
    return new Refusal(
      "CANNOT_DISABLE_CLOUD_BACKUP_WITH_BACKUP_COMPLIANCE_POLICY",
      "You can't disable Cloud Backup while you have a Backup Compliance Policy enabled.",
    );
  return undefined;
}

function sharedRefusal({ inputs }: Operation): Refusal | undefined {
  if (!isShared(inputs)) return undefined;
  if (flagAt(inputs, "useEffectiveFields") === true)
    return providerRefusal("useEffectiveFields is not supported for TENANT and FLEX clusters");
  if (flagAt(inputs, "backupEnabled") === true || flagAt(inputs, "pitEnabled") === true)
    return new Refusal(
      "INVALID_TENANT_BACKUP_ENABLED",
      "The `tenantBackupField` field must be omitted or set to false on M0 clusters.",
    );
  if (inputs["advancedConfiguration"] !== undefined)
    return new Refusal(
      "TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED",
      "Cannot set custom process args for tenant clusters.",
    );
  return undefined;
}

function encryptionRefusal(operation: Operation): Refusal | undefined {
  const provider = textAt(operation.inputs, "encryptionAtRestProvider") ?? "NONE";
  if (provider === "NONE") return undefined;
  if (isShared(operation.inputs))
    return new Refusal("CANNOT_USE_ENCRYPTION_AT_REST_TENANT", "Cannot use Encryption at Rest with tenant clusters.");
  return ofProject(operation, ENCRYPTION).length === 0
    ? new Refusal(
        "ENCRYPTION_AT_REST_NOT_ENABLED",
        `Encryption at Rest is not enabled for group ${projectOf(operation)}.`,
      )
    : undefined;
}

const settingsOf = (inputs: Properties): Properties => mapAt(inputs, "advancedConfiguration");

/** Settings that a version brought, and the version. */
const SINCE: Readonly<Record<string, number>> = {
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: 7,
  defaultMaxTimeMs: 8,
};

function processRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const settings = settingsOf(inputs);
  // The cluster is changed before its settings: hours that are taken away together with the growing still stand then.
  const hours = Math.max(
    ...[inputs, existing?.inputs ?? {}].map((one) => numberAt(settingsOf(one), "oplogMinRetentionHours") ?? 0),
  );
  const grows = regionsOf(inputs).every((region) => flagAt(mapAt(region, "autoScaling"), "diskGbEnabled") === true);
  if (hours > 0 && !grows)
    return new Refusal(
      "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING",
      "Minimum oplog retention can only be set on clusters with disk auto-scaling.",
    );
  const size = numberAt(settings, "oplogSizeMb");
  if (size !== undefined && size < 990)
    return new Refusal("OPLOG_SIZE_MB_LESS_THAN_990", "Your oplog size cannot be changed to < 990 MB on MongoDB 3.6+.");
  const early = Object.entries(SINCE).find(
    ([setting, version]) => settings[setting] !== undefined && settings[setting] !== -1 && majorOf(inputs) < version,
  );
  return early === undefined
    ? undefined
    : providerRefusal(`advancedConfiguration.${early[0]} needs MongoDB ${early[1]}.0 or later`);
}

function kindRefusal({ inputs, existing }: Operation): Refusal | undefined {
  if (existing === undefined && inputs["acceptDataRisksAndForceReplicaSetReconfig"] !== undefined)
    return providerRefusal("acceptDataRisksAndForceReplicaSetReconfig can be set on update alone");
  return flagAt(inputs, "globalClusterSelfManagedSharding") === true && textAt(inputs, "clusterType") !== "GEOSHARDED"
    ? new Refusal(
        "INVALID_ATTRIBUTE",
        "Invalid attribute globalClusterSelfManagedSharding specified: it is of GEOSHARDED clusters.",
      )
    : undefined;
}

export const clusterRefusal = (operation: Operation): Refusal | undefined =>
  firstOf(
    () => projectMissing(operation),
    () => nameRefusal(operation),
    () => kindRefusal(operation),
    () => sharedRefusal(operation),
    () => shapeRefusal(operation.inputs),
    () => versionRefusal(operation),
    () => backupRefusal(operation),
    () => encryptionRefusal(operation),
    () => processRefusal(operation),
  );

export function clusterFailures(inputs: Properties): CheckFailure[] {
  const settings = mapAt(inputs, "advancedConfiguration");
  const custom = ["customOpensslCipherConfigTls12s", "customOpensslCipherConfigTls13s"].find(
    (key) => listAt(settings, key).length > 0,
  );
  return [
    ...tagFailures(inputs),
    ...shapeFailures(inputs),
    ...("Infrastructure Tool" in mapAt(inputs, "labels")
      ? [{ property: "labels", reason: "the key Infrastructure Tool is the provider's own: use tags" }]
      : []),
    ...(custom !== undefined && textAt(settings, "tlsCipherConfigMode") !== "CUSTOM"
      ? [{ property: `advancedConfiguration.${custom}`, reason: "needs tlsCipherConfigMode CUSTOM" }]
      : []),
  ];
}
