import { isPrivate } from "../../infra/settings/cidr.ts";
import { flagAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../sandbox/cloud/fields.ts";
import { nameOf } from "../sandbox/protocol/urn.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { type Properties, revealedProperties } from "../sandbox/values/value.ts";

/** A resource of a stack's state, as far as reachability is concerned. */
export type Resource = Pick<ResourceState, "urn" | "type" | "id" | "inputs" | "outputs">;

/** Where a connection comes from, or goes to. */
export type Peer =
  | { readonly kind: "group"; readonly id: string }
  /** `text` says what it is; `outside`: holds addresses that the internet routes; `anyone`: all of them. */
  | { readonly kind: "addresses"; readonly text: string; readonly outside: boolean; readonly anyone: boolean };

/** One rule of a security group with one peer. */
export interface Permission {
  readonly direction: "ingress" | "egress";
  /** Id of the security group. */
  readonly group: string;
  /** `tcp`, `udp`, ..., or "-1" for all. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: Peer;
  readonly description: string;
}

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const LAST_PORT = 65_535;

/** The inputs of a resource, without secret marks. */
export const inputsOf = ({ inputs }: Resource): Properties => revealedProperties(inputs);

const isWhole = (cidr: string): boolean => cidr.endsWith("/0");
/** Unique local and link-local addresses of IPv6 stay inside. */
const isInside = (cidr: string): boolean => (cidr.includes(":") ? /^f([cd]|e80)/i.test(cidr) : isPrivate(cidr));

const range = (cidr: string): Peer => ({
  kind: "addresses",
  text: isWhole(cidr) ? "the internet" : cidr,
  outside: !isInside(cidr),
  anyone: isWhole(cidr),
});

function prefixList(id: string, resources: readonly Resource[]): Peer {
  const own = resources.find((one) => one.type === PREFIX_LIST && one.id === id);
  // AWS's own lists hold the public addresses of a service.
  if (own === undefined) return { kind: "addresses", text: `prefix list ${id}`, outside: true, anyone: false };
  const cidrs = mapsAt(inputsOf(own), "entries").map((entry) => textAt(entry, "cidr") ?? "0.0.0.0/0");
  return {
    kind: "addresses",
    text: `${nameOf(own.urn)} (${cidrs.length} ranges)`,
    outside: cidrs.some((cidr) => !isInside(cidr)),
    anyone: cidrs.some(isWhole),
  };
}

// A group of another account is written with its account.
const group = (id: string): Peer => ({ kind: "group", id: id.replace(/^\d{12}\//, "") });

/** Every peer that a rule names, in whichever of the three ways of writing rules. */
function peersOf(rule: Properties, self: string, resources: readonly Resource[]): Peer[] {
  const given = (...properties: readonly string[]): string[] =>
    properties.flatMap((property) => textAt(rule, property) ?? textsAt(rule, property));
  return [
    ...given("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks").map(range),
    ...given("prefixListId", "prefixListIds").map((id) => prefixList(id, resources)),
    ...given("referencedSecurityGroupId", "sourceSecurityGroupId", "securityGroups").map(group),
    ...(flagAt(rule, "self") === true ? [group(self)] : []),
  ];
}

function permissions(
  rule: Properties,
  direction: "ingress" | "egress",
  groupId: string,
  resources: readonly Resource[],
): Permission[] {
  const protocol = textAt(rule, "ipProtocol") ?? textAt(rule, "protocol") ?? "-1";
  const every = protocol === "-1" || protocol === "all";
  return peersOf(rule, groupId, resources).map((peer) => ({
    direction,
    group: groupId,
    protocol: every ? "-1" : protocol,
    from: every ? 0 : (numberAt(rule, "fromPort") ?? 0),
    to: every ? LAST_PORT : (numberAt(rule, "toPort") ?? LAST_PORT),
    peer,
    description: textAt(rule, "description") ?? "",
  }));
}

/** All rules of a stack: inline, `SecurityGroupRule`, and one resource per direction. */
export function permissionsOf(resources: readonly Resource[]): Permission[] {
  return resources.flatMap((resource): Permission[] => {
    const inputs = inputsOf(resource);
    const owner = textAt(inputs, "securityGroupId") ?? "";
    switch (resource.type) {
      case GROUP:
      case DEFAULT_GROUP:
        return (["ingress", "egress"] as const).flatMap((direction) =>
          mapsAt(inputs, direction).flatMap((rule) => permissions(rule, direction, resource.id, resources)),
        );
      case "aws:ec2/securityGroupRule:SecurityGroupRule":
        return permissions(inputs, textAt(inputs, "type") === "egress" ? "egress" : "ingress", owner, resources);
      case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
        return permissions(inputs, "ingress", owner, resources);
      case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
        return permissions(inputs, "egress", owner, resources);
      default:
        return [];
    }
  });
}

/** What a group is attached to. */
export type Role = "load balancer" | "service" | "cache" | "database" | "endpoints" | "function" | "instance";

export interface Attachment {
  readonly group: string;
  readonly role: Role;
  readonly urn: string;
}

interface Holder {
  readonly role: (inputs: Properties) => Role;
  readonly groups: (inputs: Properties) => readonly string[];
}

/** Endpoint services of others (`com.amazonaws.vpce.us-east-1.vpce-svc-...`) are how Atlas is reached. */
const endpointRole = (inputs: Properties): Role =>
  textAt(inputs, "serviceName")?.includes("vpce-svc-") === true ? "database" : "endpoints";

const listed =
  (property: string, at?: string) =>
  (inputs: Properties): string[] =>
    textsAt(at === undefined ? inputs : mapAt(inputs, at), property);

const holders: Readonly<Record<string, Holder>> = {
  "aws:lb/loadBalancer:LoadBalancer": { role: () => "load balancer", groups: listed("securityGroups") },
  "aws:ecs/service:Service": { role: () => "service", groups: listed("securityGroups", "networkConfiguration") },
  "aws:elasticache/replicationGroup:ReplicationGroup": { role: () => "cache", groups: listed("securityGroupIds") },
  "aws:elasticache/serverlessCache:ServerlessCache": { role: () => "cache", groups: listed("securityGroupIds") },
  "aws:rds/instance:Instance": { role: () => "database", groups: listed("vpcSecurityGroupIds") },
  "aws:rds/cluster:Cluster": { role: () => "database", groups: listed("vpcSecurityGroupIds") },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { role: endpointRole, groups: listed("securityGroupIds") },
  "aws:lambda/function:Function": { role: () => "function", groups: listed("securityGroupIds", "vpcConfig") },
  "aws:ec2/instance:Instance": { role: () => "instance", groups: listed("vpcSecurityGroupIds") },
};

export function attachmentsOf(resources: readonly Resource[]): Attachment[] {
  return resources.flatMap((resource) => {
    const holder = holders[resource.type];
    if (holder === undefined) return [];
    const inputs = inputsOf(resource);
    return holder.groups(inputs).map((id) => ({ group: id, role: holder.role(inputs), urn: resource.urn }));
  });
}

/** The logical name of a group; the id where it is another stack's. */
export const groupName = (id: string, resources: readonly Resource[]): string => {
  const found = resources.find((one) => one.id === id && (one.type === GROUP || one.type === DEFAULT_GROUP));
  return found === undefined ? id : nameOf(found.urn);
};
