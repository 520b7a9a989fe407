import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { associated, natGateway, network, route, subnet, table } from "../../test/sent/vpc.ts";

const flowLogs = "vpc-flow-log-enabled";
const defaults = "vpc-default-vpc-not-used";
const nat = "vpc-nat-gateways-per-zone";
const peering = "vpc-peering-route-not-to-everywhere";
const flowLog = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/flowLog:FlowLog",
  name: "log",
  props: { vpcId: "vpc-1", trafficType: "ALL", tags, ...props },
  references,
});
const twoZones = (second: string): Sent[] => [
  ...["a", "b"].flatMap((zone) => [
    subnet(`public-${zone}`, zone),
    subnet(`private-${zone}`, zone),
    table(`table-${zone}`),
    associated(`private-${zone}`, `table-${zone}`),
  ]),
  natGateway("nat-a", "public-a"),
  natGateway("nat-b", "public-b"),
  route({ routeTableId: "table-a", natGatewayId: "nat-a" }),
  route({ routeTableId: "table-b", natGatewayId: second }),
];
const oneGateway = twoZones("nat-a").filter(({ name }) => name !== "nat-b");

export const cases: readonly Case[] = [
  { rule: flowLogs, when: "a log names the network", given: [network(), flowLog()], result: "passes" },
  {
    rule: flowLogs,
    when: "a log names the network, whose id is unknown",
    given: [network(UNKNOWN), flowLog({ vpcId: UNKNOWN }, { vpcId: ["network"] })],
    result: "passes",
  },
  {
    rule: flowLogs,
    when: "no log names the network",
    given: [network(), flowLog({ vpcId: "vpc-2" })],
    result: [/vpcId: no flow log names this network\..*Fix: add an aws\.ec2\.FlowLog/],
  },
  { rule: flowLogs, when: "it records everything", given: flowLog(), result: "passes" },
  {
    rule: flowLogs,
    when: "it records what is let in alone",
    given: flowLog({ trafficType: "ACCEPT" }),
    result: [/trafficType: it records ACCEPT alone\..*Fix: set trafficType: "ALL"/],
  },
  {
    rule: flowLogs,
    when: "it does not say what it records",
    given: { type: "aws:ec2/flowLog:FlowLog", props: { vpcId: UNKNOWN, tags } },
    result: [/trafficType: it records nothing that is said/],
  },
  {
    rule: flowLogs,
    when: "what it records is unknown",
    given: flowLog({ trafficType: UNKNOWN }),
    result: [/not known at preview/],
  },
  {
    rule: flowLogs,
    when: "it is a transit gateway's",
    given: { type: "aws:ec2/flowLog:FlowLog", props: { transitGatewayId: "tgw-1", tags } },
    result: "passes",
  },
  {
    rule: flowLogs,
    when: "the setting takes refused traffic for enough",
    given: flowLog({ trafficType: "REJECT" }),
    result: "passes",
    config: { traffic: ["ALL", "REJECT"] },
  },
  {
    rule: defaults,
    when: "the default network is adopted",
    given: { type: "aws:ec2/defaultVpc:DefaultVpc", props: { tags } },
    result: [/type: it takes up the account's default network \(DefaultVpc\)/],
  },
  {
    rule: defaults,
    when: "a default subnet is adopted",
    given: { type: "aws:ec2/defaultSubnet:DefaultSubnet", props: { availabilityZone: "us-east-1a", tags } },
    result: [/DefaultSubnet/],
  },
  {
    rule: defaults,
    when: "a security group names no network",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { tags } },
    result: [/vpcId: it is not set/],
  },
  {
    rule: defaults,
    when: "a security group names nothing",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { vpcId: "", tags } },
    result: [/vpcId: it is not set/],
  },
  {
    rule: defaults,
    when: "a security group names one",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { vpcId: "vpc-1", tags } },
    result: "passes",
  },
  {
    rule: defaults,
    when: "a security group will name one, whose id is unknown",
    given: { type: "aws:ec2/securityGroup:SecurityGroup", props: { vpcId: UNKNOWN, tags } },
    result: "waits",
  },
  { rule: nat, when: "each zone has its own", given: twoZones("nat-b"), result: "passes" },
  { rule: nat, when: "nothing goes out through NAT", given: [subnet("one", "a")], result: "passes" },
  {
    rule: nat,
    when: "two zones share one",
    given: oneGateway,
    result: [/availabilityZone: its way out is the NAT gateway of another zone than b/],
  },
  {
    rule: nat,
    when: "a zone uses the other one's",
    given: twoZones("nat-a"),
    result: [/availabilityZone: its way out/],
  },
  {
    rule: nat,
    when: "a zone is unknown",
    given: twoZones("nat-b").map((sent) =>
      sent.name === "public-b" ? { ...sent, props: { ...sent.props, availabilityZone: UNKNOWN } } : sent,
    ),
    result: "waits",
  },
  {
    rule: nat,
    when: "one gateway serves the whole region",
    given: [
      ...oneGateway.filter(({ name }) => name !== "nat-a"),
      natGateway("nat-a", "", { availabilityMode: "regional" }),
    ],
    result: "passes",
  },
  {
    rule: nat,
    when: "one is enough",
    given: oneGateway,
    result: "passes",
    config: { strategy: "at-most-one" },
  },
  {
    rule: nat,
    when: "one is enough, and there are two",
    given: twoZones("nat-b"),
    result: [/subnetId: this environment has another NAT gateway already/],
    config: { strategy: "at-most-one" },
  },
  {
    rule: nat,
    when: "one is enough, and the subnet of neither is known",
    given: [natGateway("nat-a", UNKNOWN), natGateway("nat-b", UNKNOWN)],
    result: [/subnetId/],
    config: { strategy: "at-most-one" },
  },
  {
    rule: nat,
    when: "one is enough, and the other one is private",
    given: [natGateway("nat-a", "public-a"), natGateway("nat-b", "public-b", { connectivityType: "private" })],
    result: "passes",
    config: { strategy: "at-most-one" },
  },
  {
    rule: peering,
    when: "a route names the other network's range",
    given: route({ destinationCidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: "pcx-1" }),
    result: "passes",
  },
  {
    rule: peering,
    when: "everything goes to the other network",
    given: route({ vpcPeeringConnectionId: UNKNOWN }),
    result: [/destinationCidrBlock: it leads 0\.0\.0\.0\/0 into a peered network/],
  },
  {
    rule: peering,
    when: "everything goes there over IPv6",
    given: {
      type: "aws:ec2/route:Route",
      props: { destinationIpv6CidrBlock: "::/0", vpcPeeringConnectionId: "pcx-1" },
    },
    result: [/destinationIpv6CidrBlock: it leads ::\/0/],
  },
  {
    rule: peering,
    when: "a table leads everything there",
    given: table("table", {
      routes: [
        { cidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: "pcx-1" },
        { cidrBlock: "0.0.0.0/0", vpcPeeringConnectionId: "pcx-1" },
      ],
    }),
    result: [/routes\[1\]\.cidrBlock: it leads 0\.0\.0\.0\/0/],
  },
  { rule: peering, when: "everything goes to NAT", given: route({ natGatewayId: "nat-1" }), result: "passes" },
  { rule: peering, when: "a table has no routes", given: table("table"), result: "passes" },
  {
    rule: peering,
    when: "the destination is a prefix list",
    given: { type: "aws:ec2/route:Route", props: { destinationPrefixListId: "pl-1", vpcPeeringConnectionId: "pcx-1" } },
    result: "passes",
  },
  {
    rule: peering,
    when: "a table's route names a prefix list",
    given: table("table", { routes: [{ destinationPrefixListId: "pl-1", vpcPeeringConnectionId: "pcx-1" }] }),
    result: "passes",
  },
  {
    rule: peering,
    when: "the destination is unknown",
    given: route({ destinationCidrBlock: UNKNOWN, vpcPeeringConnectionId: "pcx-1" }),
    result: "waits",
  },
  { rule: peering, when: "all routes are unknown", given: table("table", { routes: UNKNOWN }), result: "waits" },
];
