import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const egress = "ec2-no-egress-of-all-ports-to-the-world";
const described = "ec2-security-group-described";
const ruleDescribed = "ec2-security-group-rule-described";
const mixed = "ec2-security-group-rules-in-one-place";
const closed = "ec2-default-security-group-closed";
const attached = "ec2-elastic-ip-attached";

const description = "Tasks of the service.";
const group = (props: Sent["props"], more: Partial<Sent> = {}): Sent => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "service",
  props: { description, tags, ...props },
  ...more,
});
const legacy = (props: Sent["props"], more: Partial<Sent> = {}): Sent => ({
  type: "aws:ec2/securityGroupRule:SecurityGroupRule",
  name: "rule",
  props: { type: "egress", protocol: "-1", fromPort: 0, toPort: 0, ...props },
  ...more,
});
const vpcRule = (direction: "Ingress" | "Egress", props: Sent["props"], more: Partial<Sent> = {}): Sent => ({
  type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
  name: "rule",
  props: { ipProtocol: "tcp", fromPort: 443, toPort: 443, tags, ...props },
  ...more,
});
const network: Sent = {
  type: "aws:ec2/vpc:Vpc",
  name: "network",
  props: { id: "vpc-1", cidrBlock: "10.0.0.0/16", defaultSecurityGroupId: "sg-default", tags },
};
const defaultGroup = (props: Sent["props"] = {}, more: Partial<Sent> = {}): Sent => ({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  name: "default",
  props: { vpcId: "vpc-1", tags, ...props },
  ...more,
});
const eip = (props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/eip:Eip",
  name: "address",
  props: { id: "eipalloc-1", instance: "", networkInterface: "", tags, ...props },
});
const nat = (allocationId: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/natGateway:NatGateway",
  name: "nat",
  props: { allocationId, tags },
  references,
});
const inlineRule = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] };
const prefixList: Sent = {
  type: "aws:ec2/managedPrefixList:ManagedPrefixList",
  name: "everywhere",
  props: { id: "pl-1", entries: [{ cidr: "0.0.0.0/0" }], tags },
};
const SET = { references: { ingress: [] } };

export const cases: readonly Case[] = [
  {
    rule: egress,
    when: "everything may leave, inline",
    given: group({ egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] }),
    result: [/egress\[0\]\.cidrBlocks\[0\]: 0\.0\.0\.0\/0 reaches every port/],
  },
  {
    rule: egress,
    when: "everything may leave over IPv6",
    given: vpcRule("Egress", { ipProtocol: "-1", cidrIpv6: "::/0" }),
    result: [/cidrIpv6: ::\/0 reaches every port/],
  },
  {
    rule: egress,
    when: "every TCP port may leave, as text",
    given: legacy({ protocol: "tcp", fromPort: "0", toPort: "65535", cidrBlocks: ["0.0.0.0/0"] }),
    result: [/cidrBlocks\[0\]/],
  },
  {
    rule: egress,
    when: "a prefix list stands for everywhere",
    given: [prefixList, vpcRule("Egress", { ipProtocol: "-1", prefixListId: "pl-1" })],
    result: [/prefixListId: the prefix list "everywhere" holds 0\.0\.0\.0\/0/],
  },
  { rule: egress, when: "HTTPS may leave", given: vpcRule("Egress", { cidrIpv4: "0.0.0.0/0" }), result: "passes" },
  {
    rule: egress,
    when: "HTTPS may leave by a prefix list",
    given: [prefixList, vpcRule("Egress", { prefixListId: "pl-1" })],
    result: "passes",
  },
  { rule: egress, when: "a group has no rules, and the provider takes away EC2's", given: group({}), result: "passes" },
  {
    rule: egress,
    when: "everything may go to a group",
    given: vpcRule("Egress", { ipProtocol: "-1", referencedSecurityGroupId: "sg-1" }),
    result: "passes",
  },
  {
    rule: egress,
    when: "everything may go to another group, or to the network",
    given: legacy({ cidrBlocks: ["10.0.0.0/8"] }),
    result: "passes",
  },
  {
    rule: egress,
    when: "a rule is about ingress",
    given: legacy({ type: "ingress", cidrBlocks: ["0.0.0.0/0"] }),
    result: "passes",
  },
  { rule: egress, when: "where everything goes is unknown", given: legacy({ cidrBlocks: UNKNOWN }), result: "waits" },
  { rule: egress, when: "the direction is unknown", given: legacy({ type: UNKNOWN, self: true }), result: "waits" },

  { rule: described, when: "the group says what it is for", given: group({}), result: "passes" },
  {
    rule: described,
    when: "the group says nothing",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { tags } },
    result: [/\ndescription: nothing says what the group is for/],
  },
  { rule: described, when: "the description is empty", given: group({ description: "" }), result: [/description/] },
  {
    rule: described,
    when: "the description is the tool's",
    given: group({ description: "Managed by Pulumi" }),
    result: [/description/],
  },
  { rule: described, when: "the description is unknown", given: group({ description: UNKNOWN }), result: "waits" },

  {
    rule: ruleDescribed,
    when: "a rule says who needs it",
    given: vpcRule("Ingress", { description }),
    result: "passes",
  },
  { rule: ruleDescribed, when: "a group has no rules", given: group({}), result: "passes" },
  {
    rule: ruleDescribed,
    when: "an ingress rule says nothing",
    given: vpcRule("Ingress", { cidrIpv4: "10.0.0.0/16" }),
    result: [/\ndescription: nothing says who needs the rule/],
  },
  {
    rule: ruleDescribed,
    when: "an egress rule says nothing",
    given: vpcRule("Egress", { description: "" }),
    result: [/description/],
  },
  {
    rule: ruleDescribed,
    when: "a rule of the older type says nothing",
    given: legacy({ self: true }),
    result: [/description/],
  },
  {
    rule: ruleDescribed,
    when: "two inline rules say nothing",
    given: group({ ingress: [{ ...inlineRule, description }, inlineRule], egress: [inlineRule] }),
    result: [/ingress\[1\]\.description/, /egress\[0\]\.description/],
  },
  { rule: ruleDescribed, when: "the description is unknown", given: legacy({ description: UNKNOWN }), result: "waits" },
  { rule: ruleDescribed, when: "all inline rules are unknown", given: group({ egress: UNKNOWN }), result: "waits" },

  {
    rule: mixed,
    when: "a rule resource adds to a group with inline rules",
    given: [
      group({ id: "sg-1", ingress: [inlineRule] }, SET),
      vpcRule("Ingress", { securityGroupId: "sg-1", cidrIpv4: "10.0.0.0/8" }),
    ],
    result: [/ingress: it holds rules of "service" that are also resources.*Fix: remove ingress from the group/],
  },
  {
    rule: mixed,
    when: "ids and rules are unknown",
    given: [
      group({ id: UNKNOWN, ingress: UNKNOWN }, SET),
      legacy({ type: "ingress", securityGroupId: UNKNOWN }, { references: { securityGroupId: ["service"] } }),
    ],
    result: [/ingress/],
  },
  {
    rule: mixed,
    when: "nothing says which inputs the program gave, and the rules are listed",
    given: [group({ id: "sg-1", egress: [inlineRule] }), legacy({ securityGroupId: "sg-1" })],
    result: [/egress/],
  },
  {
    rule: mixed,
    when: "nothing says which inputs the program gave, and the rules are unknown",
    given: [group({ id: "sg-1", egress: UNKNOWN }), legacy({ securityGroupId: "sg-1" })],
    result: "waits",
  },
  {
    rule: mixed,
    when: "nothing says which inputs the program gave, and none are listed",
    given: [group({ id: "sg-1" }), legacy({ securityGroupId: "sg-1" })],
    result: "passes",
  },
  {
    rule: mixed,
    when: "the outputs list what rule resources made",
    given: [
      group({ id: "sg-1", ingress: [inlineRule] }, { references: { description: [] } }),
      vpcRule("Ingress", { securityGroupId: "sg-1", cidrIpv4: "10.0.0.0/16" }),
    ],
    result: "passes",
  },
  {
    rule: mixed,
    when: "the rule resource is another group's",
    given: [group({ id: "sg-1", ingress: [inlineRule] }, SET), vpcRule("Ingress", { securityGroupId: "sg-2" })],
    result: "passes",
  },
  {
    rule: mixed,
    when: "ingress is inline, and egress is not",
    given: [group({ id: "sg-1", ingress: [inlineRule] }, SET), vpcRule("Egress", { securityGroupId: "sg-1" })],
    result: "passes",
  },

  {
    rule: closed,
    when: "the default group has no rules",
    given: defaultGroup({ ingress: [], egress: [] }),
    result: "passes",
  },
  { rule: closed, when: "it is adopted without rules, which removes AWS's", given: defaultGroup(), result: "passes" },
  {
    rule: closed,
    when: "it lets its members reach each other",
    given: defaultGroup({ ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] }),
    result: [/\ningress: the default group has rules\..*Fix: set ingress: \[\]/],
  },
  { rule: closed, when: "its members may leave", given: defaultGroup({ egress: [inlineRule] }), result: [/\negress:/] },
  { rule: closed, when: "its rules are unknown", given: defaultGroup({ ingress: UNKNOWN }), result: "waits" },
  { rule: closed, when: "a network's default group is adopted", given: [network, defaultGroup()], result: "passes" },
  {
    rule: closed,
    when: "the network's id is unknown",
    given: [
      { ...network, props: { ...network.props, id: UNKNOWN } },
      defaultGroup({ vpcId: UNKNOWN }, { references: { vpcId: ["network"] } }),
    ],
    result: "passes",
  },
  {
    rule: closed,
    when: "nobody adopts a network's default group",
    given: [network],
    result: [/defaultSecurityGroupId: its default group still.*Fix: add an aws\.ec2\.DefaultSecurityGroup/],
  },
  {
    rule: closed,
    when: "the adopted group is another network's",
    given: [network, defaultGroup({ vpcId: "vpc-2" })],
    result: [/defaultSecurityGroupId/],
  },
  {
    rule: closed,
    when: "a rule resource opens the adopted group",
    given: [network, defaultGroup({ id: "sg-default" }), vpcRule("Ingress", { securityGroupId: "sg-default" })],
    result: [/securityGroupId: it adds a rule to a default group/],
  },
  {
    rule: closed,
    when: "a rule resource opens the network's default group, whose id is unknown",
    given: [
      { ...network, props: { ...network.props, id: UNKNOWN, defaultSecurityGroupId: UNKNOWN } },
      defaultGroup({ vpcId: UNKNOWN }, { references: { vpcId: ["network"] } }),
      vpcRule("Ingress", { securityGroupId: UNKNOWN }, { references: { securityGroupId: ["network"] } }),
    ],
    result: [/securityGroupId/],
  },
  {
    rule: closed,
    when: "a rule resource names no group that the stack knows",
    given: [network, defaultGroup(), vpcRule("Ingress", {})],
    result: "passes",
  },

  { rule: attached, when: "a NAT gateway has the address", given: [eip(), nat("eipalloc-1")], result: "passes" },
  {
    rule: attached,
    when: "a NAT gateway will have it",
    given: [eip({ id: UNKNOWN }), nat(UNKNOWN, { allocationId: ["address"] })],
    result: "passes",
  },
  { rule: attached, when: "a machine has it", given: [eip({ instance: "i-1" })], result: "passes" },
  {
    rule: attached,
    when: "a machine will have it",
    given: [{ ...eip({ instance: UNKNOWN }), references: { instance: [] } }],
    result: "passes",
  },
  {
    rule: attached,
    when: "only AWS could say what has it",
    given: [eip({ instance: UNKNOWN, networkInterface: UNKNOWN })],
    result: [/instance: nothing uses this address/],
  },
  {
    rule: attached,
    when: "a network load balancer has it",
    given: [
      eip(),
      {
        type: "aws:alb/loadBalancer:LoadBalancer",
        name: "nlb",
        props: { subnetMappings: [{ subnetId: "subnet-1", allocationId: "eipalloc-1" }], tags },
      },
    ],
    result: "passes",
  },
  {
    rule: attached,
    when: "an association gives it away",
    given: [
      eip(),
      { type: "aws:ec2/eipAssociation:EipAssociation", name: "association", props: { allocationId: "eipalloc-1" } },
    ],
    result: "passes",
  },
  {
    rule: attached,
    when: "nothing has it",
    given: [eip(), nat("eipalloc-2")],
    result: [/instance: nothing uses this address/],
  },
];
