import { OutputValue, type Properties, UNKNOWN, Unknown, type Value, revealed } from "../../values/value.ts";
import { Refusal } from "../service.ts";
import { type SubnetSpec, type VpcArgs, invalid } from "./args.ts";
import { type Block, formatBlock, ipv6SubnetBlock } from "./cidr.ts";
import { Children, idOf, idsOf, referencesTo } from "./children.ts";
import { addEndpoint, endpointDns } from "./endpoints.ts";
import { COMPONENT, type Plan, type Planned, PlannedOutput, PlannedReference } from "./plan.ts";
import {
  type Layout,
  type ResolvedSpec,
  type Slot,
  derivedLayout,
  givenLayout,
  isType,
  layOut,
  normalizeSpecs,
  parseArgument,
  refuseGaps,
  refuseOverlaps,
} from "./subnets.ts";
import { mergeTags } from "./tags.ts";

const DEFAULT_CIDR_BLOCK = "10.0.0.0/16";
const DEFAULT_ZONE_COUNT = 3;
const EVERYWHERE = "0.0.0.0/0";

/** In each zone public subnets come first, since the gateways of the private ones live there. */
const SUBNET_ORDER = ["public", "private"];

/** How many of the region's zones the arguments ask for; undefined where they name the zones. */
export function zonesWanted(args: VpcArgs): number | undefined {
  if (args.zoneNames === undefined) return args.zoneCount ?? DEFAULT_ZONE_COUNT;
  if (args.zoneCount !== undefined && args.zoneCount > 0)
    throw invalid("availabilityZoneNames", "and numberOfAvailabilityZones exclude each other: give one of them");
  return undefined;
}

/** The zones to use. `available` are the names of all zones of the region, in order. */
export function chooseZones(args: VpcArgs, available: readonly string[]): readonly string[] {
  const wanted = zonesWanted(args);
  if (wanted === undefined) return args.zoneNames ?? [];
  if (available.length < wanted)
    throw invalid(
      "numberOfAvailabilityZones",
      `asks for ${String(wanted)} availability zones, but the region has ${String(available.length)}: name them in availabilityZoneNames or choose another region`,
    );
  return available.slice(0, wanted);
}

/** Everything that `awsx:ec2:Vpc` makes in these availability zones. Throws a `Refusal` where the component fails. */
export function planVpc(name: string, args: VpcArgs, zones: readonly string[]): Plan {
  refuseBadIpam(args);
  refuseZones(args, zones);
  refuseAllocationIds(args, zones.length);
  const subnets = planSubnets(name, args, zones);
  const sharedTags = mergeTags({ Name: name }, args.tags);
  const children = new Children();
  const vpc = children.add("vpc", name, COMPONENT, [], {
    ...args.inputs,
    ...endpointDns(args),
    cidrBlock: subnets.vpcBlock,
    tags: sharedTags,
  });
  const internetGateway = children.add("internetGateway", name, vpc, [vpc], {
    region: args.inputs["region"],
    vpcId: idOf(vpc),
    tags: sharedTags,
  });
  const network: Network = { name, args, zones, subnets, sharedTags, vpc, internetGateway, children, ...emptyKeys() };
  for (const zone of zones.keys())
    for (const [index, slot] of subnetsOf(subnets.layout, zone).entries()) addSubnet(network, slot, index);

  const made = network.made;
  const routeTables = made.map((subnet) => subnet.routeTable);
  const around = { vpc, sharedTags, subnets: made, routeTables, zones: zones.length };
  const endpoints = args.endpointSpecs.map((spec) => addEndpoint(children, spec, args, around));
  const keysOf = (type: string): string[] =>
    made.filter(({ spec }) => subnetClass(spec) === type).map(({ key }) => key);
  return {
    resources: children.resources,
    outputs: {
      vpc: new PlannedReference(vpc),
      vpcId: idOf(vpc),
      subnets: referencesTo(made.map(({ key }) => key)),
      publicSubnets: referencesTo(keysOf("public")),
      privateSubnets: referencesTo(keysOf("private")),
      isolatedSubnets: referencesTo(keysOf("isolated")),
      publicSubnetIds: idsOf(keysOf("public")),
      privateSubnetIds: idsOf(keysOf("private")),
      isolatedSubnetIds: idsOf(keysOf("isolated")),
      subnetLayout: subnets.resolvedLayout(vpc),
      internetGateway: new PlannedReference(internetGateway),
      routeTables: referencesTo(routeTables),
      routeTableAssociations: referencesTo(made.map(({ association }) => association)),
      routes: referencesTo(network.routes),
      eips: referencesTo(network.eips),
      natGateways: referencesTo(network.natGateways),
      vpcEndpoints: referencesTo(endpoints),
    },
  };
}

/** Keys of one subnet and what belongs to it. */
interface MadeSubnet {
  readonly key: string;
  readonly spec: SubnetSpec;
  readonly zone: number;
  readonly routeTable: string;
  readonly association: string;
}

/** The plan while its subnets are added. */
interface Network {
  readonly name: string;
  readonly args: VpcArgs;
  readonly zones: readonly string[];
  readonly subnets: PlannedSubnets;
  readonly sharedTags: Value;
  readonly vpc: string;
  readonly internetGateway: string;
  readonly children: Children;
  readonly made: MadeSubnet[];
  readonly routes: string[];
  readonly eips: string[];
  readonly natGateways: string[];
}

const emptyKeys = (): Pick<Network, "made" | "routes" | "eips" | "natGateways"> => ({
  made: [],
  routes: [],
  eips: [],
  natGateways: [],
});

/** Adds a subnet with its route table and way out. `index` counts the zone's subnets. */
function addSubnet(network: Network, slot: Slot, index: number): void {
  const { name, args, zones, vpc, children, sharedTags } = network;
  const { spec, zone } = slot;
  const region = args.inputs["region"];
  const vpcId = idOf(vpc);
  const subnetName = resourceName(name, slot);
  const typeTags = { Name: nameTag(network, slot), SubnetType: spec.type };
  const subnet = children.add("subnet", subnetName, vpc, [vpc], {
    region,
    vpcId,
    availabilityZone: zones[zone],
    mapPublicIpOnLaunch: isType(spec, "Public"),
    cidrBlock: network.subnets.blockOf(slot, vpc),
    ...ipv6Inputs(spec, args, vpc, zone + index * zones.length),
    tags: mergeTags(sharedTags, spec.tags, typeTags),
  });
  const routeTable = children.add("routeTable", subnetName, subnet, [subnet], {
    region,
    vpcId,
    tags: mergeTags(sharedTags, typeTags),
  });
  const association = children.add("association", subnetName, routeTable, [routeTable], {
    region,
    routeTableId: idOf(routeTable),
    subnetId: idOf(subnet),
  });
  network.made.push({ key: subnet, spec, zone, routeTable, association });
  if (isType(spec, "Public") && network.natGateways.length < gatewaysUpTo(args, zone))
    addGateway(network, subnet, zone);
  const target = routeTarget(network, spec, zone);
  if (target !== undefined)
    network.routes.push(
      children.add("route", subnetName, routeTable, [routeTable], {
        region,
        routeTableId: idOf(routeTable),
        ...target,
        destinationCidrBlock: EVERYWHERE,
      }),
    );
}

/** A NAT gateway in this subnet, with a new address unless the program gives its own. */
function addGateway({ name, args, children, eips, natGateways }: Network, subnet: string, zone: number): void {
  const numbered = `${name}-${String(zone + 1)}`;
  const region = args.inputs["region"];
  const tags = mergeTags(args.tags, { Name: numbered });
  let allocationId: Planned | undefined = args.allocationIds[zone];
  if (args.allocationIds.length === 0) {
    const eip = children.add("eip", numbered, subnet, [subnet], { region, tags });
    eips.push(eip);
    allocationId = new PlannedOutput(eip, "allocationId");
  }
  natGateways.push(
    children.add("natGateway", numbered, subnet, [subnet], { region, subnetId: idOf(subnet), allocationId, tags }),
  );
}

interface PlannedSubnets {
  readonly layout: Layout;
  /** Undefined where an address pool gives the range. */
  readonly vpcBlock: string | undefined;
  blockOf(slot: Slot, vpc: string): Planned;
  resolvedLayout(vpc: string): Planned;
}

function planSubnets(name: string, args: VpcArgs, zones: readonly string[]): PlannedSubnets {
  const strategy = args.subnetStrategy ?? "Legacy";
  const specs = args.subnetSpecs === undefined ? undefined : normalizeSpecs(args.subnetSpecs, zones.length);
  const layout = layOut({ specs, strategy, zones: zones.length, zoneMask: args.zoneMask });
  const allocate = (vpcBlock: Block): Block[] => {
    const blocks = layout.allocate(vpcBlock);
    refuseOverlaps(namedBlocks(name, layout.slots, blocks));
    return blocks;
  };
  const isGiven = specs !== undefined && strategy !== "Legacy" && strategy !== "AutoMerge";
  const resolved = (blocks: readonly Block[]): Properties[] =>
    (isGiven ? givenLayout(specs) : derivedLayout(layout.slots, blocks, zones.length)).map(asProperties);

  const given = args.cidrBlock ?? (args.inputs["ipv4IpamPoolId"] === undefined ? DEFAULT_CIDR_BLOCK : undefined);
  if (given !== undefined) {
    const vpcBlock = parseArgument(given, "cidrBlock");
    const blocks = allocate(vpcBlock);
    if (strategy === "Exact") refuseGaps(vpcBlock, namedBlocks(name, layout.slots, blocks));
    refuseStrandedGateways(args, layout.slots);
    return {
      layout,
      vpcBlock: given,
      blockOf: (slot) => blockText(layout, blocks, slot),
      resolvedLayout: () => resolved(blocks),
    };
  }
  if (specs === undefined ? strategy === "Legacy" || strategy === "Exact" : strategy === "Legacy")
    throw invalid(
      "subnetStrategy",
      "Legacy needs a known cidrBlock: use Auto with ipv4NetmaskLength, or give cidrBlock",
    );
  refuseStrandedGateways(args, layout.slots);
  const fromVpc = (vpc: string, use: (blocks: readonly Block[]) => Value): PlannedOutput =>
    new PlannedOutput(vpc, "cidrBlock", (block) =>
      use(allocate(parseArgument(typeof block === "string" ? block : "", "the VPC's cidrBlock"))),
    );
  return {
    layout,
    vpcBlock: undefined,
    blockOf: (slot, vpc) => fromVpc(vpc, (blocks) => blockText(layout, blocks, slot)),
    resolvedLayout: (vpc) => (isGiven ? resolved([]) : fromVpc(vpc, resolved)),
  };
}

const asProperties = (spec: ResolvedSpec): Properties => ({ ...spec });

function blockText(layout: Layout, blocks: readonly Block[], slot: Slot): string {
  const block = blocks[layout.slots.indexOf(slot)];
  if (block === undefined) throw new RangeError(`no range for slot ${JSON.stringify(slot)}`);
  return formatBlock(block);
}

function namedBlocks(name: string, slots: readonly Slot[], blocks: readonly Block[]): { name: string; block: Block }[] {
  return slots.flatMap((slot, index) => {
    const block = blocks[index];
    return block === undefined ? [] : [{ name: resourceName(name, slot), block }];
  });
}

const specName = (spec: SubnetSpec): string => spec.name ?? spec.type.toLowerCase();

const resourceName = (vpcName: string, slot: Slot): string =>
  `${vpcName}-${specName(slot.spec)}-${String(slot.zone + 1)}`;

function nameTag({ name, args, zones }: Network, slot: Slot): string {
  return args.nameTagStrategy === "Legacy"
    ? resourceName(name, slot)
    : `${name}-${specName(slot.spec)}-${zoneSuffix(zones[slot.zone] ?? "")}`;
}

/** The real subnets of a zone, in the order in which they are made. */
function subnetsOf(layout: Layout, zone: number): Slot[] {
  const rank = ({ spec }: Slot): number => {
    const index = SUBNET_ORDER.indexOf(spec.type.toLowerCase());
    return index < 0 ? SUBNET_ORDER.length : index;
  };
  return layout.slots
    .filter((slot) => slot.zone === zone && slot.spec.type !== "Unused")
    .sort((a, b) => rank(a) - rank(b));
}

/** Whatever is neither public nor private has no way out. */
function subnetClass(spec: SubnetSpec): string {
  const type = spec.type.toLowerCase();
  return SUBNET_ORDER.includes(type) ? type : "isolated";
}

/** How many NAT gateways there are once this zone is done. */
function gatewaysUpTo(args: VpcArgs, zone: number): number {
  return { None: 0, Single: 1, OnePerAz: zone + 1 }[args.natStrategy];
}

/** Where a subnet's traffic leaves the VPC; undefined where it does not. */
function routeTarget(network: Network, spec: SubnetSpec, zone: number): Record<string, Planned> | undefined {
  const { args, internetGateway, natGateways } = network;
  if (isType(spec, "Public")) return { gatewayId: idOf(internetGateway) };
  const natGateway = natGateways[args.natStrategy === "Single" ? 0 : zone];
  return isType(spec, "Private") && natGateway !== undefined ? { natGatewayId: idOf(natGateway) } : undefined;
}

/**
 * The range of a subnet with IPv6 follows from the VPC's.
 * Where the choice is a plain false the range is left out, in preview too.
 */
function ipv6Inputs(spec: SubnetSpec, args: VpcArgs, vpc: string, index: number): Record<string, Planned | undefined> {
  const assign = spec.assignIpv6AddressOnCreation ?? args.inputs["assignGeneratedIpv6CidrBlock"] ?? false;
  const known = revealed(assign);
  const ipv6CidrBlock =
    known instanceof Unknown
      ? assign instanceof OutputValue
        ? new OutputValue(undefined, assign.secret, assign.dependencies)
        : UNKNOWN
      : known === true
        ? new PlannedOutput(vpc, "ipv6CidrBlock", (block) => ipv6Block(block, index))
        : undefined;
  return { assignIpv6AddressOnCreation: assign, ipv6CidrBlock };
}

function ipv6Block(vpcBlock: Value, index: number): string {
  if (typeof vpcBlock !== "string" || vpcBlock === "")
    throw new Refusal(
      "MissingIpv6CidrBlock",
      "awsx:ec2:Vpc: a subnet has assignIpv6AddressOnCreation, but the VPC has no IPv6 range: set assignGeneratedIpv6CidrBlock or ipv6CidrBlock",
    );
  const block = ipv6SubnetBlock(vpcBlock, index);
  if (block === undefined)
    throw new Refusal(
      "InvalidIpv6CidrBlock",
      `awsx:ec2:Vpc: subnets get their IPv6 ranges from a /56 with its first four groups written out, and the VPC has ${vpcBlock}`,
    );
  return block;
}

/** The part of a zone's name that tells it from the region's other zones: `1a` of us-east-1a. */
const zoneSuffix = (zone: string): string => zone.replace(/^[a-z]{2}(?:-[a-z]+)+-/, "");

function refuseBadIpam({ cidrBlock, inputs }: VpcArgs): void {
  if (inputs["ipv4IpamPoolId"] === undefined) return;
  const hasLength = inputs["ipv4NetmaskLength"] !== undefined;
  if (cidrBlock !== undefined && hasLength)
    throw invalid("cidrBlock", "and ipv4NetmaskLength exclude each other: give one of them");
  if (cidrBlock === undefined && !hasLength)
    throw invalid("ipv4IpamPoolId", "needs ipv4NetmaskLength or cidrBlock beside it");
}

function refuseZones(args: VpcArgs, zones: readonly string[]): void {
  const shown = args.nameTagStrategy === "AvailabilityZone" ? zones.map(zoneSuffix) : zones;
  const again = zones.find((_, index) => shown.indexOf(shown[index] ?? "") !== index);
  if (again !== undefined)
    throw invalid(
      "availabilityZoneNames",
      `names ${JSON.stringify(again)}, but another zone ends alike or is the same`,
    );
}

/** Addresses that firewalls elsewhere may know: their number must be exact. */
function refuseAllocationIds({ natStrategy, allocationIds }: VpcArgs, zones: number): void {
  const wanted = { None: 0, Single: 1, OnePerAz: zones }[natStrategy];
  if (allocationIds.length > 0 && allocationIds.length !== wanted)
    throw invalid(
      "natGateways.elasticIpAllocationIds",
      `has ${String(allocationIds.length)} ids, but strategy ${natStrategy} uses ${String(wanted)}`,
    );
}

function refuseStrandedGateways({ natStrategy }: VpcArgs, slots: readonly Slot[]): void {
  if (natStrategy === "None") return;
  const has = (type: string): boolean => slots.some(({ spec }) => isType(spec, type));
  if (!has("Public") || !(has("Private") || has("Isolated")))
    throw new Refusal(
      "NatGatewayWithoutSubnets",
      `awsx:ec2:Vpc: NAT strategy ${natStrategy} needs public subnets for the gateways and private or isolated subnets behind them: add them to subnetSpecs or set natGateways.strategy to None`,
    );
}
