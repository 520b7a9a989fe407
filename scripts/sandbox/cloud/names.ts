import { createHash } from "node:crypto";
import { type Properties, Unknown } from "../values/value.ts";
import { factsOf } from "./facts/facts.ts";
import type { TypeSchema } from "./schema/type.ts";
import type { AutoName, CheckFailure, ResourceRules } from "./service.ts";

/** How a type's name is generated. */
export type Naming = AutoName;

// What pulumi-aws sets where the service says nothing shorter.
const DEFAULT_LENGTH = 255;
const RANDOM_LENGTH = 7;

/** Packages whose providers generate an optional `name`. */
const AUTONAMING_PACKAGES = new Set(["aws", "mongodbatlas"]);

/** Types that do it in another way. Lengths are the service's own limits. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  "aws:s3/bucket:Bucket": { property: "bucket", maxLength: 63, lowercase: true },
  "aws:s3/bucketV2:BucketV2": { property: "bucket", maxLength: 63, lowercase: true },
  "aws:kms/alias:Alias": { property: "name", maxLength: 256, prefix: "alias/" },
  "aws:lb/loadBalancer:LoadBalancer": { property: "name", maxLength: 32 },
  "aws:alb/loadBalancer:LoadBalancer": { property: "name", maxLength: 32 },
  "aws:lb/targetGroup:TargetGroup": { property: "name", maxLength: 32 },
  "aws:alb/targetGroup:TargetGroup": { property: "name", maxLength: 32 },
  "aws:elb/loadBalancer:LoadBalancer": { property: "name", maxLength: 32 },
  "aws:lambda/function:Function": { property: "name", maxLength: 64 },
  "aws:iam/role:Role": { property: "name", maxLength: 64 },
  "aws:iam/user:User": { property: "name", maxLength: 64 },
  "aws:iam/group:Group": { property: "name", maxLength: 128 },
  "aws:iam/policy:Policy": { property: "name", maxLength: 128 },
  "aws:iam/instanceProfile:InstanceProfile": { property: "name", maxLength: 128 },
  "aws:cloudwatch/eventRule:EventRule": { property: "name", maxLength: 64 },
  "aws:cloudfront/function:Function": { property: "name", maxLength: 64 },
  "aws:sqs/queue:Queue": { property: "name", maxLength: 80 },
  "aws:sns/topic:Topic": { property: "name", maxLength: 256 },
  "aws:ecr/repository:Repository": { property: "name", maxLength: 255, lowercase: true },
  "aws:rds/instance:Instance": { property: "identifier", maxLength: 63, lowercase: true },
  "aws:rds/cluster:Cluster": { property: "clusterIdentifier", maxLength: 63, lowercase: true },
  "aws:rds/clusterInstance:ClusterInstance": { property: "identifier", maxLength: 63, lowercase: true },
  "aws:rds/parameterGroup:ParameterGroup": { property: "name", maxLength: 255, lowercase: true },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": { property: "name", maxLength: 255, lowercase: true },
  "aws:rds/subnetGroup:SubnetGroup": { property: "name", maxLength: 255, lowercase: true },
  "aws:docdb/cluster:Cluster": { property: "clusterIdentifier", maxLength: 63, lowercase: true },
  "aws:docdb/clusterInstance:ClusterInstance": { property: "identifier", maxLength: 63, lowercase: true },
  "aws:neptune/cluster:Cluster": { property: "clusterIdentifier", maxLength: 63, lowercase: true },
  "aws:elasticache/cluster:Cluster": { property: "clusterId", maxLength: 50, lowercase: true },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    property: "replicationGroupId",
    maxLength: 40,
    lowercase: true,
  },
  "aws:elasticache/parameterGroup:ParameterGroup": { property: "name", maxLength: 255, lowercase: true },
  "aws:elasticache/subnetGroup:SubnetGroup": { property: "name", maxLength: 255, lowercase: true },
};

/** How the type is named, or undefined where the provider generates no name. A service's rule goes first. */
export function namingOf(type: string, schema: TypeSchema, rules: ResourceRules | undefined): Naming | undefined {
  const special = rules?.autoName ?? NAMINGS[type];
  if (special !== undefined) {
    const input = schema.inputs[special.property];
    return input === undefined ? undefined : special;
  }
  const name = schema.inputs["name"];
  if (name === undefined || name.required || !AUTONAMING_PACKAGES.has(type.slice(0, type.indexOf(":"))))
    return undefined;
  const limit = factsOf(type)?.limits?.["name"]?.max ?? DEFAULT_LENGTH;
  return { property: "name", maxLength: Math.min(limit, DEFAULT_LENGTH) };
}

export interface NameRequest {
  readonly naming: Naming;
  /** The logical name. */
  readonly name: string;
  readonly type: string;
  /** Inputs of the last run; empty when the resource is made anew. */
  readonly olds: Properties;
  readonly news: Properties;
  /** Makes the random part; the engine's, or empty where it sends none. */
  readonly seed: Uint8Array;
}

export interface Named {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** Puts a generated name into the inputs where the program gives none. A generated name stays from then on. */
export function withName({ naming, name, type, olds, news, seed }: NameRequest): Named {
  const { property } = naming;
  if (news[property] !== undefined || rivals(type, property).some((rival) => news[rival] !== undefined))
    return { inputs: news, failures: [] };
  const old = olds[property];
  if (old instanceof Unknown || (typeof old === "string" && isGenerated(naming, old)))
    return { inputs: { ...news, [property]: old }, failures: [] };
  const { prefix = "", separator = "-", suffix = fifoSuffix(news) } = naming;
  const logical = naming.lowercase === true ? name.toLowerCase() : name;
  const start = `${prefix}${logical}${separator}`;
  const length = start.length + RANDOM_LENGTH + suffix.length;
  if (length > naming.maxLength)
    return {
      inputs: news,
      failures: [
        {
          property,
          reason: `name '${start}' plus ${RANDOM_LENGTH} random chars is longer than maximum length ${naming.maxLength}: shorten the resource's name or set ${property}`,
        },
      ],
    };
  return { inputs: { ...news, [property]: `${start}${randomHex(seed, start)}${suffix}` }, failures: [] };
}

/** Whether the name ends as generated names do; a rename of the resource must not change it. */
export function isGenerated({ separator = "-", suffix }: Naming, name: string): boolean {
  const ending = [suffix, ".fifo"].find((end) => end !== undefined && end !== "" && name.endsWith(end)) ?? "";
  const tail = name.slice(0, name.length - ending.length).slice(-RANDOM_LENGTH - separator.length);
  return (
    tail.startsWith(separator) &&
    /^[0-9a-f]+$/.test(tail.slice(separator.length)) &&
    tail.length === RANDOM_LENGTH + separator.length
  );
}

/** A name that the program fixed and does not change is taken until the old resource is gone. */
export function needsDeleteFirst(naming: Naming | undefined, olds: Properties, news: Properties): boolean {
  if (naming === undefined) return false;
  const name = news[naming.property];
  return typeof name === "string" && name === olds[naming.property] && !isGenerated(naming, name);
}

/** Properties that cannot stand beside the name: `namePrefix`. */
function rivals(type: string, property: string): string[] {
  const groups = [...(factsOf(type)?.conflicts ?? []), ...(factsOf(type)?.exactlyOneOf ?? [])];
  return [
    `${property}Prefix`,
    ...groups.flatMap((group) => (group.includes(property) ? group.filter((other) => other !== property) : [])),
  ];
}

// Queues and topics of this kind must end so.
const fifoSuffix = (inputs: Properties): string =>
  inputs["fifoQueue"] === true || inputs["fifoTopic"] === true ? ".fifo" : "";

function randomHex(seed: Uint8Array, label: string): string {
  return createHash("sha256").update(seed).update(label).digest("hex").slice(0, RANDOM_LENGTH);
}
