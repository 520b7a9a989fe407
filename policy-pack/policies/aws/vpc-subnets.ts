import { joinTo } from "../../support/join.ts";
import { NAT_GATEWAY, ROUTE, SUBNET, VPC, routesOf, zoneOf } from "../../support/network/subnets.ts";
import { asText, atLeast, isTrue, numberOf } from "../../support/property.ts";
import type { Config, Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { LOAD_BALANCERS } from "../../support/tokens.ts";
import { Unknown } from "../../support/unknown.ts";

/** Networks with subnets in fewer zones than asked for. */
function narrowNetworks(stack: Stack, { zones: least }: Config): readonly Finding[] {
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
function networksWithoutPrivateSubnets(stack: Stack): readonly Finding[] {
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
function publicAddressesInPrivate(stack: Stack): readonly Finding[] {
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
function openPrivateSubnets(stack: Stack): readonly Finding[] {
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

export const rules: readonly Rule[] = [
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
];
