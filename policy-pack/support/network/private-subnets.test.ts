import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import { stackFrom } from "../stack.ts";
import { inPublicSubnets } from "./private-subnets.ts";
import { ROUTE, ROUTE_TABLE, SUBNET } from "./subnets.ts";

const GROUP = "aws:rds/subnetGroup:SubnetGroup";
const group = (...subnetIds: readonly string[]) => resource(GROUP, "group", { id: "group", subnetIds });
const open = resource(SUBNET, "open", { id: "open" });
const inside = resource(SUBNET, "inside", { id: "inside" });
const giving = resource(SUBNET, "giving", { id: "giving", mapPublicIpOnLaunch: "true" });
const network = [
  ...[open, inside, giving, resource(ROUTE_TABLE, "table", { id: "table" })],
  resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "of-open", {
    subnetId: "open",
    routeTableId: "table",
  }),
  resource(ROUTE, "route", { routeTableId: "table", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }),
];
const reasons = (...resources: Parameters<typeof stackFrom>[0]): readonly string[] =>
  inPublicSubnets(stackFrom([...network, ...resources]), [GROUP], "subnetIds").map((finding) =>
    "wrong" in finding ? finding.wrong : "unknown",
  );

describe("data stores in public subnets", () => {
  it("are told why each of their subnets is public", () => {
    assert.deepEqual(reasons(group("inside", "open", "giving")), [
      '"open" is a public subnet, since its routes lead to an internet gateway',
      '"giving" is a public subnet, since it gives public addresses',
    ]);
  });

  it("are found also before ids are known", () => {
    assert.equal(reasons(resource(GROUP, "group", { subnetIds: [unknown] }, { subnetIds: [giving] })).length, 1);
  });

  it("are none where all subnets are private, or another stack's", () => {
    assert.deepEqual(reasons(group("inside", "subnet-elsewhere")), []);
    assert.deepEqual(reasons(), []);
  });
});
