import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { listAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { subnetOf, subnetReference } from "./ec2-subnets.ts";
import { familyNames } from "./elasticache-rules.ts";
import { type Holder, holders } from "./lookup.ts";
import { meantBy } from "./misspelt.ts";

export const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";
export const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";
const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const invalid = (message: string): Refusal => new Refusal("InvalidParameterValue", message);

const EVICTIONS = [
  "volatile-lru",
  "allkeys-lru",
  "volatile-lfu",
  "allkeys-lfu",
  "volatile-random",
  "allkeys-random",
  "volatile-ttl",
  "noeviction",
];

/** Values of parameters that are closed sets or numbers. Source: ElastiCache's parameters per engine. */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  "maxmemory-policy": new RegExp(`^(${EVICTIONS.join("|")})$`),
  "slowlog-log-slower-than": /^-?\d+$/,
  "slowlog-max-len": /^\d+$/,
  "reserved-memory-percent": /^(\d|[1-9]\d|100)$/,
  "cluster-enabled": /^(yes|no)$/,
  timeout: /^(0|[2-9]\d|[1-9]\d{2,})$/,
};

/** Parameters that the service sets itself. */
const FIXED = ["appendonly", "lua-time-limit", "maxclients", "maxmemory", "save"];

/** Names that a slip may have meant: those above, and others that programs set. */
const NAMES = [
  ...Object.keys(PARAMETERS),
  "active-expire-effort",
  "activedefrag",
  "databases",
  "lazyfree-lazy-eviction",
  "lazyfree-lazy-expire",
  "maxmemory-samples",
  "notify-keyspace-events",
  "tcp-keepalive",
];

/** Names of parameter groups and subnet groups. */
function nameFailures(inputs: Properties): CheckFailure[] {
  const name = textAt(inputs, "name");
  return name === undefined || /^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/i.test(name)
    ? []
    : [
        {
          property: "name",
          reason: `InvalidParameterValue: ${name} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
        },
      ];
}

function parameterRefusal({ inputs }: Operation): Refusal | undefined {
  const family = textAt(inputs, "family");
  if (family !== undefined && !familyNames.includes(family))
    return invalid(`CacheParameterGroupFamily ${family} is not a valid parameter group family.`);
  for (const parameter of mapsAt(inputs, "parameters")) {
    const [name = "", value = ""] = [textAt(parameter, "name"), textAt(parameter, "value")];
    if (FIXED.includes(name)) return invalid(`The parameter ${name} cannot be modified.`);
    const meant = meantBy(name, NAMES);
    if (meant !== undefined) return invalid(`The parameter ${name} does not exist; the nearest that does is ${meant}.`);
    if (PARAMETERS[name]?.test(value) === false)
      return invalid(`The parameter ${name} is not valid: ${value} is outside of its allowed values.`);
  }
  return undefined;
}

const PARAMETER_USERS: readonly Holder[] = [{ type: REPLICATION_GROUP, path: "parameterGroupName" }];
const SUBNET_GROUP_USERS: readonly Holder[] = [{ type: REPLICATION_GROUP, path: "subnetGroupName" }];

const parameterGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 255, lowercase: true },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("CacheParameterGroupAlreadyExists", `Parameter group ${name} already exists`),
    },
  ],
  check: nameFailures,
  refuseCreate: parameterRefusal,
  refuseUpdate: parameterRefusal,
  refuseDelete(operation) {
    const name = operation.existing?.id ?? "";
    return holders(operation, PARAMETER_USERS, name).length === 0
      ? undefined
      : new Refusal(
          "InvalidCacheParameterGroupState",
          `One or more cache clusters are still using the cache parameter group ${name}.`,
        );
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: ({ location }, id) => ({ arn: regionalArn(location, "elasticache", `parametergroup:${id}`) }),
};

export const subnetsOf = (operation: Operation, group: Properties): CloudResource[] =>
  textsAt(group, "subnetIds").flatMap((id) => subnetOf(operation, id) ?? []);

export const vpcsOf = (subnets: readonly CloudResource[]): string[] => [
  ...new Set(subnets.map(({ inputs }) => textAt(inputs, "vpcId") ?? "")),
];

const subnetsRefusal = (operation: Operation): Refusal | undefined =>
  listAt(operation.inputs, "subnetIds").length === 0
    ? invalid("A cache subnet group needs at least one subnet.")
    : vpcsOf(subnetsOf(operation, operation.inputs)).length > 1
      ? new Refusal("InvalidSubnet", "All subnets of a cache subnet group must be in the same VPC.")
      : undefined;

/** A subnet that a node stands in stays. With as many nodes as subnets there is one in each. */
function inUseRefusal(operation: Operation): Refusal | undefined {
  const { inputs, existing } = operation;
  const before = textsAt(existing?.inputs ?? {}, "subnetIds");
  const gone = before.find((id) => !textsAt(inputs, "subnetIds").includes(id));
  const nodes = holders(operation, SUBNET_GROUP_USERS, existing?.id ?? "").reduce(
    (sum, group) => sum + listAt(group.outputs, "memberClusters").length,
    0,
  );
  return gone !== undefined && nodes >= before.length
    ? new Refusal("SubnetInUse", `The subnet ID '${gone}' is in use.`)
    : undefined;
}

const subnetGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 255, lowercase: true },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("CacheSubnetGroupAlreadyExists", `Cache subnet group ${name} already exists.`),
    },
  ],
  references: [
    {
      ...subnetReference("subnetIds[]"),
      refuse: (id) => new Refusal("InvalidSubnet", `The subnet ID '${id}' does not exist`),
    },
  ],
  check: nameFailures,
  refuseCreate: subnetsRefusal,
  refuseUpdate: (operation) => subnetsRefusal(operation) ?? inUseRefusal(operation),
  refuseDelete(operation) {
    const name = operation.existing?.id ?? "";
    return holders(operation, SUBNET_GROUP_USERS, name).length === 0
      ? undefined
      : new Refusal("CacheSubnetGroupInUse", `Cache subnet group ${name} is currently in use by a cache cluster.`);
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: (operation, id) => ({
    arn: regionalArn(operation.location, "elasticache", `subnetgroup:${id}`),
    vpcId: vpcsOf(subnetsOf(operation, operation.inputs))[0] ?? "",
  }),
};

export const groupResources = {
  [PARAMETER_GROUP]: parameterGroup,
  [SUBNET_GROUP]: subnetGroup,
} satisfies Record<string, ResourceRules>;
