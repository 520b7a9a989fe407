import { joinTo, unnamed } from "../../support/join.ts";
import { isWorld } from "../../support/network/ranges.ts";
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
import { asText, elements, isAbsent, locate, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const DEFAULT_NETWORK = ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet"];

/** Flow logs that leave out a part of the traffic. */
function partialFlowLogs({ props }: Resource, { traffic }: Config): readonly Finding[] {
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
function unloggedNetworks(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([VPC]), stack.ofType([FLOW_LOG]), "vpcId").map(({ urn }) => ({
    urn,
    property: "vpcId",
    wrong: "no flow log names this network",
    fix: 'add an aws.ec2.FlowLog with this vpcId and trafficType: "ALL"',
  }));
}

/** Whatever takes up the network that AWS makes in each account. */
const defaultNetwork = ({ type }: Resource): readonly Finding[] => [
  {
    property: "type",
    wrong: `it takes up the account's default network (${type.split(":").at(-1) ?? ""})`,
    fix: "use an aws.ec2.Vpc of the stack instead",
  },
];

/** A security group that names no network is made in the default one. */
function groupWithoutNetwork({ props: { vpcId } }: Resource): readonly Finding[] {
  if (vpcId instanceof Unknown) return [{ property: "vpcId", unknown: vpcId }];
  if (typeof vpcId === "string" && vpcId !== "") return [];
  return [{ property: "vpcId", wrong: "it is not set, which means the default network", fix: "set vpcId" }];
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
function peeringRoutes({ type, props }: Resource): readonly Finding[] {
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
