import assert from "node:assert/strict";
import type { CloudResource } from "../service.ts";
import { ec2 } from "./ec2.ts";
import { assertRefused, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

const port = (number: number) => ({ ipProtocol: "tcp", fromPort: number, toPort: number });

function guarded(maxEntries: number): { cloud: TinyWorld; group: CloudResource; list: CloudResource } {
  const cloud = tinyWorld(ec2);
  const vpc = cloud.create("aws:ec2/vpc:Vpc", "main", { cidrBlock: "10.0.0.0/16" });
  const group = cloud.create(GROUP, "alb", { name: "alb", vpcId: vpc.id });
  const list = cloud.create(LIST, "edge", { name: "edge", addressFamily: "IPv4", maxEntries, entries: [] });
  return { cloud, group, list };
}

describe("EC2: a prefix list in the rules of a security group", () => {
  it("counts as its maximum, once for each rule", () => {
    const { cloud, group, list } = guarded(31);
    const rule = { securityGroupId: group.id, prefixListId: list.id };
    cloud.create(INGRESS, "https", { ...rule, ...port(443) });
    assertRefused(
      () => cloud.create(INGRESS, "http", { ...rule, ...port(80) }),
      "RulesPerSecurityGroupLimitExceeded",
      /62 ingress rules/,
    );
    cloud.create(EGRESS, "out", { ...rule, ...port(443) });
  });

  it("must exist, and is not deleted while a rule names it", () => {
    const { cloud, group, list } = guarded(20);
    const rule = (prefixListId: string) => () =>
      cloud.create(INGRESS, "https", { securityGroupId: group.id, prefixListId, ...port(443) });
    assertRefused(rule("pl-0123456789abcdef0"), "InvalidPrefixListID.NotFound");
    const made = rule(list.id)();
    assertRefused(() => cloud.delete(list), "delete-failed");
    cloud.delete(made);
    cloud.delete(list);
  });
});

describe("EC2: descriptions of security groups and their rules", () => {
  for (const [description, good] of [
    ["HTTPS from Cloudflare: 443 (TLS), answered at once.", true],
    ["", true],
    ["Cloudflare's addresses", false],
    ["one – two", false],
    ["x".repeat(256), false],
  ] as const)
    it(`${good ? "may" : "may not"} be ${JSON.stringify(description.slice(0, 60))}`, () => {
      const { cloud } = guarded(1);
      for (const type of [GROUP, INGRESS, EGRESS]) {
        const properties = cloud.check(type, { description, ...port(443) }).map(({ property }) => property);
        assert.deepEqual(properties, good ? [] : ["description"], type);
      }
    });
});
