import { crc32 } from "node:zlib";
import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { cidrProblem, parseCidr } from "../cidr.ts";
import { flagAt, listAt, mapsAt, numberAt, textAt, textsAt, textsUnder } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import {
  descriptionFailures,
  hasPorts,
  inlineFailures,
  listFailures,
  protocolOf,
  ruleFailures,
} from "./ec2-rule-failures.ts";
import { ec2Id, idsOf, vpcOf, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, type Holder, holders, prefixedName, reference, valueOf } from "./lookup.ts";
import { awsPrefixLists } from "./prefix-lists.ts";

export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

export const groupReference = (property: string) =>
  reference(
    property,
    [SECURITY_GROUP],
    "id",
    "InvalidGroup.NotFound",
    (id) => `The security group '${id}' does not exist`,
  );

/** What uses a group, so that it cannot be deleted. */
const GROUP_USERS: readonly Holder[] = [
  { type: "aws:ec2/networkInterface:NetworkInterface", path: "securityGroups[]" },
  { type: "aws:ec2/instance:Instance", path: "vpcSecurityGroupIds[]" },
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "securityGroupIds[]" },
  { type: "aws:ec2/securityGroupAssociation:SecurityGroupAssociation", path: "securityGroupId" },
  { type: "aws:lb/loadBalancer:LoadBalancer", path: "securityGroups[]" },
  { type: "aws:ecs/service:Service", path: "networkConfiguration.securityGroups[]" },
  { type: "aws:lambda/function:Function", path: "vpcConfig.securityGroupIds[]" },
  { type: "aws:elasticache/replicationGroup:ReplicationGroup", path: "securityGroupIds[]" },
  { type: "aws:elasticache/serverlessCache:ServerlessCache", path: "securityGroupIds[]" },
  { type: "aws:rds/instance:Instance", path: "vpcSecurityGroupIds[]" },
];

/** Rules of other groups that name a group: they too keep it from being deleted. */
const GROUP_REFERENCES: readonly (Holder & { readonly of: string })[] = [
  { type: SECURITY_GROUP, path: "ingress[].securityGroups[]", of: "id" },
  { type: SECURITY_GROUP, path: "egress[].securityGroups[]", of: "id" },
  { type: RULE, path: "sourceSecurityGroupId", of: "securityGroupId" },
  { type: INGRESS_RULE, path: "referencedSecurityGroupId", of: "securityGroupId" },
  { type: EGRESS_RULE, path: "referencedSecurityGroupId", of: "securityGroupId" },
];

type Direction = "ingress" | "egress";

/** One permission of a group: what EC2 counts, and what may not be there twice. */
interface Permission {
  readonly direction: Direction;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: string;
}

const keyOf = ({ direction, protocol, from, to, peer }: Permission): string =>
  protocol === "-1" ? `${direction} -1 ${peer}` : `${direction} ${protocol} ${from}-${to} ${peer}`;

function permission(direction: Direction, rule: Properties, protocol: string, peer: string): Permission {
  return {
    direction,
    protocol: protocolOf(protocol),
    from: numberAt(rule, "fromPort") ?? -1,
    to: numberAt(rule, "toPort") ?? -1,
    peer,
  };
}

/** The permissions of an inline rule or a SecurityGroupRule: one per peer. */
function peersOf(rule: Properties, self: string): string[] {
  return [
    ...textsAt(rule, "cidrBlocks"),
    ...textsAt(rule, "ipv6CidrBlocks"),
    ...textsAt(rule, "prefixListIds"),
    ...textsAt(rule, "securityGroups"),
    ...[textAt(rule, "sourceSecurityGroupId")].filter((id) => id !== undefined),
    ...(flagAt(rule, "self") === true ? [self] : []),
  ];
}

const inline = (inputs: Properties, direction: Direction, groupId: string): Permission[] =>
  mapsAt(inputs, direction).flatMap((rule) =>
    peersOf(rule, groupId).map((peer) => permission(direction, rule, textAt(rule, "protocol") ?? "", peer)),
  );

function permissionsOf(type: string, inputs: Properties, id: string): Permission[] {
  switch (type) {
    case SECURITY_GROUP:
    case DEFAULT_GROUP:
      return [...inline(inputs, "ingress", id), ...inline(inputs, "egress", id)];
    case RULE: {
      const direction = textAt(inputs, "type") === "egress" ? "egress" : "ingress";
      return peersOf(inputs, textAt(inputs, "securityGroupId") ?? "").map((peer) =>
        permission(direction, inputs, textAt(inputs, "protocol") ?? "", peer),
      );
    }
    default: {
      const direction = type === EGRESS_RULE ? "egress" : "ingress";
      const peer = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"]
        .map((property) => textAt(inputs, property))
        .find((value) => value !== undefined);
      return [permission(direction, inputs, textAt(inputs, "ipProtocol") ?? "", (peer ?? "").replace(/^\d{12}\//, ""))];
    }
  }
}

/** Every permission that the group has already, by inline and by separate rules. */
function permissionsOfGroup(operation: Operation, groupId: string): Permission[] {
  return here(operation, SECURITY_GROUP, RULE, INGRESS_RULE, EGRESS_RULE).flatMap((resource) => {
    const of = resource.type === SECURITY_GROUP ? resource.id : textAt(resource.inputs, "securityGroupId");
    return of === groupId ? permissionsOf(resource.type, resource.inputs, resource.id) : [];
  });
}

const port = (number: number): string => (number < 0 ? "ALL" : String(number));

/** The default quota: rules per group and direction, IPv4 and IPv6 each. A prefix list counts as its length. */
const RULES_PER_GROUP = 60;

function weightOf(operation: Operation, peer: string): { ipv4: number; ipv6: number } {
  if (!peer.startsWith("pl-")) {
    const family = peer.includes(":") ? "ipv6" : "ipv4";
    return peer.startsWith("sg-") ? { ipv4: 1, ipv6: 1 } : { ipv4: 0, ipv6: 0, [family]: 1 };
  }
  const { partition, region } = operation.location;
  const known = awsPrefixLists(partition, region).find(({ id }) => id === peer);
  const own = findBy(here(operation, PREFIX_LIST), peer, "id");
  const weight = known?.weight ?? numberAt(own?.inputs ?? {}, "maxEntries") ?? 1;
  const ipv6 = known?.family === "IPv6" || textAt(own?.inputs ?? {}, "addressFamily") === "IPv6";
  return ipv6 ? { ipv4: 0, ipv6: weight } : { ipv4: weight, ipv6: 0 };
}

function quotaRefusal(operation: Operation, permissions: readonly Permission[]): Refusal | undefined {
  for (const direction of ["ingress", "egress"] as const) {
    const weights = permissions
      .filter((one) => one.direction === direction)
      .map(({ peer }) => weightOf(operation, peer));
    for (const family of ["ipv4", "ipv6"] as const) {
      const count = weights.reduce((sum, weight) => sum + weight[family], 0);
      if (count > RULES_PER_GROUP)
        return new Refusal(
          "RulesPerSecurityGroupLimitExceeded",
          `The maximum number of rules per security group has been reached: ${count} ${direction} rules for ${family}, ` +
            `at most ${RULES_PER_GROUP} (a prefix list counts as its number of entries).`,
        );
    }
  }
  return undefined;
}

function peerRefusal(operation: Operation, peers: readonly string[]): Refusal | undefined {
  const { partition, region, account } = operation.location;
  for (const peer of peers) {
    if (peer.startsWith("pl-")) {
      const known =
        awsPrefixLists(partition, region).some(({ id }) => id === peer) ||
        findBy(here(operation, PREFIX_LIST), peer, "id") !== undefined;
      if (!known) return new Refusal("InvalidPrefixListID.NotFound", `The prefix list ID '${peer}' does not exist`);
    }
    if (!/^(pl-|(\d{12}\/)?sg-)/.test(peer) && peer !== "" && parseCidr(peer) === undefined)
      return new Refusal("InvalidGroupId.Malformed", `Invalid id: "${peer}" (expecting "sg-...")`);
    const [, owner, id] = /^(?:(\d{12})\/)?(sg-[0-9a-f]+)$/.exec(peer) ?? [];
    // A group of another account is only reachable by peering; what is not in the sandbox is not known to be missing.
    if (id === undefined || (owner !== undefined && owner !== account)) continue;
    if (findBy(allHere(operation, SECURITY_GROUP), id, "id") === undefined)
      return new Refusal("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  }
  return undefined;
}

/** Like `here`, with the resource itself. */
const allHere = ({ world, location }: Operation, type: string): CloudResource[] =>
  world
    .all(type)
    .filter(
      (resource) => resource.location.account === location.account && resource.location.region === location.region,
    );

function ruleRefusal(operation: Operation): Refusal | undefined {
  const groupId = textAt(operation.inputs, "securityGroupId") ?? "";
  const mine = permissionsOf(operation.type, operation.inputs, "");
  const raw = [...mine.map(({ peer }) => peer), textAt(operation.inputs, "referencedSecurityGroupId") ?? ""];
  const refusal = peerRefusal(operation, raw);
  if (refusal !== undefined) return refusal;
  const theirs = permissionsOfGroup(operation, groupId);
  const keys = new Set(theirs.map(keyOf));
  const twice = mine.find((one) => keys.has(keyOf(one)));
  if (twice !== undefined)
    return new Refusal(
      "InvalidPermission.Duplicate",
      `the specified rule "peer: ${twice.peer}, ${twice.protocol === "-1" ? "ALL" : twice.protocol.toUpperCase()}, ` +
        `from port: ${port(twice.from)}, to port: ${port(twice.to)}, ALLOW" already exists`,
    );
  return quotaRefusal(operation, [...theirs, ...mine]);
}

function nameRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const [name, vpcId] = [textAt(inputs, "name"), textAt(inputs, "vpcId")];
  if (vpcId === undefined) return new Refusal("VPCIdNotSpecified", "No default VPC for this user");
  if (inputs["description"] === "")
    return new Refusal("MissingParameter", "The request must contain the parameter GroupDescription");
  if (name === undefined) return undefined;
  if (name.toLowerCase() === "default")
    return new Refusal("InvalidParameterValue", "Cannot use reserved security group name: default");
  const other = here(operation, SECURITY_GROUP).find(
    (group) => valueOf(group, "name") === name && textAt(group.inputs, "vpcId") === vpcId,
  );
  return other === undefined
    ? undefined
    : new Refusal("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
}

function inlineRefusal(operation: Operation): Refusal | undefined {
  const permissions = permissionsOf(operation.type, operation.inputs, "");
  return (
    peerRefusal(
      operation,
      permissions.map(({ peer }) => peer),
    ) ?? quotaRefusal(operation, permissions)
  );
}

const securityGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  references: [vpcReference()],
  check: (inputs) => [
    ...inlineFailures(inputs),
    ...descriptionFailures(inputs),
    ...["name", "namePrefix"].flatMap((property) =>
      /^sg-/i.test(textAt(inputs, property) ?? "") ? [{ property, reason: `cannot begin with 'sg-'` }] : [],
    ),
  ],
  refuseCreate: (operation) => nameRefusal(operation) ?? inlineRefusal(operation),
  refuseUpdate: inlineRefusal,
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    // revokeRulesOnDelete takes the rules of other groups away first.
    const referencing =
      flagAt(operation.inputs, "revokeRulesOnDelete") === true
        ? []
        : GROUP_REFERENCES.flatMap(({ type, path, of }) =>
            here(operation, type).filter(
              (rule) =>
                valueOf(rule, of) !== id &&
                textsUnder(rule.inputs, path).some(({ text }) => text.replace(/^\d{12}\//, "") === id),
            ),
          );
    const users = [...holders(operation, GROUP_USERS, id), ...referencing];
    return users.length === 0
      ? undefined
      : new Refusal("DependencyViolation", `resource ${id} has a dependent object: ${idsOf(users)}`);
  },
  id: ec2Id("sg"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const prefix = textAt(inputs, "namePrefix");
    return {
      arn: regionalArn(location, "ec2", `security-group/${id}`),
      ownerId: location.account,
      name: textAt(inputs, "name") ?? prefixedName(operation, prefix ?? ""),
      namePrefix: prefix ?? "",
      ingress: listAt(inputs, "ingress"),
      egress: listAt(inputs, "egress"),
    };
  },
};

/** Adopted, not made: the VPC's own group, with the rules given and no others. */
const defaultSecurityGroup: ResourceRules = {
  references: [vpcReference()],
  check: inlineFailures,
  refuseCreate: (operation) =>
    textAt(operation.inputs, "vpcId") === undefined
      ? new Refusal("VPCIdNotSpecified", "No default VPC for this user")
      : inlineRefusal(operation),
  refuseUpdate: inlineRefusal,
  id: (operation) =>
    textAt(vpcOf(operation, textAt(operation.inputs, "vpcId"))?.outputs ?? {}, "defaultSecurityGroupId") ??
    ec2Id("sg")(operation),
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "ec2", `security-group/${id}`),
    ownerId: location.account,
    name: "default",
    namePrefix: "",
    description: "default VPC security group",
    ingress: listAt(inputs, "ingress"),
    egress: listAt(inputs, "egress"),
  }),
};

const rule: ResourceRules = {
  references: [groupReference("securityGroupId")],
  check: (inputs) => [
    ...ruleFailures(inputs, "protocol", ""),
    ...listFailures(inputs, ""),
    ...(["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "self", "sourceSecurityGroupId"].some(
      (property) => inputs[property] !== undefined && inputs[property] !== false,
    )
      ? []
      : [
          {
            property: "cidrBlocks",
            reason: "one of cidrBlocks, ipv6CidrBlocks, prefixListIds, self, sourceSecurityGroupId must be given",
          },
        ]),
  ],
  refuseCreate: ruleRefusal,
  id: (operation) => `sgrule-${crc32(JSON.stringify(permissionsOf(RULE, operation.inputs, "")))}`,
  // The service's own rule id is only kept where one rule is one permission.
  computed: (operation) => ({
    securityGroupRuleId: permissionsOf(RULE, operation.inputs, "").length === 1 ? ec2Id("sgr", "rule")(operation) : "",
  }),
};

const PEER_KINDS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

const directedRule: ResourceRules = {
  references: [groupReference("securityGroupId")],
  check(inputs) {
    const failures = [...ruleFailures(inputs, "ipProtocol", ""), ...descriptionFailures(inputs)];
    for (const [property, family] of [
      ["cidrIpv4", 4],
      ["cidrIpv6", 6],
    ] as const) {
      const text = textAt(inputs, property);
      const reason = text === undefined ? undefined : cidrProblem(text, family);
      if (reason !== undefined) failures.push({ property, reason });
    }
    const protocol = protocolOf(textAt(inputs, "ipProtocol") ?? "-1");
    if (
      (hasPorts(protocol) || protocol === "icmp") &&
      (inputs["fromPort"] === undefined || inputs["toPort"] === undefined)
    )
      failures.push({
        property: "fromPort",
        reason: `InvalidParameterValue: Must specify both from and to ports with ${protocol.toUpperCase()}`,
      });
    return failures;
  },
  refuseCreate: ruleRefusal,
  refuseUpdate: ruleRefusal,
  replaces(olds, news) {
    const kind = (inputs: Properties): string | undefined => PEER_KINDS.find((name) => inputs[name] !== undefined);
    const [before, now] = [kind(olds), kind(news)];
    return before === now ? [] : [before, now].filter((name) => name !== undefined);
  },
  equivalent: (property, old, now) =>
    property === "ipProtocol" &&
    typeof old === "string" &&
    typeof now === "string" &&
    protocolOf(old) === protocolOf(now),
  id: ec2Id("sgr"),
  computed: ({ location }, id) => ({
    arn: regionalArn(location, "ec2", `security-group-rule/${id}`),
    securityGroupRuleId: id,
  }),
};

export const securityGroupResources = {
  [SECURITY_GROUP]: securityGroup,
  [DEFAULT_GROUP]: defaultSecurityGroup,
  [RULE]: rule,
  [INGRESS_RULE]: directedRule,
  [EGRESS_RULE]: directedRule,
} satisfies Record<string, ResourceRules>;
