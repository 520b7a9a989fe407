import { joinTo, type Join } from "../join.ts";
import { isAbsent, locate } from "../property.ts";
import type { StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown, type Plain } from "../unknown.ts";
import { isWorld } from "./ranges.ts";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
export const ROUTE = "aws:ec2/route:Route";
export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
export const DEFAULT_ROUTE_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable";

const TABLES = [ROUTE_TABLE, DEFAULT_ROUTE_TABLE];
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const MAIN_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";
const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";

/** A way out of a subnet's network: the resource that holds the route. */
export interface Routes {
  /** Subnets with a default route to an internet gateway, and what holds that route. */
  readonly internet: ReadonlyMap<StackResource, StackResource>;
  /** Subnets with a default route to a NAT gateway, and the gateways. */
  readonly nat: ReadonlyMap<StackResource, readonly StackResource[]>;
}

/** Where the subnets of a stack lead, by their own route table or by the main one of their network. */
export function routesOf(stack: Stack): Routes {
  const tableOf = joinTo(stack.ofType(TABLES));
  const gatewayOf = joinTo(stack.ofType([INTERNET_GATEWAY]));
  const natOf = joinTo(stack.ofType([NAT_GATEWAY]));
  const subnetsOf = subnetsByTable(stack, tableOf);
  const internet = new Map<StackResource, StackResource>();
  const nat = new Map<StackResource, StackResource[]>();

  const lead = (holder: StackResource, tables: readonly StackResource[], prefix: string): void => {
    const subnets = tables.flatMap((table) => subnetsOf.get(table) ?? []);
    const gateway = locate(holder.props, `${prefix}gatewayId`).some(({ value }) => isInternetGateway(value));
    const toInternet = gateway || gatewayOf(holder, `${prefix}gatewayId`).length > 0;
    const gateways = natOf(holder, `${prefix}natGatewayId`);
    for (const subnet of subnets) {
      if (toInternet) internet.set(subnet, holder);
      if (gateways.length > 0) nat.set(subnet, [...(nat.get(subnet) ?? []), ...gateways]);
    }
  };
  for (const route of stack.ofType([ROUTE]))
    if (leadsEverywhere(route, ["destinationCidrBlock", "destinationIpv6CidrBlock"]))
      lead(route, tableOf(route, "routeTableId"), "");
  for (const table of stack.ofType(TABLES))
    if (leadsEverywhere(table, ["routes[].cidrBlock", "routes[].ipv6CidrBlock"])) lead(table, [table], "routes[].");
  return { internet, nat };
}

const leadsEverywhere = ({ props }: StackResource, paths: readonly string[]): boolean =>
  paths.some((path) => locate(props, path).some(({ value }) => isWorld(value) !== false));

const isInternetGateway = (value: Plain): boolean => typeof value === "string" && value.startsWith("igw-");

function subnetsByTable(stack: Stack, tableOf: Join): ReadonlyMap<StackResource, readonly StackResource[]> {
  const subnetOf = joinTo(stack.ofType([SUBNET]));
  const vpcOf = joinTo(stack.ofType([VPC]));
  const result = new Map<StackResource, StackResource[]>();
  const placed = new Set<StackResource>();
  const place = (table: StackResource, subnets: readonly StackResource[]): void => {
    result.set(table, [...(result.get(table) ?? []), ...subnets]);
    for (const subnet of subnets) placed.add(subnet);
  };
  for (const association of stack.ofType([ASSOCIATION]))
    for (const table of tableOf(association, "routeTableId")) place(table, subnetOf(association, "subnetId"));
  const rest = Map.groupBy(
    stack.ofType([SUBNET]).filter((subnet) => !placed.has(subnet)),
    (subnet) => vpcOf(subnet, "vpcId")[0],
  );
  const main = [
    ...stack.ofType([DEFAULT_ROUTE_TABLE]).map((table) => [table, mainVpcOf(stack, table)] as const),
    ...stack
      .ofType([MAIN_ASSOCIATION])
      .flatMap((one) => tableOf(one, "routeTableId").map((table) => [table, vpcOf(one, "vpcId")[0]] as const)),
  ];
  for (const [table, vpc] of main) if (vpc !== undefined) place(table, rest.get(vpc) ?? []);
  return result;
}

function mainVpcOf(stack: Stack, table: StackResource): StackResource | undefined {
  const id = table.props["defaultRouteTableId"];
  const referenced = table.references.get("defaultRouteTableId");
  return stack
    .ofType([VPC])
    .find((vpc) => (typeof id === "string" && vpc.props["defaultRouteTableId"] === id) || referenced?.has(vpc.urn));
}

/** The availability zone of a subnet, by name or by id. */
export function zoneOf({ props }: StackResource): Plain {
  const name = props["availabilityZone"];
  const id = props["availabilityZoneId"];
  return isAbsent(name) || (name instanceof Unknown && typeof id === "string" && id !== "") ? id : name;
}
