import { type Properties, Unknown, type Value, isProperties, sameValue } from "../../values/value.ts";

/** Top-level properties whose change replaces under a condition. Both sides are inputs; `outputs` are the old ones. */
export type ReplaceWhen = (olds: Properties, news: Properties, outputs: Properties) => string[];

/** The conditions that can be decided from inputs and old outputs. */
export const REPLACE_WHEN: Readonly<Record<string, ReplaceWhen>> = {
  "aws:ec2/natGateway:NatGateway": (olds, news) => [
    ...when("secondaryPrivateIpAddressCount", olds, news, news["connectivityType"] === "private"),
    ...when(
      "availabilityZoneAddresses",
      olds,
      news,
      news["availabilityMode"] === "regional" &&
        isEmpty(olds["availabilityZoneAddresses"]) !== isEmpty(news["availabilityZoneAddresses"]),
    ),
  ],
  "aws:ec2/subnet:Subnet": (olds, news) =>
    when("ipv6CidrBlock", olds, news, olds["assignIpv6AddressOnCreation"] === true),
  "aws:ec2/vpc:Vpc": (olds, news) =>
    when(
      "instanceTenancy",
      olds,
      news,
      !(olds["instanceTenancy"] === "dedicated" && (news["instanceTenancy"] ?? "default") === "default") &&
        (olds["instanceTenancy"] ?? "default") !== (news["instanceTenancy"] ?? "default"),
    ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (olds, news) =>
    when("privateDnsEnabled", olds, news, (news["vpcEndpointType"] ?? "Gateway") !== "Interface"),
  "aws:elasticache/replicationGroup:ReplicationGroup": (olds, news, outputs) => [
    ...when(
      "engine",
      olds,
      news,
      isEmpty(news["globalReplicationGroupId"]) &&
        !((olds["engine"] ?? "redis") === "redis" && news["engine"] === "valkey"),
    ),
    ...when(
      "engineVersion",
      olds,
      news,
      isEmpty(news["globalReplicationGroupId"]) && isLower(news["engineVersion"], olds["engineVersion"]),
    ),
    ...when("transitEncryptionEnabled", olds, news, isLower(outputs["engineVersionActual"], "7.0.5")),
    ...when("nodeGroupConfigurations", olds, news, nodeGroupsReplace(olds, news)),
  ],
  "aws:elasticache/serverlessCache:ServerlessCache": (olds, news) => when("engine", olds, news, true),
  "aws:lambda/function:Function": (olds, news) =>
    when("durableConfig", olds, news, isEmpty(olds["durableConfig"]) !== isEmpty(news["durableConfig"])),
  "aws:lb/loadBalancer:LoadBalancer": (olds, news) => {
    const network = news["loadBalancerType"] === "network";
    return [
      ...when("subnets", olds, news, network && count(news["subnets"]) <= count(olds["subnets"])),
      ...when("subnetMappings", olds, news, mappingsReplace(olds, news, network)),
      ...when(
        "securityGroups",
        olds,
        news,
        network && isEmpty(olds["securityGroups"]) !== isEmpty(news["securityGroups"]),
      ),
    ];
  },
  "aws:ssm/parameter:Parameter": (olds, news) =>
    when("tier", olds, news, olds["tier"] === "Advanced" && news["tier"] === "Standard"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": peerKindChanges,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": peerKindChanges,
  "cloudflare:index/certificatePack:CertificatePack": (olds, news) =>
    when(
      "hosts",
      olds,
      news,
      items(news["hosts"]).some((host) => !items(olds["hosts"]).some((other) => sameValue(other, host))),
    ),
};

const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** Another kind of source or destination needs another rule; a new value of the same kind does not. */
function peerKindChanges(olds: Properties, news: Properties): string[] {
  const kind = (inputs: Properties): string => PEERS.filter((peer) => !isEmpty(inputs[peer])).join();
  return kind(olds) === kind(news) ? [] : PEERS.filter((peer) => !sameValue(olds[peer], news[peer]));
}

function when(property: string, olds: Properties, news: Properties, condition: boolean): string[] {
  return condition && !sameValue(olds[property] ?? null, news[property] ?? null) ? [property] : [];
}

const items = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
const count = (value: Value | undefined): number => items(value).length;

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** By component; what is missing or not a number counts as the highest (`6.x`). */
function isLower(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string") return false;
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const x = numberOr(left[at]);
    const y = numberOr(right[at]);
    if (x !== y) return x < y;
  }
  return false;
}

const numberOr = (value: number | undefined): number =>
  value === undefined || Number.isNaN(value) ? Number.MAX_SAFE_INTEGER : value;

function nodeGroupsReplace(olds: Properties, news: Properties): boolean {
  const [before, after] = [items(olds["nodeGroupConfigurations"]), items(news["nodeGroupConfigurations"])];
  if (before.length !== after.length) return true;
  return before.some((old) => {
    if (!isProperties(old)) return false;
    const now = after.find((item) => isProperties(item) && sameValue(item["nodeGroupId"], old["nodeGroupId"]));
    if (!isProperties(now)) return !after.some((item) => item instanceof Unknown);
    const changed = (property: string): boolean => !sameValue(old[property] ?? null, now[property] ?? null);
    return (
      changed("replicaCount") ||
      changed("slots") ||
      (changed("primaryAvailabilityZone") && !isEmpty(old["primaryAvailabilityZone"])) ||
      (changed("replicaAvailabilityZones") && !isEmpty(old["replicaAvailabilityZones"]))
    );
  });
}

/** A mapping that stays must stay as it is; a network load balancer cannot lose one either. */
function mappingsReplace(olds: Properties, news: Properties, network: boolean): boolean {
  const [before, after] = [items(olds["subnetMappings"]), items(news["subnetMappings"])];
  const altered = before.some((old) => {
    if (!isProperties(old)) return false;
    const now = after.find((item) => isProperties(item) && sameValue(item["subnetId"], old["subnetId"]));
    return now !== undefined && !sameValue(old, now);
  });
  if (network) return after.length <= before.length || altered;
  return altered || after.length === before.length;
}
