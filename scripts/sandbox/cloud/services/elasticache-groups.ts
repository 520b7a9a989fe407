import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { mapsAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { subnetOf, subnetReference } from "./ec2-subnets.ts";
import { familyNames } from "./elasticache-rules.ts";
import { type Holder, holders } from "./lookup.ts";

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

function parameterRefusal({ inputs }: Operation): Refusal | undefined {
  const family = textAt(inputs, "family");
  if (family !== undefined && !familyNames.includes(family))
    return invalid(`CacheParameterGroupFamily ${family} is not a valid parameter group family.`);
  for (const parameter of mapsAt(inputs, "parameters")) {
    const [name = "", value = ""] = [textAt(parameter, "name"), textAt(parameter, "value")];
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

const oneVpc = (operation: Operation): Refusal | undefined =>
  vpcsOf(subnetsOf(operation, operation.inputs)).length > 1
    ? new Refusal("InvalidSubnet", "All subnets of a cache subnet group must be in the same VPC.")
    : undefined;

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
  refuseCreate: oneVpc,
  refuseUpdate: oneVpc,
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
