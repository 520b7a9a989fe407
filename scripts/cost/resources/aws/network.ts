import { type Amount, amount } from "../../money.ts";
import { between, exactly, times } from "../../range.ts";
import {
  type CostResource,
  type Entries,
  free,
  hoursPerMonth,
  notPriced,
  type Part,
  priced,
  type World,
} from "../entry.ts";
import { isUnknown, listOf, textOf, valueOf } from "../read.ts";
import { shareAmong, shareOf } from "../share.ts";

const vpcEndpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const partOfTheNetwork = free("Networks, subnets, routes, and their rules are free.");

/** Amazon VPC. */
export const network: Entries = {
  "aws:ec2/natGateway:NatGateway": priced(natParts),
  "aws:ec2/eip:Eip": priced(addressParts),
  [vpcEndpoint]: priced(endpointParts),
  "aws:ec2/flowLog:FlowLog": free("Charged by the log group or the bucket that it writes to."),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": partOfTheNetwork,
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": partOfTheNetwork,
  "aws:ec2/defaultRouteTable:DefaultRouteTable": partOfTheNetwork,
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": partOfTheNetwork,
  "aws:ec2/internetGateway:InternetGateway": partOfTheNetwork,
  "aws:ec2/managedPrefixList:ManagedPrefixList": partOfTheNetwork,
  "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry": partOfTheNetwork,
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": partOfTheNetwork,
  "aws:ec2/networkAcl:NetworkAcl": partOfTheNetwork,
  "aws:ec2/networkAclRule:NetworkAclRule": partOfTheNetwork,
  "aws:ec2/route:Route": partOfTheNetwork,
  "aws:ec2/routeTable:RouteTable": partOfTheNetwork,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": partOfTheNetwork,
  "aws:ec2/securityGroup:SecurityGroup": partOfTheNetwork,
  "aws:ec2/securityGroupRule:SecurityGroupRule": partOfTheNetwork,
  "aws:ec2/subnet:Subnet": partOfTheNetwork,
  "aws:ec2/vpc:Vpc": partOfTheNetwork,
  "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": partOfTheNetwork,
  "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": partOfTheNetwork,
  "aws:ec2/eipAssociation:EipAssociation": free("The address itself is charged."),
  "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": free("The endpoint itself is charged."),
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": free("Gateway endpoints are free."),
  "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": notPriced(
    "A zone added apart from the endpoint is not counted: give the endpoint its subnets.",
  ),
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": free("Peering is free; data between zones and regions is not."),
  "aws:ec2transitgateway/transitGateway:TransitGateway": notPriced(
    "Attachments and data of transit gateways are not in prices.csv.",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": partOfTheNetwork,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": partOfTheNetwork,
};

function natParts(gateway: CostResource, world: World): readonly Part[] {
  // Its public address is an elastic IP, which is a resource of its own.
  return [
    { price: "nat-gateway-hour", quantity: exactly(hoursPerMonth) },
    { price: "nat-gateway-data", ...shareAmong(world.usage.natGb, gateway, world) },
  ];
}

function addressParts(address: CostResource, world: World): readonly Part[] {
  const pool = textOf(address, "publicIpv4Pool", "amazon");
  if (!isUnknown(pool) && pool !== "amazon") return [{ free: "An address of one's own range is not charged." }];
  return [
    {
      price: isUsed(address, world) ? "public-ipv4-in-use" : "public-ipv4-idle",
      quantity: exactly(hoursPerMonth),
    },
  ];
}

/** What can hold an elastic IP, and by which property. */
const holders: readonly (readonly [type: string, property: string])[] = [
  ["aws:ec2/natGateway:NatGateway", "allocationId"],
  ["aws:ec2/eipAssociation:EipAssociation", "allocationId"],
  ["aws:lb/loadBalancer:LoadBalancer", "subnetMappings"],
];

const isUsed = (address: CostResource, world: World): boolean =>
  ["instance", "networkInterface"].some((property) => (valueOf(address, property) ?? "") !== "") ||
  holders.some(([type, property]) =>
    world.ofType(type).some((holder) => world.references(holder, property).some(({ urn }) => urn === address.urn)),
  );

function endpointParts(endpoint: CostResource, world: World): readonly Part[] {
  const type = typeOf(endpoint);
  if (type === "Gateway") return [{ free: "Gateway endpoints, for S3 and DynamoDB, are free." }];
  if (type !== "Interface") return [{ notPriced: `A VPC endpoint of type ${type} is not in prices.csv.` }];
  const zones = zonesOf(endpoint);
  const interfaces = world.ofType(vpcEndpoint).filter((one) => typeOf(one) === "Interface").length;
  return [
    {
      price: "interface-endpoint-hour",
      quantity: times(zones ?? between(1, 2, 3), hoursPerMonth),
      property: "subnetIds",
      ...(zones === undefined && { assumption: "Its subnets are not known yet: two zones, between one and three." }),
    },
    { price: "interface-endpoint-data", ...shareOf(world.usage.endpointGb, interfaces) },
  ];
}

function typeOf(endpoint: CostResource): string {
  const type = textOf(endpoint, "vpcEndpointType", "Gateway");
  return isUnknown(type) ? "Interface" : type;
}

function zonesOf(endpoint: CostResource) {
  const subnets = listOf(endpoint, "subnetIds");
  return isUnknown(subnets) ? undefined : exactly(zoneCount(subnets.length));
}

/** An endpoint that names no subnet has none, and costs nothing until it does. */
const zoneCount = (subnets: number): Amount => amount(subnets);
