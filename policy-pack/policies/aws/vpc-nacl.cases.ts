import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const admin = "vpc-nacl-no-world-ingress-to-admin-ports";
const whole = "vpc-nacl-not-all-ports";
const attached = "vpc-nacl-attached";

const acl = (ingress: Json, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/networkAcl:NetworkAcl",
  name: "list",
  props: { id: "acl-1", vpcId: "vpc-1", ingress, tags, ...props },
});
const bare = (props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/networkAcl:NetworkAcl",
  name: "list",
  props: { id: "acl-1", vpcId: "vpc-1", tags, ...props },
});
const entry = (ruleNo: Json, from: Json, to: Json, more: Record<string, Json> = {}): Record<string, Json> => ({
  ruleNo,
  action: "allow",
  protocol: "tcp",
  cidrBlock: "0.0.0.0/0",
  fromPort: from,
  toPort: to,
  ...more,
});
const split = (ruleNumber: number, props: Sent["props"]): Sent => ({
  type: "aws:ec2/networkAclRule:NetworkAclRule",
  name: `rule ${String(ruleNumber)}`,
  props: {
    networkAclId: "acl-1",
    ruleNumber,
    ruleAction: "allow",
    protocol: "6",
    cidrBlock: "0.0.0.0/0",
    fromPort: 22,
    toPort: 22,
    ...props,
  },
});

const ANY = { protocol: "-1" };
const DENY = { action: "deny" };

export const cases: readonly Case[] = [
  { rule: admin, when: "the list lets the web in", given: [acl([entry(100, 443, 443)])], result: "passes" },
  { rule: admin, when: "the list has no entries", given: [bare()], result: "passes" },
  {
    rule: admin,
    when: "an entry names no IPv4 block",
    given: [acl([{ ruleNo: 1, action: "allow", protocol: "tcp", fromPort: 22, toPort: 22 }])],
    result: "passes",
  },
  {
    rule: admin,
    when: "the list lets SSH in",
    given: [acl([entry(100, 443, 443), entry(110, 22, 22)])],
    result: [/ingress\[1\]\.cidrBlock: it lets the internet reach port 22 \(SSH\)/],
  },
  {
    rule: admin,
    when: "the default list lets a range in over IPv6, as text",
    given: [
      {
        type: "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        name: "default",
        props: { ingress: [entry("1", "20", "22", { cidrBlock: "", ipv6CidrBlock: "::/0", action: "ALLOW" })], tags },
      },
    ],
    result: [/ingress\[0\]\.ipv6CidrBlock: .*20 \(FTP\), 21 \(FTP\), 22 \(SSH\)/],
  },
  {
    rule: admin,
    when: "a lower number denies what a higher one allows",
    given: [acl([entry(200, 1, 9000), entry(100, 20, 22, DENY), entry(110, 3389, 3389, DENY)])],
    result: "passes",
  },
  {
    rule: admin,
    when: "the denial covers one part of the internet alone",
    given: [acl([entry(100, 22, 22, { ...DENY, cidrBlock: "198.51.100.0/24" }), entry(200, 22, 22)])],
    result: [/ingress\[1\]\.cidrBlock/],
  },
  {
    rule: admin,
    when: "the denial comes too late",
    given: [acl([entry(200, 22, 22, DENY), entry(100, 22, 22)])],
    result: [/ingress\[1\]/],
  },
  {
    rule: admin,
    when: "the office reaches SSH",
    given: [acl([entry(1, 22, 22, { cidrBlock: "203.0.113.0/24" })])],
    result: "passes",
  },
  {
    rule: admin,
    when: "port 22 is open over UDP",
    given: [acl([entry(1, 22, 22, { protocol: "udp" })])],
    result: "passes",
  },
  { rule: admin, when: "ping is open", given: [acl([entry(1, 0, 0, { protocol: "icmp" })])], result: "passes" },
  {
    rule: admin,
    when: "all ports are open, which another rule names",
    given: [acl([entry(1, 0, 0, ANY)])],
    result: "passes",
  },
  {
    rule: admin,
    when: "a block is unknown",
    given: [acl([entry(1, 22, 22, { cidrBlock: UNKNOWN })])],
    result: "waits",
  },
  { rule: admin, when: "all entries are unknown", given: [acl(UNKNOWN)], result: "waits" },
  {
    rule: admin,
    when: "a rule resource lets RDP in",
    given: [split(100, { fromPort: 3389, toPort: 3389 })],
    result: [/\ncidrBlock: .*3389 \(RDP\)/],
  },
  {
    rule: admin,
    when: "rule resources of one list deny and allow",
    given: [split(100, { ruleAction: "deny" }), split(200, { fromPort: 22, toPort: 100 })],
    result: "passes",
  },
  {
    rule: admin,
    when: "the denial is another list's",
    given: [split(100, { ruleAction: "deny", networkAclId: "acl-2" }), split(200, {})],
    result: [/\ncidrBlock/],
  },
  {
    rule: admin,
    when: "a rule resource is about what leaves",
    given: [split(100, { egress: "true" })],
    result: "passes",
  },
  {
    rule: admin,
    when: "a rule resource has an IPv6 block alone",
    given: [split(100, { cidrBlock: "", ipv6CidrBlock: "fd00::/8" })],
    result: "passes",
  },
  { rule: admin, when: "the direction is unknown", given: [split(100, { egress: UNKNOWN })], result: "waits" },

  {
    rule: whole,
    when: "everything is let in",
    given: acl([entry(100, 0, 0, ANY)]),
    result: [/ingress\[0\]\.cidrBlock: it lets the internet reach every port/],
  },
  {
    rule: whole,
    when: "every TCP port is let in over IPv6 by a rule resource, as text",
    given: split(1, { cidrBlock: "", ipv6CidrBlock: "::/0", fromPort: "0", toPort: "65535" }),
    result: [/\nipv6CidrBlock: it lets the internet reach every port/],
  },
  { rule: whole, when: "answers are let in", given: acl([entry(100, 1024, 65535)]), result: "passes" },
  {
    rule: whole,
    when: "the network is let in",
    given: acl([entry(100, 0, 0, { ...ANY, cidrBlock: "10.0.0.0/16" })]),
    result: "passes",
  },
  { rule: whole, when: "everything is denied", given: acl([entry(100, 0, 0, { ...ANY, ...DENY })]), result: "passes" },
  { rule: whole, when: "a list has no entries", given: bare(), result: "passes" },
  {
    rule: whole,
    when: "entries have no blocks",
    given: acl([{ ruleNo: 1, action: "allow", protocol: "-1", fromPort: 0, toPort: 0 }]),
    result: "passes",
  },
  {
    rule: whole,
    when: "a rule resource names no block",
    given: {
      type: "aws:ec2/networkAclRule:NetworkAclRule",
      props: { networkAclId: "acl-1", ruleNumber: 1, ruleAction: "allow", protocol: "-1" },
    },
    result: "passes",
  },
  { rule: whole, when: "everything may leave", given: split(1, { protocol: -1, egress: true }), result: "passes" },
  { rule: whole, when: "the protocol is unknown", given: split(1, { protocol: UNKNOWN }), result: "waits" },
  {
    rule: whole,
    when: "the action is unknown",
    given: acl([entry(1, 0, 0, { ...ANY, action: UNKNOWN })]),
    result: "waits",
  },
  { rule: whole, when: "all entries are unknown", given: acl(UNKNOWN), result: "waits" },

  { rule: attached, when: "a list names subnets", given: [bare({ subnetIds: ["subnet-1"] })], result: "passes" },
  {
    rule: attached,
    when: "an association names it",
    given: [
      bare(),
      {
        type: "aws:ec2/networkAclAssociation:NetworkAclAssociation",
        name: "association",
        props: { networkAclId: "acl-1", subnetId: "subnet-1" },
      },
    ],
    result: "passes",
  },
  {
    rule: attached,
    when: "a list has no subnets",
    given: [bare({ subnetIds: [] })],
    result: [/subnetIds: no subnet has this list/],
  },
  { rule: attached, when: "subnets are left out", given: [bare()], result: [/subnetIds/] },
  { rule: attached, when: "subnets are unknown", given: [bare({ subnetIds: UNKNOWN })], result: "waits" },
  {
    rule: attached,
    when: "subnets are given, and unknown",
    given: [{ ...bare({ subnetIds: UNKNOWN }), references: { subnetIds: [] } }],
    result: "passes",
  },
];
