import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { StackResource } from "../rule.ts";
import { stackFrom } from "../stack.ts";
import type { PlainMap } from "../unknown.ts";
import { DEFAULT_ROUTE_TABLE, NAT_GATEWAY, ROUTE, ROUTE_TABLE, SUBNET, VPC, routesOf, zoneOf } from "./subnets.ts";

const located = (
  type: string,
  name: string,
  props: PlainMap = {},
  references: Readonly<Record<string, readonly StackResource[]>> = {},
): StackResource => resource(type, name, { id: name, ...props }, references);

const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const MAIN_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";

const network = located(VPC, "vpc", { defaultRouteTableId: "rtb-main" });
const one = located(SUBNET, "one", { vpcId: "vpc" });
const two = located(SUBNET, "two", { vpcId: "vpc" });
const table = located(ROUTE_TABLE, "table", { vpcId: "vpc" });
const ofOne = located(ASSOCIATION, "association", { subnetId: "one", routeTableId: "table" });
const nat = located(NAT_GATEWAY, "nat", {});

const routes = (...more: readonly StackResource[]) => {
  const { internet, nat: gateways } = routesOf(stackFrom([network, one, two, table, ofOne, nat, ...more]));
  const names = (subnets: Iterable<StackResource>) => [...subnets].map(({ name }) => name);
  return { internet: names(internet.keys()), nat: names(gateways.keys()) };
};
const everywhere = { routeTableId: "table", destinationCidrBlock: "0.0.0.0/0" };

describe("routesOf", () => {
  for (const [when, more, expected] of [
    ["nothing leads out", [], { internet: [], nat: [] }],
    [
      "a route leads to the internet",
      [located(ROUTE, "r", { ...everywhere, gatewayId: "igw-1" })],
      { internet: ["one"], nat: [] },
    ],
    [
      "a route leads to NAT",
      [located(ROUTE, "r", { ...everywhere, natGatewayId: "nat" })],
      { internet: [], nat: ["one"] },
    ],
    [
      "a route leads to one range alone",
      [located(ROUTE, "r", { routeTableId: "table", destinationCidrBlock: "10.1.0.0/16", gatewayId: "igw-1" })],
      { internet: [], nat: [] },
    ],
    [
      "the network's own table leads to the internet",
      [
        located(DEFAULT_ROUTE_TABLE, "main", {
          defaultRouteTableId: "rtb-main",
          routes: [{ ipv6CidrBlock: "::/0", gatewayId: "igw-1" }],
        }),
      ],
      { internet: ["two"], nat: [] },
    ],
    [
      "the network's own table is known by reference alone",
      [
        located(
          DEFAULT_ROUTE_TABLE,
          "main",
          { defaultRouteTableId: unknown, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] },
          { defaultRouteTableId: [network] },
        ),
      ],
      { internet: ["two"], nat: [] },
    ],
    [
      "a table is made the main one",
      [
        located(MAIN_ASSOCIATION, "main", { vpcId: "vpc", routeTableId: "table" }),
        located(ROUTE, "r", { ...everywhere, natGatewayId: "nat" }),
      ],
      { internet: [], nat: ["one", "two"] },
    ],
  ] as const)
    it(`finds where subnets lead when ${when}`, () => {
      assert.deepEqual(routes(...more), expected);
    });
});

describe("zoneOf", () => {
  it("takes the zone's name, or its id where that is all there is", () => {
    assert.equal(zoneOf(located(SUBNET, "s", { availabilityZone: "a", availabilityZoneId: "1" })), "a");
    assert.equal(zoneOf(located(SUBNET, "s", { availabilityZoneId: "1" })), "1");
    assert.equal(zoneOf(located(SUBNET, "s", { availabilityZone: unknown, availabilityZoneId: "1" })), "1");
    assert.equal(zoneOf(located(SUBNET, "s", { availabilityZone: unknown })), unknown);
    assert.equal(zoneOf(located(SUBNET, "s", {})), undefined);
  });
});
