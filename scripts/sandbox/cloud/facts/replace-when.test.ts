import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { REPLACE_WHEN } from "./replace-when.ts";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const network = { loadBalancerType: "network" };

const cases: [type: string, olds: Properties, news: Properties, replaced: string[], outputs?: Properties][] = [
  ["aws:ec2/vpc:Vpc", { instanceTenancy: "dedicated" }, { instanceTenancy: "default" }, []],
  ["aws:ec2/vpc:Vpc", { instanceTenancy: "default" }, { instanceTenancy: "dedicated" }, ["instanceTenancy"]],
  ["aws:ec2/vpc:Vpc", {}, { instanceTenancy: "default" }, []],
  [
    "aws:ec2/subnet:Subnet",
    { ipv6CidrBlock: "a", assignIpv6AddressOnCreation: true },
    { ipv6CidrBlock: "b" },
    ["ipv6CidrBlock"],
  ],
  ["aws:ec2/subnet:Subnet", { ipv6CidrBlock: "a" }, { ipv6CidrBlock: "b" }, []],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", {}, { vpcEndpointType: "Interface", privateDnsEnabled: true }, []],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", {}, { privateDnsEnabled: true }, ["privateDnsEnabled"]],
  [
    "aws:ec2/natGateway:NatGateway",
    { connectivityType: "private", secondaryPrivateIpAddressCount: 1 },
    { connectivityType: "private", secondaryPrivateIpAddressCount: 2 },
    ["secondaryPrivateIpAddressCount"],
  ],
  [group, { engine: "redis" }, { engine: "valkey" }, []],
  [group, { engine: "valkey" }, { engine: "redis" }, ["engine"]],
  [group, { engineVersion: "7.1" }, { engineVersion: "7.0" }, ["engineVersion"]],
  [group, { engineVersion: "7.0" }, { engineVersion: "7.1" }, []],
  [group, { engineVersion: "6.x" }, { engineVersion: "6.2" }, ["engineVersion"]],
  [
    group,
    { transitEncryptionEnabled: false },
    { transitEncryptionEnabled: true },
    ["transitEncryptionEnabled"],
    { engineVersionActual: "7.0.4" },
  ],
  [
    group,
    { transitEncryptionEnabled: false },
    { transitEncryptionEnabled: true },
    [],
    { engineVersionActual: "7.1.0" },
  ],
  [balancer, { ...network, subnets: ["a", "b"] }, { ...network, subnets: ["a", "c"] }, ["subnets"]],
  [balancer, { ...network, subnets: ["a"] }, { ...network, subnets: ["a", "b"] }, []],
  [balancer, { subnets: ["a", "b"] }, { subnets: ["a", "c"] }, []],
  [balancer, { ...network }, { ...network, securityGroups: ["sg"] }, ["securityGroups"]],
  ["aws:ssm/parameter:Parameter", { tier: "Advanced" }, { tier: "Standard" }, ["tier"]],
  ["aws:ssm/parameter:Parameter", { tier: "Standard" }, { tier: "Advanced" }, []],
  [rule, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.0.0.0/16" }, []],
  [rule, { cidrIpv4: "10.0.0.0/8" }, { referencedSecurityGroupId: "sg" }, ["cidrIpv4", "referencedSecurityGroupId"]],
  ["aws:lambda/function:Function", {}, { durableConfig: { executionTimeout: 1 } }, ["durableConfig"]],
  ["cloudflare:index/certificatePack:CertificatePack", { hosts: ["a", "b"] }, { hosts: ["b"] }, []],
  ["cloudflare:index/certificatePack:CertificatePack", { hosts: ["a"] }, { hosts: ["a", "b"] }, ["hosts"]],
];

describe("a replacement under a condition", () => {
  for (const [type, olds, news, replaced, outputs = {}] of cases)
    it(`${type}: ${JSON.stringify(olds)} to ${JSON.stringify(news)} replaces for ${replaced.join(", ") || "nothing"}`, () => {
      assert.deepEqual(REPLACE_WHEN[type]?.(olds, news, outputs), replaced);
    });
});
