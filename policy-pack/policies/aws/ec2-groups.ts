import { cameFrom, joinTo, unnamed, type Join } from "../../support/join.ts";
import {
  DEFAULT_GROUP,
  GROUP,
  HOLDERS,
  RULES,
  isAllPorts,
  rulesOf,
  worldRules,
  worldRulesByPrefixList,
  type Concern,
  type Direction,
} from "../../support/network/security-group.ts";
import { NAT_GATEWAY, VPC } from "../../support/network/subnets.ts";
import { elements } from "../../support/property.ts";
import type { Finding, Resource, Rule, StackResource, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { LOAD_BALANCERS } from "../../support/tokens.ts";
import { Unknown, isList, type Plain } from "../../support/unknown.ts";

const EIP = "aws:ec2/eip:Eip";
const EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

const EGRESS_FIX = "name the protocol and the port that the service needs, or the group that it talks to";
const concernsAllPorts: Concern = ({ ports }) => (isAllPorts(ports) ? "every port" : undefined);

// What the tools write where the program says nothing.
const EMPTY_DESCRIPTIONS: ReadonlySet<Plain> = new Set([
  "",
  undefined,
  null,
  "Managed by Pulumi",
  "Managed by Terraform",
]);

/** A group's own description; the default group's is AWS's. */
function undescribedGroup({ props: { description } }: Resource): readonly Finding[] {
  if (description instanceof Unknown) return [{ property: "description", unknown: description }];
  if (!EMPTY_DESCRIPTIONS.has(description)) return [];
  return [{ property: "description", wrong: "nothing says what the group is for", fix: "set description to its role" }];
}

/** Rules without a description, inline or on their own. */
function undescribedRules(resource: Resource): readonly Finding[] {
  return rulesOf(resource).flatMap((rule): readonly Finding[] => {
    if ("unknown" in rule) return rule.property === "type" ? [] : [rule];
    const { property, value } = rule.description;
    if (value instanceof Unknown) return [{ property, unknown: value }];
    if (!EMPTY_DESCRIPTIONS.has(value)) return [];
    return [
      { property, wrong: "nothing says who needs the rule", fix: "set description to who talks to whom, and why" },
    ];
  });
}

/** Groups whose rules of one direction stand inline and in resources of their own: each undoes the other. */
function mixedGroups(stack: Stack): readonly Finding[] {
  const groups = stack.ofType([GROUP]);
  const byId = new Map(groups.map((group) => [group.props["id"], group]));
  const split = Map.groupBy(
    stack.ofType(RULES).flatMap((rule) => {
      const group = groupOf(stack, rule, byId);
      const [read] = rulesOf(rule);
      return group === undefined || read === undefined || "unknown" in read ? [] : [`${read.direction} ${group.urn}`];
    }),
    (key) => key,
  );
  return groups.flatMap((group) =>
    (["ingress", "egress"] as const)
      .filter((direction) => split.has(`${direction} ${group.urn}`))
      .flatMap((direction) => inlineFinding(group, direction)),
  );
}

function groupOf(
  stack: Stack,
  rule: StackResource,
  byId: ReadonlyMap<Plain, StackResource>,
): StackResource | undefined {
  const id = rule.props["securityGroupId"];
  const known = typeof id === "string" ? byId.get(id) : undefined;
  if (known !== undefined) return known;
  const sources = [...(rule.references.get("securityGroupId") ?? [])].map((urn) => stack.byUrn(urn));
  return sources.find((source) => source?.type === GROUP);
}

// Outputs list the rules of rule resources too: only what the program itself sets has an entry among the references.
function inlineFinding(group: StackResource, direction: Direction): readonly Finding[] {
  const value = group.props[direction];
  const told = group.references.size > 0;
  if (told ? !group.references.has(direction) : isList(value) ? value.length === 0 : value === undefined) return [];
  if (!told && value instanceof Unknown) return [{ property: direction, unknown: value, urn: group.urn }];
  return [
    {
      urn: group.urn,
      property: direction,
      wrong: `it holds rules of "${group.name}" that are also resources of their own`,
      fix: `remove ${direction} from the group, and write every rule as a resource of aws.vpc`,
    },
  ];
}

/** Rules of the group that AWS gives to whatever names no other. */
function openDefaultGroup({ props }: Resource): readonly Finding[] {
  return (["ingress", "egress"] as const).flatMap((direction): readonly Finding[] => {
    const value = props[direction];
    if (value instanceof Unknown) return [{ property: direction, unknown: value }];
    if (elements({ property: direction, value }).length === 0) return [];
    return [{ property: direction, wrong: "the default group has rules", fix: `set ${direction}: []` }];
  });
}

/** Networks whose default group nobody has emptied, and rule resources that open one again. */
function openDefaultGroups(stack: Stack): readonly Finding[] {
  const closed = stack.ofType([DEFAULT_GROUP]);
  const networks = stack.ofType([VPC]);
  const toClosed = joinTo(closed);
  return [
    ...unnamed(networks, closed, "vpcId").map((vpc): Violation => ({
      urn: vpc.urn,
      property: "defaultSecurityGroupId",
      wrong: "its default group still lets its members reach each other and the internet",
      fix: "add an aws.ec2.DefaultSecurityGroup for this vpcId with ingress: [] and egress: []",
    })),
    ...stack
      .ofType(RULES)
      .filter((rule) => isOfDefaultGroup(rule, toClosed, networks))
      .map((rule): Violation => ({
        urn: rule.urn,
        property: "securityGroupId",
        wrong: "it adds a rule to a default group",
        fix: "give the rule to a group of its own",
      })),
  ];
}

function isOfDefaultGroup(rule: StackResource, toClosed: Join, networks: readonly StackResource[]): boolean {
  const id = rule.props["securityGroupId"];
  if (toClosed(rule, "securityGroupId").length > 0) return true;
  if (typeof id === "string") return networks.some(({ props }) => props["defaultSecurityGroupId"] === id);
  // The id of a group of one's own may come from the network too, by way of a component's output.
  const ownGroup = [...(rule.references.get("securityGroupId") ?? [])].some((urn) => urn.includes(`${GROUP}::`));
  return !ownGroup && networks.some((vpc) => cameFrom(rule, "securityGroupId", vpc));
}

/** What takes an elastic address, and by which property. */
const ATTACHMENTS: readonly (readonly [types: readonly string[], path: string])[] = [
  [[EIP_ASSOCIATION, NAT_GATEWAY, "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation"], "allocationId"],
  [[EIP_ASSOCIATION], "publicIp"],
  [[NAT_GATEWAY], "secondaryAllocationIds"],
  [[NAT_GATEWAY], "availabilityZoneAddresses[].allocationIds"],
  [LOAD_BALANCERS, "subnetMappings[].allocationId"],
  [["aws:transfer/server:Server"], "endpointDetails.addressAllocationIds"],
];

/** Addresses that are paid for and lead nowhere. */
function idleAddresses(stack: Stack): readonly Finding[] {
  const loose = stack.ofType([EIP]).filter((eip) => !isGiven(eip, "instance") && !isGiven(eip, "networkInterface"));
  return ATTACHMENTS.reduce<readonly StackResource[]>(
    (left, [types, path]) => unnamed(left, stack.ofType(types), path),
    loose,
  ).map(({ urn }) => ({
    urn,
    property: "instance",
    wrong: "nothing uses this address",
    fix: "attach it (instance, networkInterface, or the allocationId of a NAT gateway), or remove it",
  }));
}

// An output that only AWS fills in is unknown at preview: what the program names has a reference.
function isGiven({ props, references }: StackResource, key: string): boolean {
  const value = props[key];
  return value instanceof Unknown ? references.has(key) : typeof value === "string" && value !== "";
}

export const rules: readonly Rule[] = [
  {
    name: "ec2-no-egress-of-all-ports-to-the-world",
    description: "No security group lets its members reach every port of the internet.",
    why: "Whoever takes over a task sends data out through the first open port.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_382", "AWS-0104", "cfn-guard security_group_egress_all_protocols"],
    // Absent is closed: the provider takes away the egress rule that EC2 gives to a new group.
    resources: [{ types: HOLDERS, unknown: "defer", find: worldRules("egress", concernsAllPorts, EGRESS_FIX) }],
    stack: (stack) => worldRulesByPrefixList(stack, "egress", concernsAllPorts, EGRESS_FIX),
  },
  {
    name: "ec2-security-group-described",
    description: "Every security group says what it is for.",
    why: "Nobody dares to close a group whose purpose is not written down.",
    severity: "low",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_23", "AwsSolutions-EC27", "AWS-0099", "cfn-guard security_group_description", "compliance-policies"],
    ],
    resources: [{ types: [GROUP], unknown: "defer", find: undescribedGroup }],
  },
  {
    name: "ec2-security-group-rule-described",
    description: "Every rule of a security group says who needs it.",
    why: "An audit of open ports begins and ends with these lines.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV_AWS_23", "AWS-0124", "compliance-policies"],
    resources: [{ types: HOLDERS, unknown: "defer", find: undescribedRules }],
  },
  {
    name: "ec2-security-group-rules-in-one-place",
    description: "The rules of a security group stand inline or in resources of their own, never in both.",
    why: "Each of the two forms removes what the other has written, so that ports open and close from update to update.",
    severity: "medium",
    level: "mandatory",
    standards: ["awsguard"],
    stack: mixedGroups,
  },
  {
    name: "ec2-default-security-group-closed",
    description: "The default security group of every network has no rules.",
    why: "Whatever forgets to name a group gets the default one.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV2_AWS_12", "FSBP EC2.2", "CIS 6.5", "cdk-nag VPCDefaultSecurityGroupClosed", "AWS-0173"],
      "Prowler ec2_securitygroup_default_restrict_traffic",
    ],
    resources: [{ types: [DEFAULT_GROUP], unknown: "defer", find: openDefaultGroup }],
    stack: openDefaultGroups,
  },
  {
    name: "ec2-elastic-ip-attached",
    description: "Every elastic IP address is attached to something.",
    why: "An idle address is paid for by the hour.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV2_AWS_19", "FSBP EC2.12", "Prowler ec2_elastic_ip_unassigned"],
    stack: idleAddresses,
  },
];
