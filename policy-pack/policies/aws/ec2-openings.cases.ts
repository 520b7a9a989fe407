import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { V4, V6, byList, group, inline, legacy, prefixList, vpc } from "../../test/sent/ec2.ts";

const others = "ec2-world-ingress-only-on-allowed-ports";
const whole = "ec2-no-ingress-of-all-ports";

const grouped = (id: Json, ingress: Json = []): Sent => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "group",
  props: { id, ingress, tags },
});
const attached = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "balancer",
  props: { ...props, tags },
  references,
});
const web = (securityGroupId: Json): Sent => ({
  ...vpc({ fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0", securityGroupId }),
  name: "web",
});

export const cases: readonly Case[] = [
  {
    rule: others,
    when: "the world reaches the web",
    given: group(inline(443, 443, V4), inline(80, 80, V6)),
    result: "passes",
  },
  {
    rule: others,
    when: "the world reaches the service itself",
    given: vpc({ fromPort: 3000, toPort: 3000, cidrIpv4: "0.0.0.0/0" }),
    result: [/cidrIpv4: 0\.0\.0\.0\/0 reaches port 3000\..*Fix: serve the internet on port 80 or 443 alone/],
  },
  {
    rule: others,
    when: "the world reaches a range around 443",
    given: group(inline("440", "444", V6)),
    result: [/ingress\[0\]\.ipv6CidrBlocks\[0\]: ::\/0 reaches ports 440 to 444/],
  },
  {
    rule: others,
    when: "the world reaches a tunnel",
    given: legacy({ protocol: "47", fromPort: 0, toPort: 0, ...V4 }),
    result: [/protocol 47/],
  },
  {
    rule: others,
    when: "the world pings",
    given: legacy({ protocol: "icmp", fromPort: 8, toPort: 0, ...V4 }),
    result: "passes",
  },
  { rule: others, when: "a group names no source", given: group(inline(3000, 3000, {})), result: "passes" },
  {
    rule: others,
    when: "a rule has no CIDR block",
    given: vpc({ fromPort: 3000, toPort: 3000, referencedSecurityGroupId: "sg-1" }),
    result: "passes",
  },
  {
    rule: others,
    when: "the source is unknown",
    given: legacy({ fromPort: 3000, toPort: 3000, cidrBlocks: [UNKNOWN] }),
    result: "waits",
  },
  {
    rule: others,
    when: "the setting allows one more port",
    given: vpc({ fromPort: 8443, toPort: 8443, cidrIpv4: "0.0.0.0/0" }),
    result: "passes",
    config: { ports: [443, 8443] },
  },
  {
    rule: others,
    when: "the setting allows less",
    given: vpc({ fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" }),
    result: [/port 80\..*on port 443 alone/],
    config: { ports: [443] },
  },
  {
    rule: others,
    when: "a prefix list lets the world reach the service",
    given: [prefixList("::/0"), byList({ fromPort: 3000, toPort: 3000 })],
    result: [/prefixListId: .* port 3000/],
  },
  {
    rule: others,
    when: "a prefix list stands before the web",
    given: [prefixList("::/0"), byList({ fromPort: 443, toPort: 443 })],
    result: "passes",
  },
  {
    rule: others,
    when: "the web reaches the group of a load balancer",
    given: [attached({ securityGroups: ["sg-1"] }), grouped("sg-1"), web("sg-1")],
    result: "passes",
  },
  {
    rule: others,
    when: "the web reaches the group of a load balancer, by references alone",
    given: [
      attached({ securityGroups: UNKNOWN }, { securityGroups: ["group"] }),
      grouped(UNKNOWN),
      { ...web(UNKNOWN), references: { securityGroupId: ["group"] } },
    ],
    result: "passes",
  },
  {
    rule: others,
    when: "the web reaches a group that is no load balancer's",
    given: [attached({ securityGroups: ["sg-2"] }), grouped("sg-1"), web("sg-1")],
    result: [/cidrIpv4: 0\.0\.0\.0\/0 reaches a group that is no load balancer's\..*Fix: let in the load balancer's/],
  },
  {
    rule: others,
    when: "the web reaches a group without a load balancer, inline",
    given: [grouped("sg-1", [inline(443, 443, V6)])],
    result: [/ingress\[0\]\.ipv6CidrBlocks\[0\]: ::\/0 reaches a group/],
  },
  {
    rule: others,
    when: "a prefix list lets the web reach a group without a load balancer",
    given: [
      prefixList("::/0"),
      grouped("sg-1"),
      { ...byList({ fromPort: 443, toPort: 443, securityGroupId: "sg-1" }), references: { prefixListId: ["edge"] } },
    ],
    result: [/prefixListId: the prefix list "edge" holds ::\/0 reaches a group/],
  },
  {
    rule: others,
    when: "the group does not exist yet, and its rules are unknown",
    given: [grouped(UNKNOWN, UNKNOWN)],
    result: "passes",
  },
  {
    rule: others,
    when: "who reaches a group without a load balancer is unknown",
    given: [grouped("sg-1"), { ...web("sg-1"), props: { ...web("sg-1").props, cidrIpv4: UNKNOWN } }],
    result: "waits",
  },
  { rule: others, when: "the web reaches a group of another stack", given: [web("sg-9")], result: "passes" },
  {
    rule: whole,
    when: "a group lets another reach everything",
    given: vpc({ ipProtocol: "-1", referencedSecurityGroupId: UNKNOWN }),
    result: [/ipProtocol: it lets in every port/],
  },
  {
    rule: whole,
    when: "the network reaches every TCP port, inline and as text",
    given: group(inline("0", "65535", { cidrBlocks: ["10.0.0.0/8"] })),
    result: [/ingress\[0\]\.fromPort: it lets in every port/],
  },
  {
    rule: whole,
    when: "a rule names no ports and the protocol is a number",
    given: legacy({ protocol: -1, fromPort: 0, toPort: 0, self: true }),
    result: [/\nprotocol: it lets in every port/],
  },
  {
    rule: whole,
    when: "the protocol is unknown",
    given: vpc({ ipProtocol: UNKNOWN, referencedSecurityGroupId: "sg-1" }),
    result: "waits",
  },
  { rule: whole, when: "a bound is unknown", given: group(inline(0, UNKNOWN, { self: true })), result: "waits" },
  {
    rule: whole,
    when: "all ingress is unknown",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { ingress: UNKNOWN, tags } },
    result: "waits",
  },
  {
    rule: whole,
    when: "the ports are those of a database's endpoint",
    given: vpc({ fromPort: 1024, toPort: 65535, referencedSecurityGroupId: "sg-1" }),
    result: "passes",
  },
  {
    rule: whole,
    when: "the world reaches every port, which another rule names",
    given: vpc({ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
    result: "passes",
  },
  {
    rule: whole,
    when: "everything may leave",
    given: legacy({ type: "egress", protocol: "-1", fromPort: 0, toPort: 0, self: true }),
    result: "passes",
  },
];
