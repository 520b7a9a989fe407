import { UNKNOWN, type Json, type Sent } from "../test/analyzer.ts";
import { TAGS as tags, type Case } from "../test/case.ts";

const rule = "ec2-no-world-ingress-to-data-ports";

const group = (...ingress: Json[]): Sent => ({ type: "aws:ec2/securityGroup:SecurityGroup", props: { ingress, tags } });
const inline = (from: Json, to: Json, sources: Record<string, Json>, protocol: Json = "tcp"): Json => ({
  protocol,
  fromPort: from,
  toPort: to,
  ...sources,
});
const legacy = (props: Sent["props"]): Sent => ({
  type: "aws:ec2/securityGroupRule:SecurityGroupRule",
  props: { type: "ingress", protocol: "tcp", ...props },
});
const vpc = (props: Sent["props"]): Sent => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  props: { ipProtocol: "tcp", tags, ...props },
});

const V4 = { cidrBlocks: ["0.0.0.0/0"] };
const V6 = { ipv6CidrBlocks: ["::/0"] };

export const cases: readonly Case[] = [
  { rule, when: "the world reaches 443", given: group(inline(443, 443, { ...V4, ...V6 })), result: "passes" },
  {
    rule,
    when: "the network reaches PostgreSQL",
    given: group(inline(5432, 5432, { cidrBlocks: ["10.0.0.0/16"] })),
    result: "passes",
  },
  {
    rule,
    when: "a group reaches Redis",
    given: group(inline(6379, 6379, { securityGroups: [UNKNOWN] })),
    result: "passes",
  },
  {
    rule,
    when: "a group has no rules",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { tags } },
    result: "passes",
  },
  {
    rule,
    when: "the world reaches PostgreSQL",
    given: group(inline(5432, 5432, V4)),
    result: [/ingress\[0\]\.cidrBlocks\[0\]: 0\.0\.0\.0\/0 reaches port 5432 \(PostgreSQL\)\..*Fix: replace the block/],
  },
  {
    rule,
    when: "the world reaches MongoDB over IPv6",
    given: group(inline(443, 443, V4), inline(27017, 27017, V6)),
    result: [/ingress\[1\]\.ipv6CidrBlocks\[0\]: ::\/0 reaches port 27017 \(MongoDB\)/],
  },
  {
    rule,
    when: "a range holds Redis",
    given: group(inline(6000, 6400, V4)),
    result: [/port 6379 \(Redis\), 6380 \(Redis\)/],
  },
  { rule, when: "every protocol is open", given: group(inline(0, 0, V4, "-1")), result: [/every port/] },
  { rule, when: "every protocol is open, as a number", given: group(inline(0, 0, V4, -1)), result: [/every port/] },
  { rule, when: "ports are text", given: group(inline("3306", "3306", V4)), result: [/3306 \(MySQL\)/] },
  {
    rule,
    when: "half of the world is open",
    given: group(inline(9200, 9200, { cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] })),
    result: [/0\.0\.0\.0\/1 reaches/, /128\.0\.0\.0\/1 reaches/],
  },
  { rule, when: "ping is open", given: group(inline(-1, -1, V4, "icmp")), result: "passes" },
  { rule, when: "Memcached is open over UDP", given: group(inline(11211, 11211, V4, "17")), result: [/Memcached/] },
  {
    rule,
    when: "one rule waits and another is open",
    given: group(inline(5432, 5432, { cidrBlocks: [UNKNOWN] }), inline(5432, 5432, V4)),
    result: [/ingress\[1\]/],
  },
  {
    rule,
    when: "a source is unknown on a data port",
    given: group(inline(5432, 5432, { cidrBlocks: [UNKNOWN] })),
    result: "waits",
  },
  {
    rule,
    when: "a source is unknown on 443",
    given: group(inline(443, 443, { cidrBlocks: [UNKNOWN] })),
    result: "passes",
  },
  {
    rule,
    when: "all rules are unknown",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { ingress: UNKNOWN, tags } },
    result: "waits",
  },
  { rule, when: "a port is unknown for the world", given: group(inline(UNKNOWN, UNKNOWN, V4)), result: "waits" },
  {
    rule,
    when: "the default group lets the world in",
    given: {
      type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      props: { ingress: [inline(0, 65535, V4)], tags },
    },
    result: [/every port/],
  },

  {
    rule,
    when: "a rule resource opens Redis",
    given: legacy({ fromPort: 6379, toPort: 6379, ...V4 }),
    result: [/^.*\ncidrBlocks\[0\]: 0\.0\.0\.0\/0 reaches port 6379/],
  },
  {
    rule,
    when: "a rule resource opens everything over IPv6",
    given: legacy({ protocol: "all", fromPort: 0, toPort: 0, ...V6 }),
    result: [/ipv6CidrBlocks\[0\]: ::\/0 reaches every port/],
  },
  {
    rule,
    when: "a rule resource is about egress",
    given: legacy({ type: "egress", fromPort: 5432, toPort: 5432, ...V4 }),
    result: "passes",
  },
  {
    rule,
    when: "a rule resource names a group",
    given: legacy({ fromPort: 5432, toPort: 5432, sourceSecurityGroupId: UNKNOWN }),
    result: "passes",
  },
  {
    rule,
    when: "a rule resource waits for its source",
    given: legacy({ fromPort: 5432, toPort: 5432, cidrBlocks: UNKNOWN }),
    result: "waits",
  },

  {
    rule,
    when: "an ingress rule opens PostgreSQL",
    given: vpc({ fromPort: 5432, toPort: 5432, cidrIpv4: "0.0.0.0/0" }),
    result: [/^.*\ncidrIpv4: 0\.0\.0\.0\/0 reaches port 5432/],
  },
  {
    rule,
    when: "an ingress rule opens everything over IPv6",
    given: vpc({ ipProtocol: "-1", cidrIpv6: "::/0" }),
    result: [/cidrIpv6: ::\/0 reaches every port/],
  },
  {
    rule,
    when: "an ingress rule opens global unicast",
    given: vpc({ fromPort: 5432, toPort: 5432, cidrIpv6: "2000::/3" }),
    result: [/2000::\/3/],
  },
  {
    rule,
    when: "an ingress rule is private over IPv6",
    given: vpc({ fromPort: 5432, toPort: 5432, cidrIpv6: "fd00::/8" }),
    result: "passes",
  },
  {
    rule,
    when: "an ingress rule names a group",
    given: vpc({ fromPort: 5432, toPort: 5432, referencedSecurityGroupId: UNKNOWN }),
    result: "passes",
  },
  {
    rule,
    when: "an ingress rule waits for its source",
    given: vpc({ fromPort: 5432, toPort: 5432, cidrIpv4: UNKNOWN }),
    result: "waits",
  },
];
