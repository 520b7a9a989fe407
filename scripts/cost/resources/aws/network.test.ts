import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const gateway = (name: string, address = "address"): Given => ({
  type: "aws:ec2/natGateway:NatGateway",
  name,
  refers: { allocationId: [address] },
});
const address: Given = { type: "aws:ec2/eip:Eip", name: "address" };
const endpoint = (inputs: Given["inputs"]): Given => ({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  name: "endpoint",
  inputs,
});

describe("a network", () => {
  itCosts([
    {
      what: "charges a NAT gateway by the hour and by what passes",
      given: gateway("nat"),
      lines: ["nat-gateway-hour 730", "nat-gateway-data 100..1000..10000 ~"],
    },
    {
      what: "shares what passes among its NAT gateways",
      given: gateway("nat"),
      among: [gateway("nat-2")],
      lines: ["nat-gateway-hour 730", "nat-gateway-data 50..500..5000 ~"],
      says: /Shared by 2/,
    },
    {
      what: "charges the address of a NAT gateway",
      given: address,
      among: [gateway("nat")],
      lines: ["public-ipv4-in-use 730"],
    },
    { what: "charges an address that nothing uses", given: address, lines: ["public-ipv4-idle 730"] },
    {
      what: "knows an address by the instance that holds it",
      given: { ...address, inputs: { instance: "i-0123" } },
      lines: ["public-ipv4-in-use 730"],
    },
    {
      what: "does not charge an address of one's own range",
      given: { ...address, inputs: { publicIpv4Pool: "ipv4pool-ec2-0123" } },
      lines: ["free: An address of one's own range"],
    },
    {
      what: "charges an interface endpoint in each of its zones",
      given: endpoint({ vpcEndpointType: "Interface", subnetIds: ["a", "b"] }),
      lines: ["interface-endpoint-hour 1460", "interface-endpoint-data 100..1000..10000 ~"],
    },
    {
      what: "gives a span of zones where subnets are not known yet",
      given: endpoint({ vpcEndpointType: "Interface", subnetIds: UNKNOWN }),
      lines: ["interface-endpoint-hour 730..1460..2190 ~", "interface-endpoint-data 100..1000..10000 ~"],
      says: /not known yet: two zones/,
    },
    {
      what: "is a line of 0 for an endpoint in no subnet",
      given: endpoint({ vpcEndpointType: "Interface" }),
      lines: ["interface-endpoint-hour 0", "interface-endpoint-data 100..1000..10000 ~"],
    },
    {
      what: "has free endpoints for S3, which is what an endpoint is by default",
      given: endpoint({}),
      lines: ["free: Gateway endpoints"],
    },
    {
      what: "does not price endpoints of load balancers",
      given: endpoint({ vpcEndpointType: "GatewayLoadBalancer" }),
      lines: ["not priced: A VPC endpoint of type GatewayLoadBalancer"],
    },
    { what: "charges nothing for subnets", given: { type: "aws:ec2/subnet:Subnet" }, lines: ["free: Networks"] },
  ]);
});
