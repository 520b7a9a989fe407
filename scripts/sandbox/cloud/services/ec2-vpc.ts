import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { cidrProblem, parseCidr } from "../cidr.ts";
import { flagAt, listAt, textAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { findBy, here, placeHex, reference } from "./lookup.ts";

export const VPC = "aws:ec2/vpc:Vpc";

export const vpcReference = (property = "vpcId") =>
  reference(property, [VPC], "id", "InvalidVpcID.NotFound", (id) => `The vpc ID '${id}' does not exist`);

/** EC2's ids: a prefix, a zero, and 16 hexadecimal digits. */
export const ec2Id =
  (prefix: string, label = "id") =>
  (operation: Operation): string =>
    `${prefix}-0${operation.hex(label, 16)}`;

/** The block's problem in the provider's words, where the property is known and wrong. */
export function cidrFailures(
  inputs: Properties,
  blocks: readonly { property: string; family: 4 | 6 | "any" }[],
): CheckFailure[] {
  return blocks.flatMap(({ property, family }) => {
    const text = textAt(inputs, property);
    const reason = text === undefined ? undefined : cidrProblem(text, family);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

/** Text for "in use" refusals: at most three ids. */
export const idsOf = (resources: readonly CloudResource[]): string =>
  resources
    .slice(0, 3)
    .map(({ id }) => id)
    .join(", ") + (resources.length > 3 ? `, and ${resources.length - 3} more` : "");

export const mainRouteTableId = ec2Id("rtb", "main-route-table");
export const defaultNetworkAclId = ec2Id("acl", "default-network-acl");
export const defaultSecurityGroupId = ec2Id("sg", "default-security-group");

/** What keeps a VPC from being deleted. Its own default objects have no URN and go with it. */
const VPC_PARTS = [
  "aws:ec2/subnet:Subnet",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
];

const LOCAL_ROUTE = (cidrBlock: string): Properties => ({ cidrBlock, gatewayId: "local" });
const ALLOW_ALL = { protocol: "-1", fromPort: 0, toPort: 0, self: false };

const dnsRefusal = ({ inputs }: Operation): Refusal | undefined =>
  flagAt(inputs, "enableDnsHostnames") === true && flagAt(inputs, "enableDnsSupport") === false
    ? new Refusal("InvalidParameterCombination", "DNS hostnames can only be enabled where DNS support is enabled.")
    : undefined;

const vpc: ResourceRules = {
  check(inputs) {
    const text = textAt(inputs, "cidrBlock");
    if (text === undefined) return [];
    const [failure] = cidrFailures(inputs, [{ property: "cidrBlock", family: 4 }]);
    if (failure !== undefined) return [failure];
    const prefix = parseCidr(text)?.prefix ?? 0;
    return prefix < 16 || prefix > 28
      ? [
          {
            property: "cidrBlock",
            reason: `InvalidVpc.Range: The CIDR '${text}' is invalid: a VPC's block is between /16 and /28`,
          },
        ]
      : [];
  },
  refuseCreate: (operation) =>
    textAt(operation.inputs, "cidrBlock") === undefined && textAt(operation.inputs, "ipv4IpamPoolId") === undefined
      ? new Refusal("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
      : dnsRefusal(operation),
  refuseUpdate: dnsRefusal,
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const parts = here(operation, ...VPC_PARTS).filter(
      ({ urn, inputs }) => urn !== "" && textAt(inputs, "vpcId") === id,
    );
    return parts.length === 0
      ? undefined
      : new Refusal(
          "DependencyViolation",
          `The vpc '${id}' has dependencies and cannot be deleted. It still has ${idsOf(parts)}.`,
        );
  },
  id: ec2Id("vpc"),
  computed(operation, id) {
    const { inputs, location } = operation;
    const ipv6 = flagAt(inputs, "assignGeneratedIpv6CidrBlock") === true;
    return {
      arn: regionalArn(location, "ec2", `vpc/${id}`),
      ownerId: location.account,
      mainRouteTableId: mainRouteTableId(operation),
      defaultRouteTableId: mainRouteTableId(operation),
      defaultNetworkAclId: defaultNetworkAclId(operation),
      defaultSecurityGroupId: defaultSecurityGroupId(operation),
      dhcpOptionsId: `dopt-0${placeHex(location, "dhcp-options", 16)}`,
      enableDnsHostnames: flagAt(inputs, "enableDnsHostnames") ?? false,
      enableDnsSupport: flagAt(inputs, "enableDnsSupport") ?? true,
      enableNetworkAddressUsageMetrics: flagAt(inputs, "enableNetworkAddressUsageMetrics") ?? false,
      ipv6AssociationId: ipv6 ? ec2Id("vpc-cidr-assoc", "ipv6")(operation) : "",
      ipv6CidrBlock: ipv6
        ? `2600:1f18:${operation.hex("ipv6-a", 4).replace(/^0+(?=.)/, "")}:${operation.hex("ipv6-b", 2)}00::/56`
        : (textAt(inputs, "ipv6CidrBlock") ?? ""),
      ipv6CidrBlockNetworkBorderGroup: ipv6 ? location.region : "",
    };
  },
  companions(operation, vpcId) {
    const { inputs, location } = operation;
    const own = (type: string, id: string, kind: string, more: Properties): CloudResource => {
      const properties = { vpcId, ...more };
      const outputs = {
        ...properties,
        arn: regionalArn(location, "ec2", `${kind}/${id}`),
        ownerId: location.account,
        region: location.region,
      };
      return { type, id, urn: "", location, inputs: properties, outputs };
    };
    const group = defaultSecurityGroupId(operation);
    return [
      own("aws:ec2/routeTable:RouteTable", mainRouteTableId(operation), "route-table", {
        routes: [LOCAL_ROUTE(textAt(inputs, "cidrBlock") ?? "")],
      }),
      own("aws:ec2/networkAcl:NetworkAcl", defaultNetworkAclId(operation), "network-acl", {}),
      own("aws:ec2/securityGroup:SecurityGroup", group, "security-group", {
        name: "default",
        description: "default VPC security group",
        ingress: [{ ...ALLOW_ALL, self: true }],
        egress: [{ ...ALLOW_ALL, cidrBlocks: ["0.0.0.0/0"] }],
      }),
    ];
  },
};

const ipv4Association: ResourceRules = {
  references: [vpcReference()],
  check: (inputs) => cidrFailures(inputs, [{ property: "cidrBlock", family: 4 }]),
  id: ec2Id("vpc-cidr-assoc"),
};

/** An attached gateway has a VPC; a VPC has one at most. */
function gatewayRefusal(operation: Operation): Refusal | undefined {
  const vpcId = textAt(operation.inputs, "vpcId");
  if (vpcId === undefined) return undefined;
  const other = here(
    operation,
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  ).find(({ inputs }) => textAt(inputs, "vpcId") === vpcId);
  return other === undefined
    ? undefined
    : new Refusal("Resource.AlreadyAssociated", `resource ${vpcId} is already attached to network ${other.id}`);
}

/** A gateway is not detached while a load balancer of its VPC has public addresses. */
function mappedRefusal(operation: Operation): Refusal | undefined {
  const vpcId = textAt(operation.existing?.inputs ?? {}, "vpcId");
  const mapped = here(operation, "aws:lb/loadBalancer:LoadBalancer").filter(
    ({ inputs, outputs }) => vpcId !== undefined && outputs["vpcId"] === vpcId && flagAt(inputs, "internal") !== true,
  );
  return mapped.length === 0
    ? undefined
    : new Refusal(
        "DependencyViolation",
        `Network ${vpcId ?? ""} has some mapped public address(es). Please unmap those public address(es) before ` +
          `detaching the gateway: ${idsOf(mapped)}`,
      );
}

const internetGateway: ResourceRules = {
  references: [vpcReference()],
  refuseCreate: gatewayRefusal,
  refuseUpdate: gatewayRefusal,
  refuseDelete: mappedRefusal,
  id: ec2Id("igw"),
  computed: ({ location, inputs }, id) => ({
    arn: regionalArn(location, "ec2", `internet-gateway/${id}`),
    ownerId: location.account,
    vpcId: textAt(inputs, "vpcId") ?? "",
  }),
};

const internetGatewayAttachment: ResourceRules = {
  references: [
    vpcReference(),
    reference(
      "internetGatewayId",
      ["aws:ec2/internetGateway:InternetGateway"],
      "id",
      "InvalidInternetGatewayID.NotFound",
      (id) => `The internetGateway ID '${id}' does not exist`,
    ),
  ],
  refuseCreate: gatewayRefusal,
  refuseDelete: mappedRefusal,
  id: ({ inputs }) => `${textAt(inputs, "internetGatewayId") ?? ""}:${textAt(inputs, "vpcId") ?? ""}`,
};

const dhcpOptions: ResourceRules = {
  check(inputs) {
    const some = [
      "domainName",
      "domainNameServers",
      "ipv6AddressPreferredLeaseTime",
      "netbiosNameServers",
      "netbiosNodeType",
      "ntpServers",
    ];
    const failures: CheckFailure[] = some.some((property) => inputs[property] !== undefined)
      ? []
      : [{ property: "domainName", reason: `one of ${some.join(", ")} must be given` }];
    const nodeType = textAt(inputs, "netbiosNodeType");
    if (nodeType !== undefined && !["1", "2", "4", "8"].includes(nodeType))
      failures.push({ property: "netbiosNodeType", reason: "must be 1, 2, 4, or 8" });
    for (const property of ["domainNameServers", "netbiosNameServers", "ntpServers"])
      if (listAt(inputs, property).length > 4) failures.push({ property, reason: "at most four servers" });
    return failures;
  },
  id: ec2Id("dopt"),
  computed: ({ location }, id) => ({
    arn: regionalArn(location, "ec2", `dhcp-options/${id}`),
    ownerId: location.account,
  }),
};

const dhcpOptionsAssociation: ResourceRules = {
  references: [
    vpcReference(),
    reference(
      "dhcpOptionsId",
      ["aws:ec2/vpcDhcpOptions:VpcDhcpOptions"],
      "id",
      "InvalidDhcpOptionID.NotFound",
      (id) => `The dhcpOption ID '${id}' does not exist`,
    ),
  ],
  id: ({ inputs }) => `${textAt(inputs, "dhcpOptionsId") ?? ""}-${textAt(inputs, "vpcId") ?? ""}`,
};

/** The VPC that the operation's resource is in, where it is known. */
export function vpcOf(operation: Operation, vpcId: string | undefined): CloudResource | undefined {
  return vpcId === undefined ? undefined : findBy(here(operation, VPC), vpcId, "id");
}

export const vpcResources = {
  [VPC]: vpc,
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ipv4Association,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": internetGatewayAttachment,
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": { references: [vpcReference()], id: ec2Id("eigw") },
  "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": dhcpOptions,
  "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": dhcpOptionsAssociation,
} satisfies Record<string, ResourceRules>;
