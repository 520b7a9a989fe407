import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { listAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { hostAddress, subnetOf, subnetReference } from "./ec2-subnets.ts";
import { groupReference } from "./ec2-security-groups.ts";
import { ec2Id, idsOf, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, holders, reference, valueOf } from "./lookup.ts";

const EIP = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const INTERFACE = "aws:ec2/networkInterface:NetworkInterface";

const addressReference = (property: string) =>
  reference(property, [EIP], "id", "InvalidAllocationID.NotFound", (id) => `The allocation ID '${id}' does not exist`);

/** First octets of ranges that EC2 really has. */
const PUBLIC_OCTETS = [3, 13, 18, 34, 35, 44, 52, 54] as const;

function publicAddress(operation: Operation): string {
  const octets = operation.hex("public-ip", 8).match(/../g) ?? [];
  const [first = 0, second = 0, third = 0, fourth = 0] = octets.map((pair) => parseInt(pair, 16));
  return [PUBLIC_OCTETS[first % PUBLIC_OCTETS.length], second, third, 1 + (fourth % 254)].join(".");
}

/** Names of addresses: us-east-1 has its own suffixes. */
const publicName = (address: string, region: string): string =>
  `ec2-${address.replaceAll(".", "-")}.${region === "us-east-1" ? "compute-1" : `${region}.compute`}.amazonaws.com`;
const privateName = (address: string, region: string): string =>
  `ip-${address.replaceAll(".", "-")}.${region === "us-east-1" ? "ec2" : `${region}.compute`}.internal`;

const eip: ResourceRules = {
  references: [
    interfaceReference("networkInterface"),
    reference(
      "instance",
      ["aws:ec2/instance:Instance"],
      "id",
      "InvalidInstanceID.NotFound",
      (id) => `The instance ID '${id}' does not exist`,
    ),
  ],
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const users = holders(
      operation,
      [
        { type: NAT, path: "allocationId" },
        { type: NAT, path: "secondaryAllocationIds[]" },
        { type: "aws:lb/loadBalancer:LoadBalancer", path: "subnetMappings[].allocationId" },
      ],
      id,
    );
    return users.length === 0
      ? undefined
      : new Refusal(
          "InvalidIPAddress.InUse",
          `Address ${textAt(operation.existing?.outputs ?? {}, "publicIp") ?? id} is in use by ${idsOf(users)}.`,
        );
  },
  id: ec2Id("eipalloc"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const publicIp = textAt(inputs, "address") ?? publicAddress(operation);
    return {
      allocationId: id,
      arn: regionalArn(location, "ec2", `elastic-ip/${id}`),
      associationId: "",
      carrierIp: "",
      customerOwnedIp: "",
      domain: "vpc",
      instance: textAt(inputs, "instance") ?? "",
      networkBorderGroup: textAt(inputs, "networkBorderGroup") ?? location.region,
      networkInterface: textAt(inputs, "networkInterface") ?? "",
      privateDns: "",
      privateIp: "",
      ptrRecord: "",
      publicDns: publicName(publicIp, location.region),
      publicIp,
      publicIpv4Pool: textAt(inputs, "publicIpv4Pool") ?? "amazon",
    };
  },
};

const eipAssociation: ResourceRules = {
  references: [addressReference("allocationId"), interfaceReference()],
  id: ec2Id("eipassoc"),
};

function interfaceReference(property = "networkInterfaceId") {
  return reference(
    property,
    [INTERFACE],
    "id",
    "InvalidNetworkInterfaceID.NotFound",
    (id) => `The networkInterface ID '${id}' does not exist`,
  );
}

/** One for a whole VPC takes addresses by zone, and no subnet. */
function regionalFailures(inputs: Properties): CheckFailure[] {
  return [
    ...["subnetId", "allocationId"].flatMap((property) =>
      inputs[property] === undefined
        ? []
        : [{ property, reason: `${property} is not supported with availabilityMode = "regional"` }],
    ),
    ...mapsAt(inputs, "availabilityZoneAddresses").flatMap((one, index) =>
      one["availabilityZone"] === undefined && one["availabilityZoneId"] === undefined
        ? [
            {
              property: `availabilityZoneAddresses[${index}]`,
              reason: "one of availabilityZone, availabilityZoneId must be given",
            },
          ]
        : [],
    ),
  ];
}

function natFailures(inputs: Properties): CheckFailure[] {
  const kind = textAt(inputs, "connectivityType") ?? "public";
  const regional = textAt(inputs, "availabilityMode") === "regional" ? regionalFailures(inputs) : [];
  if (regional.length > 0) return regional;
  const bad = kind === "private" ? ["allocationId", "secondaryAllocationIds"] : ["secondaryPrivateIpAddressCount"];
  return bad
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({ property, reason: `${property} is not supported with connectivityType = "${kind}"` }));
}

function natRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const regional = textAt(inputs, "availabilityMode") === "regional";
  const isPublic = (textAt(inputs, "connectivityType") ?? "public") === "public";
  if (!regional && textAt(inputs, "subnetId") === undefined)
    return new Refusal("MissingParameter", "The request must contain the parameter SubnetId");
  if (regional && textAt(inputs, "vpcId") === undefined)
    return new Refusal("MissingParameter", "The request must contain the parameter VpcId");
  if (!regional && isPublic && textAt(inputs, "allocationId") === undefined)
    return new Refusal("MissingParameter", "The request must contain the parameter AllocationId");
  for (const id of allocationsOf(inputs)) {
    const other = here(operation, NAT).find((gateway) => allocationsOf(gateway.inputs).includes(id));
    if (other !== undefined)
      return new Refusal("Resource.AlreadyAssociated", `resource ${id} is already associated with ${other.id}`);
  }
  const vpcId = textAt(inputs, "vpcId") ?? vpcIdOf(subnetOf(operation, textAt(inputs, "subnetId")));
  const gateways = here(
    operation,
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  );
  // The service makes it, and it fails: nothing could come back to its address.
  return isPublic && findBy(gateways, vpcId, "vpcId") === undefined
    ? new Refusal("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached`)
    : undefined;
}

const allocationsOf = (inputs: Properties): string[] => [
  ...[textAt(inputs, "allocationId")].filter((id) => id !== undefined),
  ...textsAt(inputs, "secondaryAllocationIds"),
];

const natGateway: ResourceRules = {
  references: [
    subnetReference(),
    vpcReference(),
    addressReference("allocationId"),
    addressReference("secondaryAllocationIds[]"),
  ],
  check: natFailures,
  refuseCreate: natRefusal,
  id: ec2Id("nat"),
  computed(operation) {
    const { inputs } = operation;
    const address = findBy(here(operation, EIP), textAt(inputs, "allocationId") ?? "", "id");
    return {
      associationId: address === undefined ? "" : ec2Id("eipassoc", "association")(operation),
      autoProvisionZones: "",
      autoScalingIps: "",
      availabilityMode: textAt(inputs, "availabilityMode") ?? "zonal",
      networkInterfaceId: ec2Id("eni", "interface")(operation),
      privateIp: textAt(inputs, "privateIp") ?? hostAddress(operation, textAt(inputs, "subnetId"), "private-ip"),
      publicIp: textAt(address?.outputs ?? {}, "publicIp") ?? "",
      regionalNatGatewayAddresses: [],
      regionalNatGatewayAutoMode: "",
      routeTableId: "",
      secondaryAllocationIds: listAt(inputs, "secondaryAllocationIds"),
      secondaryPrivateIpAddresses: listAt(inputs, "secondaryPrivateIpAddresses"),
      vpcId: textAt(inputs, "vpcId") ?? vpcIdOf(subnetOf(operation, textAt(inputs, "subnetId"))),
    };
  },
};

const vpcIdOf = (subnet: CloudResource | undefined): string =>
  subnet === undefined ? "" : (valueOf(subnet, "vpcId") ?? "");

const networkInterface: ResourceRules = {
  references: [subnetReference(), groupReference("securityGroups[]")],
  id: ec2Id("eni"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const privateIp =
      textAt(inputs, "privateIp") ??
      textsAt(inputs, "privateIps")[0] ??
      hostAddress(operation, textAt(inputs, "subnetId"), "private-ip");
    return {
      arn: regionalArn(location, "ec2", `network-interface/${id}`),
      interfaceType: textAt(inputs, "interfaceType") ?? "interface",
      macAddress: `02:${(operation.hex("mac", 10).match(/../g) ?? []).join(":")}`,
      outpostArn: "",
      ownerId: location.account,
      privateDnsName: privateName(privateIp, location.region),
      privateIp,
      privateIps: inputs["privateIps"] ?? [privateIp],
      securityGroups: listAt(inputs, "securityGroups"),
    };
  },
};

export const addressResources = {
  [EIP]: eip,
  "aws:ec2/eipAssociation:EipAssociation": eipAssociation,
  [NAT]: natGateway,
  [INTERFACE]: networkInterface,
} satisfies Record<string, ResourceRules>;
