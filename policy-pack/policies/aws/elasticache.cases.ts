import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { SOUND, cluster, group, member, memcached, redis, serverless } from "../../test/sent/elasticache.ts";

const subnet = (name: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/subnet:Subnet",
  name,
  props: { id: `subnet-${name}`, ...props },
});
const subnetGroup = (subnetIds: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:elasticache/subnetGroup:SubnetGroup",
  name: "cache",
  props: { id: "cache", subnetIds },
  references,
});
const routed: readonly Sent[] = [
  { type: "aws:ec2/internetGateway:InternetGateway", name: "igw", props: { id: "igw-0a" } },
  { type: "aws:ec2/routeTable:RouteTable", name: "table", props: { id: "rtb-0a", routes: [] } },
  {
    type: "aws:ec2/route:Route",
    name: "out",
    props: { id: "r-0a", routeTableId: "rtb-0a", gatewayId: "igw-0a", destinationCidrBlock: "0.0.0.0/0" },
  },
  {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    name: "a-out",
    props: { id: "as-0a", routeTableId: "rtb-0a", subnetId: "subnet-a" },
  },
];
const routedUnknown: readonly Sent[] = [
  { type: "aws:ec2/internetGateway:InternetGateway", name: "igw", props: { id: UNKNOWN } },
  {
    type: "aws:ec2/routeTable:RouteTable",
    name: "table",
    props: { id: UNKNOWN, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: UNKNOWN }] },
    references: { routes: ["igw"] },
  },
  {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    name: "a-out",
    props: { id: UNKNOWN, routeTableId: UNKNOWN, subnetId: UNKNOWN },
    references: { routeTableId: ["table"], subnetId: ["a"] },
  },
];

const atRest = "elasticache-encrypted-at-rest";
const inTransit = "elasticache-encrypted-in-transit";
const subnets = "elasticache-in-private-subnets";
const logs = "elasticache-logs-delivered";
const bounded = "elasticache-serverless-bounded";

export const cases: readonly Case[] = [
  ...aboutProperty({
    rule: atRest,
    sound: redis(),
    property: "atRestEncryptionEnabled",
    passes: [true, "true"],
    fails: [false, "false"],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: atRest,
    sound: group(),
    property: "atRestEncryptionEnabled",
    passes: [true],
    fails: [false],
    absent: "passes",
    unknown: "refused",
  }),
  {
    rule: atRest,
    when: "Redis is a cluster of its own",
    given: cluster({ engine: "redis" }),
    result: [/engine: it is "redis", and a cluster of its own cannot encrypt.*Fix: use aws\.elasticache\.Repl/],
  },
  {
    rule: atRest,
    when: "a cluster's engine is unknown",
    given: cluster({ engine: UNKNOWN }),
    result: [/engine: its value is not known/],
  },
  { rule: atRest, when: "Memcached is a cluster of its own", given: memcached, result: "passes" },
  { rule: atRest, when: "a cluster is a member of a group", given: member, result: "passes" },

  ...aboutProperty({
    rule: inTransit,
    sound: group(),
    property: "transitEncryptionEnabled",
    passes: [true, "true"],
    fails: [false, "false"],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: inTransit,
    sound: group(),
    property: "transitEncryptionMode",
    passes: ["required"],
    fails: ["preferred"],
    absent: "passes",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: inTransit,
    sound: memcached,
    property: "transitEncryptionEnabled",
    passes: [true],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  { rule: inTransit, when: "a cluster is a member of a group", given: member, result: "passes" },

  ...aboutProperty({
    rule: subnets,
    sound: group(),
    property: "subnetGroupName",
    passes: ["cache-isolated", "defaults-of-mine"],
    fails: ["default"],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: subnets,
    sound: memcached,
    property: "subnetGroupName",
    passes: ["cache-isolated"],
    fails: ["default"],
    absent: "fails",
    unknown: "waits",
  }),
  { rule: subnets, when: "a cluster is a member of a group", given: member, result: "passes" },
  ...aboutProperty({
    rule: subnets,
    sound: serverless(),
    property: "subnetIds",
    passes: [["subnet-0a"]],
    absent: "fails",
    unknown: "waits",
  }),
  {
    rule: subnets,
    when: "a serverless cache has an empty list of subnets",
    given: serverless({ subnetIds: [] }),
    result: [/subnetIds: it is \[\]/],
  },
  {
    rule: subnets,
    when: "its subnets have no way out",
    given: [subnet("a"), subnet("b"), ...routed.slice(0, 3), subnetGroup(["subnet-a", "subnet-b"])],
    result: "passes",
  },
  {
    rule: subnets,
    when: "a subnet gives public addresses",
    given: [subnet("a"), subnet("b", { mapPublicIpOnLaunch: true }), subnetGroup(["subnet-a", "subnet-b"])],
    result: [/subnetIds: "b" is a public subnet, since it gives public addresses/],
  },
  {
    rule: subnets,
    when: "a subnet's routes lead to an internet gateway",
    given: [subnet("a"), ...routed, subnetGroup(["subnet-a"])],
    result: [/subnetIds: "a" is a public subnet, since its routes lead to an internet gateway/],
  },
  {
    rule: subnets,
    when: "all ids are unknown and the routes lead to an internet gateway",
    given: [subnet("a", { id: UNKNOWN }), ...routedUnknown, subnetGroup([UNKNOWN], { subnetIds: ["a"] })],
    result: [/subnetIds: "a" is a public subnet/],
  },
  {
    rule: subnets,
    when: "all ids are unknown and it refers to another subnet",
    given: [
      subnet("a", { id: UNKNOWN }),
      subnet("b", { id: UNKNOWN }),
      ...routedUnknown,
      subnetGroup([UNKNOWN], { subnetIds: ["b"] }),
    ],
    result: "passes",
  },

  ...aboutProperty({
    rule: "elasticache-own-parameter-group",
    sound: group(),
    property: "parameterGroupName",
    passes: ["cache-valkey"],
    fails: ["default.valkey8", "default"],
    absent: "fails",
    unknown: "waits",
  }),
  {
    rule: logs,
    when: "both logs are sent",
    given: group(),
    result: "passes",
  },
  {
    rule: logs,
    when: "one is sent",
    given: group({ logDeliveryConfigurations: SOUND.logDeliveryConfigurations.slice(0, 1) }),
    result: [/logDeliveryConfigurations: engine-log is missing/],
  },
  {
    rule: logs,
    when: "none is configured",
    given: { type: "aws:elasticache/replicationGroup:ReplicationGroup", props: {} },
    result: [/logDeliveryConfigurations: slow-log and engine-log is missing/],
  },
  { rule: logs, when: "the list is unknown", given: group({ logDeliveryConfigurations: UNKNOWN }), result: "waits" },

  ...aboutProperty({
    rule: bounded,
    sound: serverless(),
    property: "cacheUsageLimits.dataStorage.maximum",
    passes: [10, "10"],
    fails: [0, "0"],
    absent: "fails",
    unknown: "refused",
  }).filter(({ when }) => !when.startsWith("cacheUsageLimits is absent")),
  ...aboutProperty({
    rule: bounded,
    sound: serverless(),
    property: "cacheUsageLimits.ecpuPerSeconds",
    passes: [[{ maximum: 5000 }]],
    fails: [[]],
    absent: "fails",
    unknown: "refused",
  }).filter(({ when }) => !when.startsWith("cacheUsageLimits is absent")),
  {
    rule: bounded,
    when: "there are no limits",
    given: { type: "aws:elasticache/serverlessCache:ServerlessCache", props: { engine: "valkey" } },
    result: [
      /cacheUsageLimits\.dataStorage\.maximum: it is not set/,
      /cacheUsageLimits\.ecpuPerSeconds: it is not set/,
    ],
  },

  ...[group(), serverless()].flatMap((sound) =>
    aboutProperty({
      rule: "elasticache-customer-key",
      sound,
      property: "kmsKeyId",
      passes: ["arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d"],
      fails: [""],
      absent: "fails",
      unknown: "waits",
    }),
  ),
  ...aboutProperty({
    rule: "elasticache-port-not-default",
    sound: group(),
    property: "port",
    passes: [6380, "6380"],
    fails: [6379, "6379"],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: "elasticache-port-not-default",
    sound: memcached,
    property: "port",
    passes: [11300],
    fails: [11211],
    absent: "fails",
    unknown: "refused",
  }),
];
