import type { Json, Sent } from "../analyzer.ts";
import { TAGS as tags } from "../case.ts";

export const group = (...ingress: Json[]): Sent => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  props: { ingress, tags },
});
export const inline = (from: Json, to: Json, sources: Record<string, Json>, protocol: Json = "tcp"): Json => ({
  protocol,
  fromPort: from,
  toPort: to,
  ...sources,
});
export const legacy = (props: Sent["props"]): Sent => ({
  type: "aws:ec2/securityGroupRule:SecurityGroupRule",
  props: { type: "ingress", protocol: "tcp", ...props },
});
export const vpc = (props: Sent["props"]): Sent => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  props: { ipProtocol: "tcp", tags, ...props },
});

export const prefixList = (...blocks: Json[]): Sent => ({
  type: "aws:ec2/managedPrefixList:ManagedPrefixList",
  name: "edge",
  props: { id: "pl-1", entries: blocks.map((cidr) => ({ cidr })), tags },
});
export const byList = (ports: Sent["props"], prefixListId: Json = "pl-1"): Sent => ({
  ...vpc({ ...ports, prefixListId }),
  name: "rule",
  references: { prefixListId: ["edge"] },
});

export const V4 = { cidrBlocks: ["0.0.0.0/0"] };
export const V6 = { ipv6CidrBlocks: ["::/0"] };
