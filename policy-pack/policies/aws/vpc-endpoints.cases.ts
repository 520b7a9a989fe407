import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

const s3 = "vpc-s3-gateway-endpoint";
const inUse = "vpc-interface-endpoints-for-apis-in-use";
const zones = "vpc-interface-endpoint-in-two-zones";
const dns = "vpc-interface-endpoint-private-dns";
const policies = "vpc-endpoint-policy-not-open";

const network: Sent = { type: "aws:ec2/vpc:Vpc", name: "network", props: { id: "vpc-1", tags } };
const service: Sent = { type: "aws:ecs/service:Service", name: "service", props: { tags } };
const subnet = (name: string, availabilityZone: Json, id: Json = name): Sent => ({
  type: "aws:ec2/subnet:Subnet",
  name,
  props: { id, vpcId: "vpc-1", availabilityZone, tags },
});
const endpoint = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  name: `endpoint ${JSON.stringify(props["serviceName"])}`,
  props: { id: "vpce-1", vpcId: "vpc-1", tags, ...props },
  references,
});
const gateway = (props: Sent["props"] = {}): Sent =>
  endpoint({ serviceName: "com.amazonaws.us-east-1.s3", routeTableIds: ["rtb-1"], ...props });
const api = (name: string, props: Sent["props"] = {}): Sent =>
  endpoint({ serviceName: `com.amazonaws.us-east-1.${name}`, vpcEndpointType: "Interface", ...props });
const PARTNER = "com.amazonaws.vpce.us-east-1.vpce-svc-0b05f1e183b417110";

const policy = (statement: Record<string, Json>): string =>
  text({ Principal: "*", Action: "*", Resource: "*", ...statement });
const OPEN = policy({});
const OURS = policy({
  Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333" } },
});

export const cases: readonly Case[] = [
  { rule: s3, when: "an endpoint leads to S3", given: [network, gateway()], result: "passes" },
  {
    rule: s3,
    when: "tables are associated one by one",
    given: [
      network,
      gateway({ routeTableIds: [] }),
      {
        type: "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        name: "association",
        props: { vpcEndpointId: "vpce-1", routeTableId: "rtb-1" },
      },
    ],
    result: "passes",
  },
  {
    rule: s3,
    when: "its tables are unknown",
    given: [network, gateway({ routeTableIds: UNKNOWN, vpcEndpointType: "Gateway" })],
    result: "passes",
  },
  { rule: s3, when: "there is none", given: [network], result: [/vpcId: no gateway endpoint leads to S3/] },
  {
    rule: s3,
    when: "there is an interface endpoint alone",
    given: [network, api("s3")],
    result: [/vpcId: no gateway endpoint/],
  },
  {
    rule: s3,
    when: "there is one for DynamoDB",
    given: [network, gateway({ serviceName: "com.amazonaws.us-east-1.dynamodb" })],
    result: [/vpcId/],
  },
  {
    rule: s3,
    when: "no table leads to it",
    given: [network, gateway({ routeTableIds: [] })],
    result: [/routeTableIds: no route table leads to this endpoint/],
  },
  { rule: s3, when: "its service is unknown", given: [network, gateway({ serviceName: UNKNOWN })], result: "waits" },

  {
    rule: inUse,
    when: "every API has one",
    given: [network, service, ...["ecr.api", "ecr.dkr", "logs", "secretsmanager"].map((name) => api(name))],
    result: "passes",
  },
  {
    rule: inUse,
    when: "two have none",
    given: [network, service, api("logs"), api("ecr.api")],
    result: [/vpcId: no interface endpoint leads to ecr\.dkr, secretsmanager/],
  },
  { rule: inUse, when: "no task runs in the network", given: [network], result: "passes" },
  {
    rule: inUse,
    when: "the setting asks for one",
    given: [network, service, api("logs")],
    result: "passes",
    config: { services: ["logs"] },
  },
  {
    rule: inUse,
    when: "a service is unknown",
    given: [network, service, endpoint({ serviceName: UNKNOWN })],
    result: "waits",
  },

  {
    rule: zones,
    when: "its subnets stand in two zones",
    given: [subnet("one", "a"), subnet("two", "b"), api("logs", { subnetIds: ["one", "two"] })],
    result: "passes",
  },
  {
    rule: zones,
    when: "its subnets are another stack's",
    given: [api("logs", { subnetIds: ["one", "two"] })],
    result: "passes",
  },
  {
    rule: zones,
    when: "its subnets are unknown, and known to come from two zones",
    given: [
      subnet("one", "a", UNKNOWN),
      subnet("two", "b", UNKNOWN),
      { ...api("logs", { subnetIds: UNKNOWN }), references: { subnetIds: ["one", "two"] } },
    ],
    result: "passes",
  },
  {
    rule: zones,
    when: "it has one subnet",
    given: [subnet("one", "a"), api("logs", { subnetIds: ["one"] })],
    result: [/subnetIds: it has addresses in 1 availability zone\b/],
  },
  {
    rule: zones,
    when: "both subnets stand in one zone",
    given: [
      subnet("one", "a"),
      subnet("two", "a"),
      api("logs", { subnetConfigurations: [{ subnetId: "one" }, { subnetId: "two" }] }),
    ],
    result: [/subnetIds/],
  },
  {
    rule: zones,
    when: "it has no subnets",
    given: [api("logs")],
    result: [/subnetIds: it has addresses in 0 availability zone/],
  },
  {
    rule: zones,
    when: "a subnet is associated",
    given: [
      subnet("one", "a"),
      subnet("two", "b"),
      api("logs", { subnetIds: ["one"] }),
      {
        type: "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
        name: "association",
        props: { vpcEndpointId: "vpce-1", subnetId: "two" },
      },
    ],
    result: "passes",
  },
  {
    rule: zones,
    when: "nothing is known of its subnets",
    given: [api("logs", { subnetIds: UNKNOWN })],
    result: "waits",
  },
  { rule: zones, when: "it is a gateway", given: [gateway()], result: "passes" },
  {
    rule: zones,
    when: "the setting asks for one",
    given: [subnet("one", "a"), api("logs", { subnetIds: ["one"] })],
    result: "passes",
    config: { zones: 1 },
  },

  { rule: dns, when: "it is on", given: api("logs", { privateDnsEnabled: true }), result: "passes" },
  { rule: dns, when: "it is on, as text", given: api("logs", { privateDnsEnabled: "true" }), result: "passes" },
  {
    rule: dns,
    when: "it is off",
    given: api("ecr.dkr", { privateDnsEnabled: false }),
    result: [/privateDnsEnabled: it is false.*Fix: set privateDnsEnabled: true/],
  },
  { rule: dns, when: "nothing is said", given: api("logs"), result: [/privateDnsEnabled: it is not set/] },
  { rule: dns, when: "it is unknown", given: api("logs", { privateDnsEnabled: UNKNOWN }), result: "waits" },
  {
    rule: dns,
    when: "the service is unknown",
    given: endpoint({ serviceName: UNKNOWN, vpcEndpointType: "Interface" }),
    result: "waits",
  },
  {
    rule: dns,
    when: "the service is somebody else's",
    given: endpoint({ serviceName: PARTNER, vpcEndpointType: "Interface" }),
    result: "passes",
  },
  { rule: dns, when: "it is a gateway", given: gateway(), result: "passes" },

  { rule: policies, when: "the policy serves our account alone", given: [gateway({ policy: OURS })], result: "passes" },
  {
    rule: policies,
    when: "anyone reaches one bucket",
    given: [gateway({ policy: policy({ Resource: "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*" }) })],
    result: "passes",
  },
  {
    rule: policies,
    when: "anyone reaches what is ours",
    given: [gateway({ policy: policy({ Condition: { StringEquals: { "aws:ResourceAccount": "111122223333" } } }) })],
    result: "passes",
  },
  {
    rule: policies,
    when: "the policy allows everything",
    given: [gateway({ policy: OPEN })],
    result: [/policy: statement 1 lets anyone reach anything through the endpoint\..*Fix: set policy/],
  },
  {
    rule: policies,
    when: "anyone reaches every bucket",
    given: [gateway({ policy: policy({ Principal: { AWS: "*" }, Resource: ["arn:aws:s3:::*"] }) })],
    result: [/policy/],
  },
  {
    rule: policies,
    when: "anyone reaches all but one bucket",
    given: [
      gateway({
        policy: JSON.stringify({
          Statement: { Effect: "Allow", Principal: "*", Action: "*", NotResource: "arn:aws:s3:::b" },
        }),
      }),
    ],
    result: [/policy/],
  },
  {
    rule: policies,
    when: "there is no policy",
    given: [api("logs")],
    result: [/policy: it is not set, and AWS then allows everything/],
  },
  {
    rule: policies,
    when: "the program leaves it out, and AWS fills it in",
    given: [endpoint({ serviceName: "com.amazonaws.us-east-1.s3", policy: UNKNOWN }, { serviceName: [] })],
    result: [/policy: it is not set/],
  },
  { rule: policies, when: "the policy is unknown", given: [gateway({ policy: UNKNOWN })], result: "waits" },
  { rule: policies, when: "the service is unknown", given: [endpoint({ serviceName: UNKNOWN })], result: "waits" },
  {
    rule: policies,
    when: "the service is somebody else's, which takes no policy",
    given: [endpoint({ serviceName: PARTNER })],
    result: "passes",
  },
  {
    rule: policies,
    when: "a policy of its own narrows it",
    given: [
      gateway({ policy: OPEN }),
      {
        type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        name: "policy",
        props: { vpcEndpointId: "vpce-1", policy: OURS },
      },
    ],
    result: "passes",
  },
  {
    rule: policies,
    when: "a policy of its own opens it",
    given: [
      gateway({ policy: OURS }),
      {
        type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        name: "policy",
        props: { vpcEndpointId: "vpce-1", policy: OPEN },
      },
    ],
    result: [/policy: statement 1/],
  },
];
