import { crc32 } from "node:zlib";
import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, listAt, textAt, textsAt, textsUnder } from "../fields.ts";
import { policyProblem } from "../iam-policy.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type World } from "../service.ts";
import { ROUTE_TABLE, routeTableReference } from "./ec2-routes.ts";
import { groupReference } from "./ec2-security-groups.ts";
import { subnetOf, subnetReference } from "./ec2-subnets.ts";
import { ec2Id, vpcOf, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, policiesEquivalent, reference, valueOf } from "./lookup.ts";
import { meantBy } from "./misspelt.ts";
import { accepted, openedInAws } from "./mongodbatlas-private-link.ts";
import { awsPrefixLists } from "./prefix-lists.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ROUTE_ASSOCIATION = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation";

const endpointReference = reference(
  "vpcEndpointId",
  [ENDPOINT],
  "id",
  "InvalidVpcEndpointId.NotFound",
  (id) => `The Vpc Endpoint Id '${id}' does not exist`,
);

/** Services that have gateway endpoints; all others are reached through interfaces. */
const GATEWAY_SERVICES = ["s3", "dynamodb", "s3express"];

/** Services that programs reach through interfaces: enough to tell a slip. Source: "AWS services that integrate with PrivateLink". */
const INTERFACE_SERVICES = (
  "acm-pca appconfig appconfigdata application-autoscaling athena autoscaling backup bedrock-runtime cloudformation " +
  "cloudtrail codebuild config datasync dynamodb ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry " +
  "elasticache elasticfilesystem elasticloadbalancing email-smtp events execute-api glue guardduty-data iam kinesis-firehose kinesis-streams kms " +
  "lambda logs monitoring rds rds-data s3 scheduler secretsmanager servicecatalog sns sqs ssm ssmmessages states sts " +
  "synthetics transfer xray"
).split(" ");

/** Endpoint services of customers: those that a stack made, and those that Atlas opened for it. */
const offered = (world: World): string[] => [
  ...openedInAws(world),
  ...world
    .all("aws:ec2/vpcEndpointService:VpcEndpointService")
    .flatMap(({ outputs }) => textAt(outputs, "serviceName") ?? []),
];

const isOfCustomer = (inputs: Properties): boolean =>
  (textAt(inputs, "serviceName") ?? "").startsWith("com.amazonaws.vpce.");

const typeOf = (inputs: Properties): string => textAt(inputs, "vpcEndpointType") ?? "Gateway";

function serviceRefusal({ inputs, location, world }: Operation): Refusal | undefined {
  const name = textAt(inputs, "serviceName");
  if (name === undefined)
    return inputs["resourceConfigurationArn"] === undefined && inputs["serviceNetworkArn"] === undefined
      ? new Refusal("MissingParameter", "The request must contain the parameter ServiceName")
      : undefined;
  const region = textAt(inputs, "serviceRegion") ?? location.region;
  const missing = new Refusal("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);
  if (name.startsWith("com.amazonaws.vpce."))
    return name.startsWith(`com.amazonaws.vpce.${region}.vpce-svc-`) && offered(world).includes(name)
      ? undefined
      : missing;
  const service = name.startsWith(`com.amazonaws.${region}.`)
    ? name.slice(`com.amazonaws.${region}.`.length)
    : undefined;
  if (service === undefined && !/^(aws\.|cn\.com\.amazonaws\.)/.test(name)) return missing;
  const isPart = service !== undefined && INTERFACE_SERVICES.some((known) => known.startsWith(`${service}.`));
  if (service !== undefined && (isPart || meantBy(service, INTERFACE_SERVICES) !== undefined)) return missing;
  if (typeOf(inputs) === "Gateway" && !GATEWAY_SERVICES.includes(service ?? ""))
    return new Refusal(
      "InvalidParameter",
      "Endpoint type (Gateway) does not match available service types ([Interface]).",
    );
  return undefined;
}

/** The route tables that an endpoint serves, by its own list and by separate associations. */
function tablesOf(operation: Operation, endpoint: CloudResource): string[] {
  return [
    ...textsAt(endpoint.inputs, "routeTableIds"),
    ...here(operation, ROUTE_ASSOCIATION)
      .filter(({ inputs }) => textAt(inputs, "vpcEndpointId") === endpoint.id)
      .flatMap(({ inputs }) => textAt(inputs, "routeTableId") ?? []),
  ];
}

function tablesRefusal(
  operation: Operation,
  serviceName: string,
  vpcId: string,
  tables: readonly string[],
): Refusal | undefined {
  const { partition, region } = operation.location;
  const rivals = here(operation, ENDPOINT).filter(({ inputs }) => textAt(inputs, "serviceName") === serviceName);
  for (const id of tables) {
    const table = findBy(here(operation, ROUTE_TABLE), id, "id");
    if (table !== undefined && textAt(table.inputs, "vpcId") !== vpcId)
      return new Refusal("InvalidParameter", `Route table ${id} does not belong to VPC ${vpcId}`);
    const rival = rivals.find((endpoint) => tablesOf(operation, endpoint).includes(id));
    if (rival === undefined) continue;
    const list = awsPrefixLists(partition, region).find(({ name }) => name === serviceName);
    return new Refusal(
      "RouteAlreadyExists",
      `route table ${id} already has a route with destination-prefix-list-id ${list?.id ?? serviceName} (${rival.id})`,
    );
  }
  return undefined;
}

function interfacesRefusal(operation: Operation, vpcId: string): Refusal | undefined {
  const { inputs } = operation;
  const zones = new Set<string>();
  for (const id of textsAt(inputs, "subnetIds")) {
    const subnet = subnetOf(operation, id);
    if (subnet === undefined) continue;
    if (valueOf(subnet, "vpcId") !== vpcId)
      return new Refusal("InvalidParameter", `The subnet ${id} does not belong to VPC ${vpcId}`);
    const zone = valueOf(subnet, "availabilityZone") ?? "";
    if (zones.has(zone))
      return new Refusal(
        "DuplicateSubnetsInSameZone",
        `Found another VPC endpoint subnet in the availability zone of ${id}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`,
      );
    zones.add(zone);
  }
  for (const id of textsAt(inputs, "securityGroupIds")) {
    const group = findBy(here(operation, "aws:ec2/securityGroup:SecurityGroup"), id, "id");
    if (group !== undefined && valueOf(group, "vpcId") !== vpcId)
      return new Refusal(
        "InvalidParameter",
        `Security group ${id} and the endpoint's VPC ${vpcId} belong to different networks`,
      );
  }
  return flagAt(inputs, "privateDnsEnabled") === true ? privateDnsRefusal(operation, vpcId) : undefined;
}

function privateDnsRefusal(operation: Operation, vpcId: string): Refusal | undefined {
  const vpc = vpcOf(operation, vpcId);
  if (vpc === undefined) return undefined;
  if (flagAt(vpc.outputs, "enableDnsSupport") !== true || flagAt(vpc.outputs, "enableDnsHostnames") !== true)
    return new Refusal(
      "InvalidParameter",
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpcId}`,
    );
  const serviceName = textAt(operation.inputs, "serviceName");
  if (isOfCustomer(operation.inputs))
    return new Refusal(
      "InvalidParameter",
      `Private DNS can't be enabled because the service ${serviceName ?? ""} does not provide a private DNS name.`,
    );
  const rival = here(operation, ENDPOINT).find(
    ({ inputs }) =>
      textAt(inputs, "vpcId") === vpcId &&
      textAt(inputs, "serviceName") === serviceName &&
      flagAt(inputs, "privateDnsEnabled") === true,
  );
  return rival === undefined
    ? undefined
    : new Refusal(
        "InvalidParameter",
        `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${serviceName ?? ""} in the VPC ${vpcId} (${rival.id})`,
      );
}

/** What one kind of endpoint has and the other does not. */
function kindRefusal({ inputs }: Operation): Refusal | undefined {
  const gateway = typeOf(inputs) === "Gateway";
  const has = (property: string): boolean => textsAt(inputs, property).length > 0;
  if (!gateway && has("routeTableIds"))
    return new Refusal("InvalidParameter", "Route table IDs are only supported for Gateway type VPC Endpoint.");
  if (gateway && (has("subnetIds") || has("securityGroupIds")))
    return new Refusal(
      "InvalidParameter",
      "Subnet IDs and security group IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.",
    );
  return gateway && flagAt(inputs, "privateDnsEnabled") === true
    ? new Refusal("InvalidParameter", "Private DNS can only be enabled on interface type endpoints.")
    : undefined;
}

function endpointRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const vpcId = textAt(inputs, "vpcId") ?? "";
  const policy = textAt(inputs, "policy");
  const problem = policy === undefined ? undefined : policyProblem(policy, "resource");
  if (problem !== undefined)
    return new Refusal("InvalidPolicyDocument", `The Policy Document is invalid: ${problem.path}: ${problem.reason}`);
  return (
    serviceRefusal(operation) ??
    kindRefusal(operation) ??
    (typeOf(inputs) === "Gateway"
      ? tablesRefusal(operation, textAt(inputs, "serviceName") ?? "", vpcId, textsAt(inputs, "routeTableIds"))
      : interfacesRefusal(operation, vpcId))
  );
}

const DEFAULT_POLICY = JSON.stringify({
  Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }],
  Version: "2008-10-17",
});

function dnsEntries(operation: Operation, id: string): Properties[] {
  const { inputs, location } = operation;
  const service = (textAt(inputs, "serviceName") ?? "").split(".").at(-1) ?? "";
  const zones = textsAt(inputs, "subnetIds").flatMap(
    (subnetId) => valueOf(subnetOf(operation, subnetId) ?? NO_RESOURCE, "availabilityZone") ?? [],
  );
  const suffix = operation.hex("dns", 8);
  const regional = `${service}.${location.region}.vpce.amazonaws.com`;
  const hostedZoneId = "Z7HUB22UULQXV";
  return [
    { dnsName: `${id}-${suffix}.${regional}`, hostedZoneId },
    ...zones.map((zone) => ({ dnsName: `${id}-${suffix}-${zone}.${regional}`, hostedZoneId })),
    ...(flagAt(inputs, "privateDnsEnabled") === true
      ? [
          {
            dnsName: `${service}.${location.region}.amazonaws.com`,
            hostedZoneId: `Z${operation.hex("zone", 20).toUpperCase()}`,
          },
        ]
      : []),
  ];
}

const NO_RESOURCE: CloudResource = {
  type: "",
  id: "",
  urn: "",
  location: { partition: "", account: "", region: "" },
  inputs: {},
  outputs: {},
};

const endpoint: ResourceRules = {
  references: [
    vpcReference(),
    routeTableReference("routeTableIds[]"),
    subnetReference("subnetIds[]"),
    groupReference("securityGroupIds[]"),
  ],
  check(inputs) {
    const listed = inputs["subnetIds"] ?? [];
    const subnetIds = textsAt(inputs, "subnetIds");
    const known = Array.isArray(listed) && listed.length === subnetIds.length;
    return !known
      ? []
      : textsUnder(inputs, "subnetConfigurations[].subnetId").flatMap(({ path, text }) =>
          subnetIds.includes(text) ? [] : [{ property: path, reason: `${text} is none of subnetIds` }],
        );
  },
  refuseCreate: endpointRefusal,
  refuseUpdate: endpointRefusal,
  equivalent: policiesEquivalent("policy"),
  id: ec2Id("vpce"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const gateway = typeOf(inputs) === "Gateway";
    const list = awsPrefixLists(location.partition, location.region).find(
      ({ name }) => name === textAt(inputs, "serviceName"),
    );
    const group = textAt(vpcOf(operation, textAt(inputs, "vpcId"))?.outputs ?? {}, "defaultSecurityGroupId");
    const given = textsAt(inputs, "securityGroupIds");
    return {
      arn: regionalArn(location, "ec2", `vpc-endpoint/${id}`),
      cidrBlocks: gateway ? [...(list?.cidrs ?? [])] : [],
      dnsEntries: gateway ? [] : dnsEntries(operation, id),
      ipAddressType: gateway ? "" : (textAt(inputs, "ipAddressType") ?? "ipv4"),
      networkInterfaceIds: gateway
        ? []
        : textsAt(inputs, "subnetIds").map((_, index) => ec2Id("eni", `interface-${index}`)(operation)),
      ownerId: location.account,
      policy: textAt(inputs, "policy") ?? DEFAULT_POLICY,
      prefixListId: gateway ? (list?.id ?? "") : "",
      privateDnsEnabled: flagAt(inputs, "privateDnsEnabled") ?? false,
      requesterManaged: false,
      routeTableIds: listAt(inputs, "routeTableIds"),
      securityGroupIds: gateway ? [] : given.length > 0 || group === undefined ? given : [group],
      serviceRegion: textAt(inputs, "serviceRegion") ?? location.region,
      // The owner of the service takes the connection, or leaves it waiting.
      state: isOfCustomer(inputs) && !accepted(operation.world, id) ? "pendingAcceptance" : "available",
      subnetIds: listAt(inputs, "subnetIds"),
    };
  },
};

const routeTableAssociation: ResourceRules = {
  references: [routeTableReference(), endpointReference],
  refuseCreate(operation) {
    const { inputs } = operation;
    const tableId = textAt(inputs, "routeTableId") ?? "";
    const own = findBy(here(operation, ENDPOINT), textAt(inputs, "vpcEndpointId") ?? "", "id");
    if (own === undefined) return undefined;
    if (typeOf(own.inputs) !== "Gateway")
      return new Refusal(
        "InvalidParameter",
        `Route tables can only be associated with gateway endpoints, ${own.id} is not one`,
      );
    return tablesRefusal(operation, textAt(own.inputs, "serviceName") ?? "", textAt(own.inputs, "vpcId") ?? "", [
      tableId,
    ]);
  },
  id: ({ inputs }) => `a-${textAt(inputs, "vpcEndpointId") ?? ""}${crc32(textAt(inputs, "routeTableId") ?? "")}`,
};

/** The provider looks at the endpoint's groups before it takes the default one away. */
function defaultGroupRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  if (flagAt(inputs, "replaceDefaultAssociation") !== true) return undefined;
  const found = findBy(here(operation, ENDPOINT), textAt(inputs, "vpcEndpointId") ?? "", "id");
  const vpc = vpcOf(operation, textAt(found?.inputs ?? {}, "vpcId"));
  const own = vpc === undefined ? undefined : valueOf(vpc, "defaultSecurityGroupId");
  if (own === undefined) return undefined;
  if (own === textAt(inputs, "securityGroupId"))
    return new Refusal("InvalidConfiguration", `${own} is the default security group for the VPC already`);
  return textsAt(found?.outputs ?? {}, "securityGroupIds").includes(own)
    ? undefined
    : new Refusal("InvalidConfiguration", `no association with the default security group ${own} to replace`);
}

export const endpointResources = {
  [ENDPOINT]: endpoint,
  [ROUTE_ASSOCIATION]: routeTableAssociation,
  "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": {
    references: [subnetReference(), endpointReference],
    id: ({ inputs }) => `a-${textAt(inputs, "vpcEndpointId") ?? ""}${crc32(textAt(inputs, "subnetId") ?? "")}`,
  },
  "aws:ec2/securityGroupAssociation:SecurityGroupAssociation": {
    references: [groupReference("securityGroupId"), endpointReference],
    refuseCreate: defaultGroupRefusal,
    id: ({ inputs }) => `a-${textAt(inputs, "vpcEndpointId") ?? ""}${crc32(textAt(inputs, "securityGroupId") ?? "")}`,
  },
} satisfies Record<string, ResourceRules>;
