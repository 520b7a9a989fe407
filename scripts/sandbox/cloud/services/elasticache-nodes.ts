import type { Properties } from "../../values/value.ts";
import { flagAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { engineOf } from "./elasticache-rules.ts";
import { valueOf } from "./lookup.ts";

const combination = (message: string): Refusal => new Refusal("InvalidParameterCombination", message);
const invalid = (message: string): Refusal => new Refusal("InvalidParameterValue", message);

/** Source: "Supported node types" in ElastiCache's user guide. */
const NODE_TYPES: readonly RegExp[] = [
  /^cache\.t[234]g?\.(micro|small|medium)$/,
  /^cache\.m[45]\.(large|(1|2|4|10|12|24)?xlarge)$/,
  /^cache\.r[45]\.(large|(1|2|4|8|12|16|24)?xlarge)$/,
  /^cache\.[mr][678]g\.(large|(2|4|8|12|16)?xlarge)$/,
  /^cache\.r6gd\.(2|4|8|12|16)?xlarge$/,
  /^cache\.c7gn\.(large|(2|4|8|12|16)?xlarge)$/,
  /^cache\.(m1|m2|m3|c1|r3|t1)\.(micro|small|medium|large|(2|4|8)?xlarge)$/,
];

/** A primary and its replicas. */
const MAX_NODES = 6;
const MAX_REPLICAS = 5;

/** Whether the group has shards: several, or one that may become several. */
const isClustered = (inputs: Properties): boolean =>
  (numberAt(inputs, "numNodeGroups") ?? 1) > 1 || textAt(inputs, "clusterMode") === "enabled";

export function nodesRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const type = textAt(inputs, "nodeType");
  if (type !== undefined && !NODE_TYPES.some((pattern) => pattern.test(type)))
    return invalid(`Invalid cache node type: ${type}.`);
  const [nodes, replicas] = [numberAt(inputs, "numCacheClusters"), numberAt(inputs, "replicasPerNodeGroup")];
  if (nodes !== undefined && (nodes < 1 || nodes > MAX_NODES))
    return invalid(`The number of cache clusters must be between 1 and ${MAX_NODES}, and is ${nodes}.`);
  if (replicas !== undefined && replicas > MAX_REPLICAS)
    return invalid(`Replicas per node group must be between 0 and ${MAX_REPLICAS}, and are ${replicas}.`);
  if (isClustered(inputs) && flagAt(inputs, "automaticFailoverEnabled") !== true)
    return invalid(`${engineOf(inputs)} with cluster mode enabled cannot be created with auto failover turned off.`);
  const tiered = type?.startsWith("cache.r6gd.") === true;
  if ((flagAt(inputs, "dataTieringEnabled") ?? tiered) !== tiered)
    return combination(`Data tiering is for node types of family r6gd, which always have it; this is ${type ?? ""}.`);
  // Only a new group looks at them.
  const zones = textsAt(inputs, "preferredCacheClusterAzs");
  return existing === undefined && zones.length > 0 && zones.length !== nodes
    ? invalid(
        "When specifying preferred availability zones, the number of cache clusters must be specified and must match the number of preferred availability zones.",
      )
    : undefined;
}

/** Where the nodes may stand: in zones of the subnet group, and in two of them where one may fail. */
export function zonesRefusal(
  { inputs }: Operation,
  subnetGroup: CloudResource,
  subnets: readonly CloudResource[],
): Refusal | undefined {
  const offered = new Set(subnets.map((subnet) => valueOf(subnet, "availabilityZone") ?? ""));
  const preferred = textsAt(inputs, "preferredCacheClusterAzs");
  const missing = preferred.find((zone) => !offered.has(zone));
  if (missing !== undefined)
    return invalid(`Availability zone ${missing} is in no subnet of subnet group ${subnetGroup.id}.`);
  const used = preferred.length > 0 ? new Set(preferred) : offered;
  return flagAt(inputs, "multiAzEnabled") === true && used.size < 2
    ? combination(`Multi-AZ needs nodes in two zones or more; subnet group ${subnetGroup.id} gives them one.`)
    : undefined;
}

/** On a running group encryption in transit comes and goes in two steps, so that clients can follow. */
export function encryptionStepRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const before = existing?.inputs ?? {};
  const isOn = (side: Properties): boolean => flagAt(side, "transitEncryptionEnabled") === true;
  const mode = (side: Properties): string => textAt(side, "transitEncryptionMode") ?? "required";
  if (!isOn(before) && isOn(inputs) && mode(inputs) !== "preferred")
    return combination(
      "To enable encryption in transit on a running replication group, set transitEncryptionMode preferred first, and required in a later update.",
    );
  return isOn(before) && !isOn(inputs) && mode(before) !== "preferred"
    ? combination(
        "To disable encryption in transit on a running replication group, set transitEncryptionMode preferred first.",
      )
    : undefined;
}
