import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const flowLogs = "vpc-flow-log-enabled";
const defaults = "vpc-default-vpc-not-used";
const zones = "vpc-subnets-in-two-zones";
const apart = "vpc-private-subnets-present";
const addresses = "vpc-private-subnet-maps-no-public-ip";
const opened = "vpc-private-subnet-not-routed-to-internet-gateway";
const nat = "vpc-nat-gateways-per-zone";
const peering = "vpc-peering-route-not-to-everywhere";

const network = (id: Json = "vpc-1"): Sent => ({
  type: "aws:ec2/vpc:Vpc",
  name: "network",
  props: { id, cidrBlock: "10.0.0.0/16", defaultRouteTableId: "rtb-main", tags },
});
const flowLog = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/flowLog:FlowLog",
  name: "log",
  props: { vpcId: "vpc-1", trafficType: "ALL", tags, ...props },
  references,
});
const subnet = (name: string, zone: Json, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/subnet:Subnet",
  name,
  props: { id: name, vpcId: "vpc-1", availabilityZone: zone, mapPublicIpOnLaunch: false, tags, ...props },
});
const table = (name: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/routeTable:RouteTable",
  name,
  props: { id: name, vpcId: "vpc-1", tags, ...props },
});
const associated = (subnetId: string, routeTableId: string): Sent => ({
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  name: `${subnetId} ${routeTableId}`,
  props: { subnetId, routeTableId },
});
const route = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/route:Route",
  name: `route ${JSON.stringify(props)}`,
  props: { destinationCidrBlock: "0.0.0.0/0", ...props },
  references,
});
const gateway = (id: Json = "igw-1"): Sent => ({
  type: "aws:ec2/internetGateway:InternetGateway",
  name: "gateway",
  props: { id, vpcId: "vpc-1", tags },
});
const natGateway = (name: string, subnetId: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/natGateway:NatGateway",
  name,
  props: { id: name, subnetId, tags, ...props },
});
const balancer = (props: Sent["props"]): Sent => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "balancer",
  props: { internal: false, tags, ...props },
});

/** A private subnet of one table, and the route of it. */
const led = (props: Sent["props"], place: Sent["props"] = {}): Sent[] => [
  gateway(),
  subnet("private", "a", place),
  table("table"),
  associated("private", "table"),
  route({ routeTableId: "table", ...props }),
];
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

  {
    rule: zones,
    when: "subnets stand in two",
    given: [network(), subnet("one", "a"), subnet("two", "b")],
    result: "passes",
  },
  {
    rule: zones,
    when: "zones are given by their ids",
    given: [
      network(),
      subnet("one", "", { availabilityZoneId: "use1-az1" }),
      subnet("two", UNKNOWN, { availabilityZoneId: "use1-az2" }),
    ],
    result: "passes",
  },
  {
    rule: zones,
    when: "all subnets stand in one",
    given: [network(), subnet("one", "a"), subnet("two", "a")],
    result: [/availabilityZone: all subnets of "network" stand in a\b/],
  },
  {
    rule: zones,
    when: "the setting asks for three",
    given: [network(), subnet("one", "a"), subnet("two", "b")],
    result: [/stand in a, b\..*3 in all/],
    config: { zones: 3 },
  },
  {
    rule: zones,
    when: "a zone is AWS's choice",
    given: [network(), subnet("one", "a"), subnet("two", UNKNOWN)],
    result: "waits",
  },
  { rule: zones, when: "the network has no subnets", given: [network()], result: "passes" },

  {
    rule: apart,
    when: "one subnet leads to the internet, and one does not",
    given: [network(), ...led({ gatewayId: "igw-1" }), subnet("isolated", "a")],
    result: "passes",
  },
  {
    rule: apart,
    when: "every subnet leads to the internet",
    given: [network(), ...led({ gatewayId: "igw-1" })],
    result: [/vpcId: every subnet of "network" has a route to the internet gateway/],
  },
  {
    rule: apart,
    when: "the main route table leads all subnets to the internet",
    given: [
      network(),
      gateway(),
      subnet("one", "a"),
      {
        type: "aws:ec2/defaultRouteTable:DefaultRouteTable",
        name: "main",
        props: {
          id: "rtb-main",
          defaultRouteTableId: "rtb-main",
          routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }],
          tags,
        },
      },
    ],
    result: [/every subnet/],
  },

  { rule: addresses, when: "a private subnet gives none", given: [subnet("private", "a")], result: "passes" },
  {
    rule: addresses,
    when: "nothing is said, and the default is none",
    given: [{ type: "aws:ec2/subnet:Subnet", name: "private", props: { vpcId: "vpc-1", tags } }],
    result: "passes",
  },
  {
    rule: addresses,
    when: "a public subnet gives them",
    given: led({ gatewayId: "igw-1" }, { mapPublicIpOnLaunch: true }),
    result: "passes",
  },
  {
    rule: addresses,
    when: "a private subnet gives them",
    given: [...led({ natGatewayId: "nat-1" }, { mapPublicIpOnLaunch: true })],
    result: [/mapPublicIpOnLaunch: what starts in this private subnet.*Fix: set mapPublicIpOnLaunch: false/],
  },
  {
    rule: addresses,
    when: "a private subnet gives them, as text",
    given: [subnet("private", "a", { mapPublicIpOnLaunch: "true" })],
    result: [/mapPublicIpOnLaunch/],
  },
  {
    rule: addresses,
    when: "it is unknown",
    given: [subnet("private", "a", { mapPublicIpOnLaunch: UNKNOWN })],
    result: "waits",
  },

  { rule: opened, when: "a private subnet leads to NAT", given: led({ natGatewayId: "nat-1" }), result: "passes" },
  {
    rule: opened,
    when: "a private subnet leads to the internet",
    given: led({ gatewayId: "igw-1" }),
    result: [
      /gatewayId: it opens the private subnet "private" to the internet\..*Fix: lead the route to a NAT gateway/,
    ],
  },
  {
    rule: opened,
    when: "a private subnet leads to the internet over IPv6",
    given: led({ destinationCidrBlock: "", destinationIpv6CidrBlock: "::/0", gatewayId: "igw-9" }),
    result: [/gatewayId/],
  },
  {
    rule: opened,
    when: "the route stands inline",
    given: [
      gateway(),
      subnet("private", "a"),
      table("table", { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] }),
      associated("private", "table"),
    ],
    result: [/routes: it opens the private subnet/],
  },
  {
    rule: opened,
    when: "a table has no routes of its own",
    given: [gateway(), subnet("private", "a"), table("table"), associated("private", "table")],
    result: "passes",
  },
  {
    rule: opened,
    when: "ids are unknown",
    given: [
      gateway(UNKNOWN),
      { ...subnet("private", "a", { id: UNKNOWN }) },
      table("table", { id: UNKNOWN }),
      {
        ...associated("private", "table"),
        props: { subnetId: UNKNOWN, routeTableId: UNKNOWN },
        references: { subnetId: ["private"], routeTableId: ["table"] },
      },
      route({ routeTableId: UNKNOWN, gatewayId: UNKNOWN }, { routeTableId: ["table"], gatewayId: ["gateway"] }),
    ],
    result: [/gatewayId/],
  },
  {
    rule: opened,
    when: "nobody knows yet whether the subnet is public",
    given: led({ gatewayId: "igw-1" }, { mapPublicIpOnLaunch: UNKNOWN }),
    result: "waits",
  },
  {
    rule: opened,
    when: "the subnet gives public addresses",
    given: led({ gatewayId: "igw-1" }, { mapPublicIpOnLaunch: "true" }),
    result: "passes",
  },
  {
    rule: opened,
    when: "a NAT gateway stands in the subnet",
    given: [...led({ gatewayId: "igw-1" }), natGateway("nat", "private")],
    result: "passes",
  },
  {
    rule: opened,
    when: "a load balancer of the internet stands in the subnet",
    given: [...led({ gatewayId: "igw-1" }), balancer({ subnets: ["private"] })],
    result: "passes",
  },
  {
    rule: opened,
    when: "an internal load balancer stands in the subnet",
    given: [...led({ gatewayId: "igw-1" }), balancer({ subnetMappings: [{ subnetId: "private" }], internal: true })],
    result: [/gatewayId/],
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
