import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { groupResources, PARAMETER_GROUP, SUBNET_GROUP, subnetsOf, vpcsOf } from "./elasticache-groups.ts";
import { encryptionStepRefusal, nodesRefusal, zonesRefusal } from "./elasticache-nodes.ts";
import { engineOf, familyOf, familyOfDefault, planFailures, versionOf, windowProblem } from "./elasticache-rules.ts";
import { idFailures, USER_GROUP, userGroupNotFound, userResources } from "./elasticache-users.ts";
import { keyMissing } from "./kms.ts";
import { findBy, here, letters, reference, valueOf } from "./lookup.ts";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
/** What a deleted replication group leaves where it names a final snapshot. */
const SNAPSHOT = "aws:elasticache/snapshot (final)";

const combination = (message: string): Refusal => new Refusal("InvalidParameterCombination", message);
const invalid = (message: string): Refusal => new Refusal("InvalidParameterValue", message);

/** What holds of a replication group's inputs by themselves. */
function settingsRefusal({ inputs }: Operation): Refusal | undefined {
  const [engine, version] = [engineOf(inputs), versionOf(inputs)];
  const encrypted = flagAt(inputs, "transitEncryptionEnabled") === true;
  const port = numberAt(inputs, "port");
  const window = windowProblem(inputs);
  const logTypes = mapsAt(inputs, "logDeliveryConfigurations").map((one) => textAt(one, "logType"));
  if (window !== undefined) return invalid(window);
  if (familyOf(engine, version) === undefined) return invalid(`Invalid engine version ${version} for ${engine}`);
  if (port !== undefined && (port < 1150 || port > 65_535 || port === 8005))
    return invalid(`Invalid endpoint port: ${port}. Valid range is 1150-8004,8006-65535`);
  if (textsAt(inputs, "userGroupIds").length > 0 && !encrypted)
    return combination(
      "User group based access control requires encryption-in-transit to be enabled on the replication group.",
    );
  if (inputs["authToken"] !== undefined && !encrypted)
    return combination("The AUTH token is only supported when encryption-in-transit is enabled");
  if (textAt(inputs, "transitEncryptionMode") !== undefined && !encrypted)
    return combination("TransitEncryptionMode can only be set when encryption-in-transit is enabled.");
  if (textAt(inputs, "kmsKeyId") !== undefined && flagAt(inputs, "atRestEncryptionEnabled") !== true)
    return combination("A KMS key can only be used when encryption at rest is enabled.");
  if (textsAt(inputs, "userGroupIds").length > 1) return invalid("Only one user group can be associated.");
  if (new Set(logTypes).size < logTypes.length) return invalid("Each log type can be delivered to one destination.");
  return undefined;
}

/** What a replication group names must fit it. */
function partsRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const subnetGroupName = textAt(inputs, "subnetGroupName");
  const subnetGroup = findBy(here(operation, SUBNET_GROUP), subnetGroupName ?? "", "name");
  const key = textAt(inputs, "kmsKeyId");
  if (subnetGroupName !== undefined && subnetGroupName !== "default" && subnetGroup === undefined)
    return new Refusal("CacheSubnetGroupNotFoundFault", `Cache Subnet Group ${subnetGroupName} does not exist.`);
  if (key !== undefined && keyMissing(operation, key))
    return new Refusal("InvalidKMSKeyFault", `The KMS key ${key} does not exist in this account and region.`);
  return parametersRefusal(operation) ?? userGroupRefusal(operation) ?? placeRefusal(operation, subnetGroup);
}

function parametersRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const name = textAt(inputs, "parameterGroupName");
  if (name === undefined) return undefined;
  const group = findBy(here(operation, PARAMETER_GROUP), name, "name");
  const found = familyOfDefault(name) ?? textAt(group?.inputs ?? {}, "family");
  if (found === undefined) return new Refusal("CacheParameterGroupNotFound", `CacheParameterGroup ${name} not found.`);
  const expected = familyOf(engineOf(inputs), versionOf(inputs)) ?? "";
  if (found !== expected)
    return combination(`Expected a parameter group of family ${expected} but found one of family ${found}`);
  const clustered =
    name.endsWith(".cluster.on") ||
    mapsAt(group?.inputs ?? {}, "parameters").some(
      (one) => textAt(one, "name") === "cluster-enabled" && textAt(one, "value") === "yes",
    );
  return (numberAt(inputs, "numNodeGroups") ?? 1) > 1 && !clustered
    ? combination("Use a parameter group with cluster-enabled parameter to create more than one node group.")
    : undefined;
}

function userGroupRefusal(operation: Operation): Refusal | undefined {
  for (const id of textsAt(operation.inputs, "userGroupIds")) {
    const group = findBy(here(operation, USER_GROUP), id, "id");
    if (group === undefined) return userGroupNotFound(id);
    if (engineOf(operation.inputs) === "redis" && engineOf(group.inputs) !== "redis")
      return combination(
        `User group ${id} with engine valkey cannot be used by a replication group with engine redis.`,
      );
  }
  return undefined;
}

function placeRefusal(operation: Operation, subnetGroup: CloudResource | undefined): Refusal | undefined {
  if (subnetGroup === undefined) return undefined;
  const subnets = subnetsOf(operation, subnetGroup.inputs);
  const [vpc] = vpcsOf(subnets);
  const stranger = here(operation, SECURITY_GROUP, DEFAULT_SECURITY_GROUP).find(
    (group) => textsAt(operation.inputs, "securityGroupIds").includes(group.id) && valueOf(group, "vpcId") !== vpc,
  );
  if (stranger !== undefined)
    return combination(`Security group ${stranger.id} and subnet group ${subnetGroup.id} belong to different VPCs.`);
  return zonesRefusal(operation, subnetGroup, subnets);
}

function engineRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const before = existing?.inputs ?? {};
  return engineOf(before) === "redis" && engineOf(inputs) === "valkey" && versionOf(before) === versionOf(inputs)
    ? combination("Changing the engine from redis to valkey needs an engine version of valkey in the same update.")
    : undefined;
}

/** `us-east-1` is `use1` in host names. */
const shortRegion = (region: string): string =>
  region.replace(
    /-(north|south|central)?(east|west)?-(\d)$/,
    (_whole, first = "", second = "", number = "") =>
      `${String(first).charAt(0)}${String(second).charAt(0)}${String(number)}`,
  );

const LOWER_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

function endpoints(operation: Operation, id: string, clustered: boolean): Properties {
  const { inputs, location } = operation;
  const own = letters(operation.hex("endpoint", 12), LOWER_AND_DIGITS);
  const host = (role: string): string => `${role}.${id}.${own}.${shortRegion(location.region)}.cache.amazonaws.com`;
  const plain = (role: string): string =>
    `${id}${role}.${own}.ng.0001.${shortRegion(location.region)}.cache.amazonaws.com`;
  const none = { configurationEndpointAddress: "", primaryEndpointAddress: "", readerEndpointAddress: "" };
  if (clustered) return { ...none, configurationEndpointAddress: host("clustercfg") };
  return flagAt(inputs, "transitEncryptionEnabled") === true
    ? { ...none, primaryEndpointAddress: host("master"), readerEndpointAddress: host("replica") }
    : { ...none, primaryEndpointAddress: plain(""), readerEndpointAddress: plain("-ro") };
}

const replicationGroup: ResourceRules = {
  autoName: { property: "replicationGroupId", maxLength: 40, lowercase: true },
  unique: [
    {
      property: "replicationGroupId",
      within: "region",
      refuse: (id) => new Refusal("ReplicationGroupAlreadyExists", `Replication group ${id} already exists.`),
    },
  ],
  references: [
    reference(
      "securityGroupIds[]",
      [SECURITY_GROUP, DEFAULT_SECURITY_GROUP],
      "id",
      "InvalidParameterValue",
      (id) => `Some security group ids don't exist: ${id}`,
    ),
    reference(
      "logDeliveryConfigurations[].destination",
      [LOG_GROUP, "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
      "name",
      "InvalidParameterValue",
      (name) => `The log delivery destination ${name} does not exist.`,
    ),
    reference(
      "notificationTopicArn",
      ["aws:sns/topic:Topic"],
      "arn",
      "InvalidParameterValue",
      (arn) => `The notification topic ${arn} does not exist.`,
    ),
  ],
  check: (inputs) => [...idFailures(inputs, "replicationGroupId"), ...planFailures(inputs)],
  refuseCreate: (operation) => settingsRefusal(operation) ?? nodesRefusal(operation) ?? partsRefusal(operation),
  refuseUpdate: (operation) =>
    settingsRefusal(operation) ??
    nodesRefusal(operation) ??
    engineRefusal(operation) ??
    encryptionStepRefusal(operation) ??
    partsRefusal(operation),
  refuseDelete(operation) {
    const name = textAt(operation.existing?.inputs ?? operation.inputs, "finalSnapshotIdentifier");
    return name !== undefined && findBy(here(operation, SNAPSHOT), name, "id") !== undefined
      ? new Refusal(
          "SnapshotAlreadyExistsFault",
          `A snapshot ${name} exists already: delete it, or name another finalSnapshotIdentifier.`,
        )
      : undefined;
  },
  leaves({ existing }) {
    const name = textAt(existing?.inputs ?? {}, "finalSnapshotIdentifier");
    if (existing === undefined || name === undefined) return [];
    return [{ ...existing, type: SNAPSHOT, id: name, urn: "", inputs: {}, outputs: {} }];
  },
  id: ({ inputs }) => textAt(inputs, "replicationGroupId") ?? "",
  computed(operation, id) {
    const { inputs, location } = operation;
    const shards = numberAt(inputs, "numNodeGroups") ?? 1;
    const clustered = shards > 1 || textAt(inputs, "clusterMode") === "enabled";
    const nodes =
      numberAt(inputs, "numCacheClusters") ?? shards * (1 + (numberAt(inputs, "replicasPerNodeGroup") ?? 0));
    const [engine, version] = [engineOf(inputs), versionOf(inputs)];
    return {
      arn: regionalArn(location, "elasticache", `replicationgroup:${id}`),
      // Unless told otherwise the service encrypts Valkey, and does not encrypt Redis.
      atRestEncryptionEnabled: flagAt(inputs, "atRestEncryptionEnabled") ?? engine === "valkey",
      autoMinorVersionUpgrade: flagAt(inputs, "autoMinorVersionUpgrade") ?? true,
      clusterEnabled: clustered,
      clusterMode: textAt(inputs, "clusterMode") ?? (clustered ? "enabled" : "disabled"),
      engineVersion: version,
      engineVersionActual: /^\d+\.\d+$/.test(version) ? `${version}.0` : version,
      globalReplicationGroupId: textAt(inputs, "globalReplicationGroupId") ?? "",
      ipDiscovery: textAt(inputs, "ipDiscovery") ?? "ipv4",
      maintenanceWindow: textAt(inputs, "maintenanceWindow") ?? "sun:05:00-sun:06:00",
      memberClusters: Array.from({ length: nodes }, (_, index) => `${id}-${String(index + 1).padStart(3, "0")}`),
      networkType: textAt(inputs, "networkType") ?? "ipv4",
      numCacheClusters: nodes,
      numNodeGroups: shards,
      replicasPerNodeGroup: nodes / shards - 1,
      snapshotWindow: textAt(inputs, "snapshotWindow") ?? "03:00-04:00",
      ...endpoints(operation, id, clustered),
    };
  },
};

export const elasticache: Service = {
  resources: {
    [REPLICATION_GROUP]: replicationGroup,
    ...groupResources,
    ...userResources,
  },
};
