import { flagAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { Properties } from "../../values/value.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { SECURITY_GROUP } from "./ec2-security-groups.ts";
import { SUBNET, subnetOf } from "./ec2-subnets.ts";
import { vpcOf } from "./ec2-vpc.ts";
import { elbArn, invalidConfiguration, nameOf, suffixOf, validationError } from "./elbv2-lookup.ts";
import { logsRefusal } from "./elbv2-logs.ts";
import { findBy, here, reference, valueOf } from "./lookup.ts";

/** Hosted zones of application load balancers' names, for DNS aliases. Source: the AWS general reference, ELB endpoints. */
const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Z14GRHDCWA56QT",
  "ap-south-1": "ZP97RAFLXTNZK",
  "ap-southeast-1": "Z1LMS91P8CMLE5",
  "ap-southeast-2": "Z1GM3OXH4ZPM65",
  "ca-central-1": "ZQSVJUPU6J1EY",
  "eu-central-1": "Z215JYRZR1TBD5",
  "eu-north-1": "Z23TAZ6LKFMNIO",
  "eu-west-1": "Z32O12XQLNTSW2",
  "eu-west-2": "ZHURV8PSTC4K8",
  "eu-west-3": "Z3Q77PNBQS71R4",
  "sa-east-1": "Z2P70J7HTTTPLU",
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-west-1": "Z368ELLRRE2KJ0",
  "us-west-2": "Z1H1FL5HABSF5",
};

const KINDS: Readonly<Record<string, string>> = { application: "app", network: "net", gateway: "gwy" };

export const typeOf = (inputs: Properties): string => textAt(inputs, "loadBalancerType") ?? "application";

const subnetIdsOf = (inputs: Properties): string[] => {
  const mapped = mapsAt(inputs, "subnetMappings").flatMap((mapping) => textAt(mapping, "subnetId") ?? []);
  return mapped.length > 0 ? mapped : textsAt(inputs, "subnets");
};

const subnetsOf = (operation: Operation): CloudResource[] =>
  subnetIdsOf(operation.inputs).flatMap((id) => subnetOf(operation, id) ?? []);

/** The VPC of the first subnet. */
export const vpcIdOf = (operation: Operation): string => {
  const [first] = subnetsOf(operation);
  return first === undefined ? "" : (valueOf(first, "vpcId") ?? "");
};

const hasIpv6 = (subnet: CloudResource): boolean => (valueOf(subnet, "ipv6CidrBlock") ?? "") !== "";

/** Attributes of application load balancers by their names in the API. Source: the reference of LoadBalancerAttribute. */
const SECONDS = [
  { property: "idleTimeout", attribute: "idle_timeout.timeout_seconds", from: 1, to: 4000 },
  { property: "clientKeepAlive", attribute: "client_keep_alive.seconds", from: 60, to: 604_800 },
] as const;

function secondsRefusal({ inputs }: Operation): Refusal | undefined {
  for (const { property, attribute, from, to } of SECONDS) {
    const value = numberAt(inputs, property);
    if (value !== undefined && (value < from || value > to))
      return validationError(`The attribute '${attribute}' must be between '${from}' and '${to}', and is '${value}'`);
  }
  return undefined;
}

function subnetsRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const subnets = subnetsOf(operation);
  const zones = subnets.map((subnet) => valueOf(subnet, "availabilityZone"));
  if (typeOf(inputs) === "application" && subnets.length < 2)
    return validationError("At least two subnets in two different Availability Zones must be specified");
  if (new Set(zones).size < zones.length)
    return invalidConfiguration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  if (new Set(subnets.map((subnet) => valueOf(subnet, "vpcId"))).size > 1)
    return invalidConfiguration("All subnets must belong to the same VPC");
  if (textAt(inputs, "ipAddressType")?.startsWith("dualstack") === true && !subnets.every(hasIpv6))
    return validationError("You must specify subnets with an associated IPv6 CIDR block.");
  const vpcId = vpcIdOf(operation);
  const hasGateway = here(
    operation,
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  ).some((gateway) => valueOf(gateway, "vpcId") === vpcId);
  return flagAt(inputs, "internal") === true || hasGateway
    ? undefined
    : new Refusal("InvalidSubnet", `VPC ${vpcId} has no internet gateway`);
}

function groupsRefusal(operation: Operation): Refusal | undefined {
  const vpcId = vpcIdOf(operation);
  const foreign = textsAt(operation.inputs, "securityGroups").some((id) => {
    const group = findBy(here(operation, SECURITY_GROUP), id, "id");
    return group !== undefined && valueOf(group, "vpcId") !== vpcId;
  });
  return foreign ? invalidConfiguration("One or more security groups are invalid") : undefined;
}

const balancerRefusal = (operation: Operation): Refusal | undefined =>
  subnetsRefusal(operation) ?? groupsRefusal(operation) ?? secondsRefusal(operation) ?? logsRefusal(operation);

/** `NAME-1234567890.us-east-1.elb.amazonaws.com` */
function dnsNameOf(operation: Operation, name: string, id: string): string {
  const { inputs, location } = operation;
  const whole = flagAt(inputs, "internal") === true ? `internal-${name}` : name;
  return typeOf(inputs) === "application"
    ? `${whole}-${Number.parseInt(operation.hex("dns", 8), 16)}.${location.region}.elb.amazonaws.com`
    : `${whole}-${id.slice(-16)}.elb.${location.region}.amazonaws.com`;
}

export const loadBalancer: ResourceRules = {
  autoName: { property: "name", maxLength: 32 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) =>
        new Refusal("DuplicateLoadBalancerName", `A load balancer with the same name '${name}' exists.`),
    },
  ],
  references: [
    reference("subnets[]", [SUBNET], "id", "SubnetNotFound", (id) => `The subnet ID '${id}' does not exist`),
    reference(
      "subnetMappings[].subnetId",
      [SUBNET],
      "id",
      "SubnetNotFound",
      (id) => `The subnet ID '${id}' does not exist`,
    ),
    reference(
      "securityGroups[]",
      [SECURITY_GROUP],
      "id",
      "InvalidSecurityGroup",
      (id) => `The security group '${id}' does not exist`,
    ),
  ],
  check: (inputs) =>
    textAt(inputs, "name")?.startsWith("internal-") === true
      ? [{ property: "name", reason: 'may not begin with "internal-"' }]
      : [],
  refuseCreate: balancerRefusal,
  refuseUpdate: balancerRefusal,
  refuseDelete: ({ existing }) =>
    flagAt(existing?.inputs ?? {}, "enableDeletionProtection") === true
      ? new Refusal(
          "OperationNotPermitted",
          `Load balancer '${existing?.id ?? ""}' cannot be deleted because deletion protection is enabled`,
        )
      : undefined,
  id: (operation) =>
    elbArn(operation, "loadbalancer", `${KINDS[typeOf(operation.inputs)] ?? "app"}/${nameOf(operation)}`),
  computed(operation, id) {
    const { inputs, location } = operation;
    const name = nameOf(operation);
    const vpcId = vpcIdOf(operation);
    const group = textAt(vpcOf(operation, vpcId)?.outputs ?? {}, "defaultSecurityGroupId");
    const given = textsAt(inputs, "securityGroups");
    const subnets = subnetIdsOf(inputs);
    return {
      arn: id,
      arnSuffix: suffixOf(id, `${KINDS[typeOf(inputs)] ?? "app"}/`),
      dnsName: dnsNameOf(operation, name, id),
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "",
      internal: flagAt(inputs, "internal") ?? false,
      ipAddressType: textAt(inputs, "ipAddressType") ?? "ipv4",
      name,
      namePrefix: textAt(inputs, "namePrefix") ?? "",
      secondaryIpsAutoAssignedPerSubnet: numberAt(inputs, "secondaryIpsAutoAssignedPerSubnet") ?? 0,
      securityGroups: given.length > 0 || group === undefined ? given : [group],
      subnetMappings: inputs["subnetMappings"] ?? subnets.map((subnetId) => ({ subnetId })),
      subnets,
      vpcId,
      zoneId: HOSTED_ZONES[location.region] ?? `Z${operation.hex("hosted-zone", 13).toUpperCase()}`,
    };
  },
};
