import { joinTo, unnamed } from "../../support/join.ts";
import { isWorld } from "../../support/network/ranges.ts";
import { atLeast, elements, locate, numberOf, textsOf, asText, isAbsent, isTrue } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import {
  DEFAULT_ROUTE_TABLE,
  NAT_GATEWAY,
  ROUTE,
  ROUTE_TABLE,
  SUBNET,
  VPC,
  routesOf,
  zoneOf,
} from "../../support/network/subnets.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";
import { LOAD_BALANCERS } from "../../support/tokens.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const DEFAULT_NETWORK = ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet"];

/** Flow logs that leave out a part of the traffic. */
export function partialFlowLogs({ props }: Resource, { traffic }: Config): readonly Finding[] {
  const value = props["trafficType"];
  const allowed = textsOf(traffic);
  // A transit gateway's log has no such choice.
  const ofNetwork = ["vpcId", "subnetId", "eniId"].some((key) => props[key] !== undefined);
  if (!ofNetwork) return [];
  if (value instanceof Unknown) return [{ property: "trafficType", unknown: value }];
  if (typeof value === "string" && allowed.includes(value)) return [];
  return [
    {
      property: "trafficType",
      wrong: `it records ${typeof value === "string" ? `${value} alone` : "nothing that is said"}`,
      fix: `set trafficType: "${allowed[0] ?? "ALL"}"`,
    },
  ];
}

/** Networks whose traffic nobody records. */
export function unloggedNetworks(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([VPC]), stack.ofType([FLOW_LOG]), "vpcId").map(({ urn }) => ({
    urn,
    property: "vpcId",
    wrong: "no flow log names this network",
    fix: 'add an aws.ec2.FlowLog with this vpcId and trafficType: "ALL"',
  }));
}

/** Whatever takes up the network that AWS makes in each account. */
export const defaultNetwork = ({ type }: Resource): readonly Finding[] => [
  {
    property: "type",
    wrong: `it takes up the account's default network (${type.split(":").at(-1) ?? ""})`,
    fix: "use an aws.ec2.Vpc of the stack instead",
  },
];

/** A security group that names no network is made in the default one. */
export function groupWithoutNetwork({ props: { vpcId } }: Resource): readonly Finding[] {
  if (vpcId instanceof Unknown) return [{ property: "vpcId", unknown: vpcId }];
  if (typeof vpcId === "string" && vpcId !== "") return [];
  return [{ property: "vpcId", wrong: "it is not set, which means the default network", fix: "set vpcId" }];
}

/** Networks with subnets in fewer zones than asked for. */
export function narrowNetworks(stack: Stack, { zones: least }: Config): readonly Finding[] {
  const count = numberOf(least) ?? 2;
  return subnetsByNetwork(stack).flatMap(([vpc, subnets]): readonly Finding[] => {
    const zones = subnets.map(zoneOf);
    if (atLeast(count).is(new Set(zones.filter((zone) => typeof zone === "string")).size)) return [];
    const unknown = zones.find((zone) => zone instanceof Unknown);
    if (unknown instanceof Unknown) return [{ urn: vpc.urn, property: "availabilityZone", unknown }];
    return [
      {
        urn: vpc.urn,
        property: "availabilityZone",
        wrong: `all subnets of "${vpc.name}" stand in ${[...new Set(zones)].map(asText).join(", ")}`,
        fix: `add subnets in other availability zones, ${String(count)} in all`,
      },
    ];
  });
}

/** Networks in which everything has a way in from the internet. */
export function networksWithoutPrivateSubnets(stack: Stack): readonly Finding[] {
  const { internet } = routesOf(stack);
  return subnetsByNetwork(stack)
    .filter(([, subnets]) => subnets.every((subnet) => internet.has(subnet)))
    .map(([{ urn, name }]) => ({
      urn,
      property: "vpcId",
      wrong: `every subnet of "${name}" has a route to the internet gateway`,
      fix: "add subnets with a route table of their own that leads to a NAT gateway or nowhere",
    }));
}

function subnetsByNetwork(stack: Stack): readonly (readonly [StackResource, readonly StackResource[]])[] {
  const vpcOf = joinTo(stack.ofType([VPC]));
  const groups = Map.groupBy(stack.ofType([SUBNET]), (subnet) => vpcOf(subnet, "vpcId")[0]);
  return [...groups].flatMap(([vpc, subnets]) => (vpc === undefined ? [] : [[vpc, subnets] as const]));
}

/** Subnets that give public addresses to what can be reached from nowhere, or should not be. */
export function publicAddressesInPrivate(stack: Stack): readonly Finding[] {
  const { internet } = routesOf(stack);
  return stack
    .ofType([SUBNET])
    .filter((subnet) => !internet.has(subnet))
    .flatMap(({ urn, props }): readonly Finding[] => {
      const property = "mapPublicIpOnLaunch";
      const value = props[property];
      if (value instanceof Unknown) return [{ urn, property, unknown: value }];
      if (!isTrue.is(value)) return [];
      return [
        {
          urn,
          property,
          wrong: "what starts in this private subnet gets a public address",
          fix: "set mapPublicIpOnLaunch: false",
        },
      ];
    });
}

/**
 * Subnets with a way in from the internet that nothing asks for: they give no public addresses, and neither a NAT
 * gateway nor a load balancer of the internet stands in them.
 */
export function openPrivateSubnets(stack: Stack): readonly Finding[] {
  const { internet } = routesOf(stack);
  const subnetOf = joinTo(stack.ofType([SUBNET]));
  const facing = new Set([
    ...stack.ofType([NAT_GATEWAY]).flatMap((nat) => subnetOf(nat, "subnetId")),
    ...stack
      .ofType(LOAD_BALANCERS)
      .filter(({ props: { internal } }) => !isTrue.is(internal))
      .flatMap((balancer) => [...subnetOf(balancer, "subnets"), ...subnetOf(balancer, "subnetMappings[].subnetId")]),
  ]);
  return [...internet].flatMap(([subnet, route]): readonly Finding[] => {
    const value = subnet.props["mapPublicIpOnLaunch"];
    if (isTrue.is(value) || facing.has(subnet)) return [];
    if (value instanceof Unknown) return [{ urn: subnet.urn, property: "mapPublicIpOnLaunch", unknown: value }];
    return [
      {
        urn: route.urn,
        property: route.type === ROUTE ? "gatewayId" : "routes",
        wrong: `it opens the private subnet "${subnet.name}" to the internet`,
        fix: "lead the route to a NAT gateway (natGatewayId), or remove it",
      },
    ];
  });
}

const ONE_PER_ZONE = "one-per-zone";

/** Too few NAT gateways for zones to fail on their own, or more than the environment should pay for. */
export function natGateways(stack: Stack, { strategy }: Config): readonly Finding[] {
  const gateways = stack.ofType([NAT_GATEWAY]).filter(({ props }) => props["connectivityType"] !== "private");
  return strategy === ONE_PER_ZONE ? zonesWithoutNat(stack, gateways) : surplusNat(gateways);
}

const surplusNat = (gateways: readonly StackResource[]): readonly Violation[] =>
  gateways.slice(1).map(({ urn }) => ({
    urn,
    property: "subnetId",
    wrong: "this environment has another NAT gateway already",
    fix: "remove it, and lead the private route tables to the first one",
  }));

function zonesWithoutNat(stack: Stack, gateways: readonly StackResource[]): readonly Finding[] {
  if (gateways.some(({ props }) => props["availabilityMode"] === "regional")) return [];
  const subnetOf = joinTo(stack.ofType([SUBNET]));
  const served = new Map(gateways.map((gateway) => [gateway, subnetOf(gateway, "subnetId").map(zoneOf)] as const));
  return [...routesOf(stack).nat].flatMap(([subnet, used]): readonly Finding[] => {
    const zone = zoneOf(subnet);
    const zones = used.flatMap((gateway) => served.get(gateway) ?? []);
    if (typeof zone === "string" && zones.includes(zone)) return [];
    const unknown = [zone, ...zones].find((one) => one instanceof Unknown);
    if (unknown instanceof Unknown) return [{ urn: subnet.urn, property: "availabilityZone", unknown }];
    return [
      {
        urn: subnet.urn,
        property: "availabilityZone",
        wrong: `its way out is the NAT gateway of another zone than ${asText(zone)}`,
        fix: "add a NAT gateway to a public subnet of this zone, and lead the subnet's route table to it",
      },
    ];
  });
}

// As a route resource names them, and as a route table does.
const BLOCKS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"];

/** Routes of everything into another network. */
export function peeringRoutes({ type, props }: Resource): readonly Finding[] {
  const routes =
    type === ROUTE
      ? [{ property: "", value: props as Plain }]
      : elements({ property: "routes", value: props["routes"] });
  return routes.flatMap(({ property, value: route }): readonly Finding[] => {
    if (route instanceof Unknown) return [{ property, unknown: route }];
    const peering = locate(route, "vpcPeeringConnectionId")[0]?.value;
    if (isAbsent(peering)) return [];
    return BLOCKS.flatMap((key): readonly Finding[] => {
      const place = property === "" ? key : `${property}.${key}`;
      const block = locate(route, key)[0]?.value;
      const world = isWorld(block);
      if (world === false) return [];
      if (world instanceof Unknown) return [{ property: place, unknown: world }];
      return [
        {
          property: place,
          wrong: `it leads ${asText(block)} into a peered network`,
          fix: "name the range of the peered network, or of the one host that is needed",
        },
      ];
    });
  });
}

export const rules: readonly Rule[] = [
  {
    name: "vpc-flow-log-enabled",
    description: "Every network has a flow log of all its traffic.",
    why: "Without it nobody can say afterwards who talked to whom.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV2_AWS_11",
      "FSBP EC2.6",
      "CIS 4.7",
      "AwsSolutions-VPC7",
      "AWS-0178",
      "Prowler vpc_flow_logs_enabled",
    ],
    settings: {
      traffic: {
        type: "array",
        description: "Kinds of traffic that are enough, the best one first.",
        default: ["ALL"],
      },
    },
    resources: [{ types: [FLOW_LOG], unknown: "refuse", find: partialFlowLogs }],
    stack: unloggedNetworks,
  },
  {
    name: "vpc-default-vpc-not-used",
    description: "Nothing stands in the account's default network.",
    why: "Every subnet of the default network is public, and its rules are nobody's decision.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_148", "AWS-0101"],
    resources: [
      { types: DEFAULT_NETWORK, unknown: "defer", find: defaultNetwork },
      { types: ["aws:ec2/securityGroup:SecurityGroup"], unknown: "defer", find: groupWithoutNetwork },
    ],
  },
  {
    name: "vpc-subnets-in-two-zones",
    description: "The subnets of every network stand in two availability zones or more.",
    why: "A network in one zone is down whenever that zone is.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler vpc_subnet_different_az"],
    settings: { zones: { type: "number", description: "Availability zones, at least.", default: 2 } },
    stack: narrowNetworks,
  },
  {
    name: "vpc-private-subnets-present",
    description: "Every network has subnets without a way in from the internet.",
    why: "What has no route from the internet cannot be opened by one wrong rule.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler vpc_subnet_separate_private_public"],
    stack: networksWithoutPrivateSubnets,
  },
  {
    name: "vpc-private-subnet-maps-no-public-ip",
    description: "Private subnets give no public addresses.",
    why: "A public address in a private subnet is one route away from the internet.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_130", "FSBP EC2.15", "cdk-nag VPCSubnetAutoAssignPublicIpDisabled", "AWS-0164"],
      ...["Prowler vpc_subnet_no_public_ip_by_default", "cfn-guard subnet_auto_assign_public_ip_disabled"],
    ],
    stack: publicAddressesInPrivate,
  },
  {
    name: "vpc-private-subnet-not-routed-to-internet-gateway",
    description: "Private subnets have no route to the internet gateway.",
    why: "Tasks and data stores count on it that nothing reaches them from outside.",
    severity: "high",
    level: "mandatory",
    standards: ["cdk-nag VPCNoUnrestrictedRouteToIGW", "cfn-guard no_unrestricted_route_to_igw"],
    stack: openPrivateSubnets,
  },
  {
    name: "vpc-nat-gateways-per-zone",
    description: "Private subnets go out through as many NAT gateways as the environment calls for.",
    why: "Production must not lose every zone with one gateway, and a test environment need not pay for two.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: {
      strategy: { type: "string", description: 'Either "one-per-zone" or "at-most-one".', default: ONE_PER_ZONE },
    },
    stack: natGateways,
  },
  {
    name: "vpc-peering-route-not-to-everywhere",
    description: "Routes into a peered network name its range.",
    why: "A default route hands all traffic to the owner of the other network.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_44", "CIS 6.6"],
    resources: [{ types: [ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE], unknown: "defer", find: peeringRoutes }],
  },
];
