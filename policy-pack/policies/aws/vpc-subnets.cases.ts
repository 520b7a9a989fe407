import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { associated, natGateway, network, route, subnet, table } from "../../test/sent/vpc.ts";

const zones = "vpc-subnets-in-two-zones";
const apart = "vpc-private-subnets-present";
const addresses = "vpc-private-subnet-maps-no-public-ip";
const opened = "vpc-private-subnet-not-routed-to-internet-gateway";

const gateway = (id: Json = "igw-1"): Sent => ({
  type: "aws:ec2/internetGateway:InternetGateway",
  name: "gateway",
  props: { id, vpcId: "vpc-1", tags },
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

export const cases: readonly Case[] = [
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
];
