import { regionalArn } from "../arn.ts";
import { addressIn, contains, overlaps, parseCidr } from "../cidr.ts";
import { flagAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { cidrFailures, ec2Id, idsOf, vpcOf, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, type Holder, holders, reference, valueOf } from "./lookup.ts";
import { zonesOf } from "./zones.ts";

export const SUBNET = "aws:ec2/subnet:Subnet";

export const subnetReference = (property = "subnetId") =>
  reference(property, [SUBNET], "id", "InvalidSubnetID.NotFound", (id) => `The subnet ID '${id}' does not exist`);

/** What has an address in a subnet, so that the subnet cannot be deleted. */
const SUBNET_USERS: readonly Holder[] = [
  { type: "aws:ec2/natGateway:NatGateway", path: "subnetId" },
  { type: "aws:ec2/networkInterface:NetworkInterface", path: "subnetId" },
  { type: "aws:ec2/instance:Instance", path: "subnetId" },
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "subnetIds[]" },
  { type: "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation", path: "subnetId" },
  { type: "aws:lb/loadBalancer:LoadBalancer", path: "subnets[]" },
  { type: "aws:ecs/service:Service", path: "networkConfiguration.subnets[]" },
  { type: "aws:lambda/function:Function", path: "vpcConfig.subnetIds[]" },
  { type: "aws:elasticache/serverlessCache:ServerlessCache", path: "subnetIds[]" },
];

/** Where the subnet lies: given by name or by id, else any zone of the region. */
function zoneOf(operation: Operation): { name: string; id: string } {
  const { inputs, location } = operation;
  const zones = zonesOf(location.region);
  const [name, id] = [textAt(inputs, "availabilityZone"), textAt(inputs, "availabilityZoneId")];
  const any = zones[parseInt(operation.hex("zone", 4), 16) % zones.length];
  return (
    zones.find((zone) =>
      name === undefined && id === undefined ? zone === any : zone.name === name || zone.id === id,
    ) ?? {
      name: name ?? "",
      id: id ?? "",
    }
  );
}

function zoneRefusal({ inputs, location }: Operation): Refusal | undefined {
  const zones = zonesOf(location.region);
  for (const [property, known] of [
    ["availabilityZone", zones.map(({ name }) => name)],
    ["availabilityZoneId", zones.map(({ id }) => id)],
  ] as const) {
    const value = textAt(inputs, property);
    if (value !== undefined && !known.includes(value))
      return new Refusal(
        "InvalidParameterValue",
        `Value (${value}) for parameter ${property} is invalid. Subnets can currently only be created in the following availability zones: ${known.join(", ")}.`,
      );
  }
  return undefined;
}

function addressesRefusal({ inputs }: Operation): Refusal | undefined {
  const sources = ["cidrBlock", "ipv4IpamPoolId", "ipv6CidrBlock", "ipv6IpamPoolId"];
  if (sources.every((property) => inputs[property] === undefined))
    return new Refusal("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
  const hasIpv6 = inputs["ipv6CidrBlock"] !== undefined || inputs["ipv6IpamPoolId"] !== undefined;
  return flagAt(inputs, "assignIpv6AddressOnCreation") === true && !hasIpv6
    ? new Refusal(
        "InvalidParameterValue",
        "Invalid value 'true' for assignIpv6AddressOnCreation. Subnet must be associated to an IPv6 block.",
      )
    : undefined;
}

function blockRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const text = textAt(inputs, "cidrBlock");
  const vpcId = textAt(inputs, "vpcId");
  const block = text === undefined ? undefined : parseCidr(text);
  const vpc = vpcOf(operation, vpcId);
  if (text === undefined || block === undefined || vpc === undefined) return undefined;
  const ranges = [
    valueOf(vpc, "cidrBlock"),
    ...here(operation, "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
      .filter((association) => textAt(association.inputs, "vpcId") === vpcId)
      .map((association) => valueOf(association, "cidrBlock")),
  ].flatMap((range) => parseCidr(range ?? "") ?? []);
  if (block.prefix < 16 || block.prefix > 28 || !ranges.some((range) => contains(range, block)))
    return new Refusal(
      "InvalidSubnet.Range",
      `The CIDR '${text}' is invalid: a subnet is between /16 and /28 and lies in its VPC's ${valueOf(vpc, "cidrBlock") ?? "block"}.`,
    );
  const other = here(operation, SUBNET).find((subnet) => {
    const theirs = parseCidr(valueOf(subnet, "cidrBlock") ?? "");
    return textAt(subnet.inputs, "vpcId") === vpcId && theirs !== undefined && overlaps(theirs, block);
  });
  return other === undefined
    ? undefined
    : new Refusal(
        "InvalidSubnet.Conflict",
        `The CIDR '${text}' conflicts with another subnet: ${other.id} has ${valueOf(other, "cidrBlock") ?? ""}.`,
      );
}

const subnet: ResourceRules = {
  references: [vpcReference()],
  check: (inputs) =>
    cidrFailures(inputs, [
      { property: "cidrBlock", family: 4 },
      { property: "ipv6CidrBlock", family: 6 },
    ]),
  refuseCreate: (operation) => addressesRefusal(operation) ?? zoneRefusal(operation) ?? blockRefusal(operation),
  refuseUpdate: addressesRefusal,
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const users = holders(operation, SUBNET_USERS, id);
    return users.length === 0
      ? undefined
      : new Refusal(
          "DependencyViolation",
          `The subnet '${id}' has dependencies and cannot be deleted. In use by ${idsOf(users)}.`,
        );
  },
  id: ec2Id("subnet"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const zone = zoneOf(operation);
    return {
      arn: regionalArn(location, "ec2", `subnet/${id}`),
      ownerId: location.account,
      availabilityZone: zone.name,
      availabilityZoneId: zone.id,
      ipv6CidrBlock: textAt(inputs, "ipv6CidrBlock") ?? "",
      ipv6CidrBlockAssociationId:
        textAt(inputs, "ipv6CidrBlock") === undefined ? "" : ec2Id("subnet-cidr-assoc", "ipv6")(operation),
      mapCustomerOwnedIpOnLaunch: flagAt(inputs, "mapCustomerOwnedIpOnLaunch") ?? false,
      outpostArn: textAt(inputs, "outpostArn") ?? "",
      privateDnsHostnameTypeOnLaunch: textAt(inputs, "privateDnsHostnameTypeOnLaunch") ?? "ip-name",
    };
  },
};

/** The subnet's existing record, for resources that lie in it. */
export const subnetOf = (operation: Operation, subnetId: string | undefined): CloudResource | undefined =>
  subnetId === undefined ? undefined : findBy(here(operation, SUBNET), subnetId, "id");

/** An address for hosts: never one of the four that AWS keeps at the start of a subnet or the one at its end. */
export function hostAddress(operation: Operation, subnetId: string | undefined, label: string): string {
  const block = parseCidr(valueOf(subnetOf(operation, subnetId) ?? NOWHERE, "cidrBlock") ?? "10.0.0.0/16");
  if (block === undefined) return "";
  const size = 1n << BigInt(32 - block.prefix);
  return addressIn(block, 4n + (BigInt(`0x${operation.hex(label, 8)}`) % (size - 5n)));
}

const NOWHERE: CloudResource = {
  type: "",
  id: "",
  urn: "",
  location: { partition: "", account: "", region: "" },
  inputs: {},
  outputs: {},
};

export const subnetResources = { [SUBNET]: subnet } satisfies Record<string, ResourceRules>;
