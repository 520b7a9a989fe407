import { Refusal } from "../service.ts";
import { type SubnetSpec, type SubnetStrategy, invalid } from "./args.ts";
import {
  type Block,
  blockAfter,
  blockAround,
  first,
  formatBlock,
  gapBetween,
  last,
  overlaps,
  parseBlock,
  sizeOf,
} from "./cidr.ts";

/** A subnet, or a range left unused, in one zone. */
export interface Slot {
  /** Index of the availability zone. */
  readonly zone: number;
  readonly spec: SubnetSpec;
}

export interface Layout {
  /** Order matters: by it Exact layouts are checked and the resolved layout is derived. */
  readonly slots: readonly Slot[];
  /** One range per slot. Throws a `Refusal` where they do not fit. */
  allocate(vpcBlock: Block): Block[];
}

export interface LayoutRequest {
  /** Undefined: the component's default layout. */
  readonly specs: readonly SubnetSpec[] | undefined;
  readonly strategy: SubnetStrategy;
  readonly zones: number;
  readonly zoneMask: number | undefined;
}

/** What the component reports of its layout: one entry per subnet and gap of a zone. */
export interface ResolvedSpec {
  readonly type: string;
  readonly name?: string;
  readonly cidrMask?: number;
  readonly size?: number;
  readonly cidrBlocks?: string[];
}

// From /0 (the whole address space) to /30 (four addresses).
const WIDEST_COUNTED_MASK = 30;

const DEFAULT_SPECS: readonly SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];

// A default layout cuts a zone twice and leaves no subnet smaller than /28, the least AWS allows.
const SMALLEST_DEFAULT_ZONE = 26;
// A larger zone is not used up by default: its subnets are cut as if it were this wide.
const WIDEST_DEFAULT_ZONE = 16;

/** The Legacy strategy's order, and the longest prefix each type gets by default. */
const LEGACY_ORDER = [
  { type: "Private", widest: 19 },
  { type: "Public", widest: 20 },
  { type: "Isolated", widest: 24 },
] as const;

export const isType = (spec: SubnetSpec, type: string): boolean => spec.type.toLowerCase() === type.toLowerCase();

/** Zones and subnets are cut by powers of two: the bits that tell this many apart. */
const bitsFor = (count: number): number => (count === 0 ? 0 : Math.ceil(Math.log2(count)));

export function parseArgument(text: string, path: string): Block {
  const block = parseBlock(text);
  if (block === undefined)
    throw invalid(path, `is ${JSON.stringify(text)}, which is not an IPv4 range: write it like 10.0.0.0/16`);
  return block;
}

/** Checks the specs against each other and completes mask and size. Throws a `Refusal` with everything that is wrong. */
export function normalizeSpecs(specs: readonly SubnetSpec[], zones: number): SubnetSpec[] {
  const explicit = specs.some((spec) => spec.cidrBlocks !== undefined);
  const issues = [...sameNames(specs), ...specs.flatMap((spec, index) => specIssues(spec, index, explicit, zones))];
  if (issues.length > 0) throw new Refusal("InvalidSubnetSpecs", `awsx:ec2:Vpc: ${issues.join("; ")}`);
  return explicit ? [...specs] : specs.map(withMaskAndSize);
}

function sameNames(specs: readonly SubnetSpec[]): string[] {
  const types = new Set(specs.map((spec) => spec.type.toLowerCase()));
  return [...types].flatMap((type) => {
    const names = specs.filter((spec) => isType(spec, type)).map((spec) => spec.name);
    return new Set(names).size === names.length
      ? []
      : [`several subnetSpecs of type ${type} have the same name or none: give each its own name`];
  });
}

function specIssues(spec: SubnetSpec, index: number, explicit: boolean, zones: number): string[] {
  const path = `subnetSpecs[${String(index)}]`;
  if (spec.size !== undefined && !isSize(spec.size))
    return [`${path}.size is ${String(spec.size)}, which is not a power of two from 4 to 4294967296`];
  if (!explicit) {
    const mask = maskOf(spec);
    const size = mask === undefined ? undefined : countedSize(mask);
    return spec.size !== undefined && size !== undefined && size !== spec.size
      ? [`${path}.size is ${String(spec.size)}, but a /${String(mask)} has ${String(size)} addresses`]
      : [];
  }
  if (spec.cidrBlocks === undefined) return [`${path} has no cidrBlocks: give them to every subnet spec or to none`];
  if (spec.cidrBlocks.length !== zones)
    return [`${path}.cidrBlocks has ${String(spec.cidrBlocks.length)} ranges for ${String(zones)} availability zones`];
  const blocks = spec.cidrBlocks.map((text, zone) => parseArgument(text, `${path}.cidrBlocks[${String(zone)}]`));
  if (spec.cidrMask !== undefined && blocks.some((block) => block.mask !== spec.cidrMask))
    return [`${path}.cidrMask differs from its cidrBlocks: leave it out or make them agree`];
  if (spec.size !== undefined && blocks.some((block) => sizeOf(block.mask) !== spec.size))
    return [`${path}.size differs from its cidrBlocks: leave it out or make them agree`];
  return [];
}

const isSize = (size: number): boolean => Number.isInteger(Math.log2(size)) && size >= 4 && size <= 2 ** 32;

const maskOf = (spec: SubnetSpec): number | undefined =>
  spec.cidrMask ?? (spec.size === undefined ? undefined : 32 - Math.log2(spec.size));

const countedSize = (mask: number): number | undefined =>
  mask > 0 && mask <= WIDEST_COUNTED_MASK ? sizeOf(mask) : undefined;

function withMaskAndSize(spec: SubnetSpec): SubnetSpec {
  const { cidrMask: _mask, size: _size, ...rest } = spec;
  const cidrMask = maskOf(spec);
  if (cidrMask === undefined) return rest;
  const size = countedSize(cidrMask);
  return { ...rest, cidrMask, ...(size === undefined ? {} : { size }) };
}

/** Chooses how the VPC's range is divided. The specs must be normalized. */
export function layOut(request: LayoutRequest): Layout {
  const { specs, strategy, zones } = request;
  if (specs === undefined && (strategy === "Legacy" || strategy === "Exact")) return legacyDefaultLayout(zones);
  if (specs !== undefined && strategy === "Legacy") return legacyLayout(specs, zones);
  if (strategy === "AutoMerge") return autoMergeLayout(request);
  if (specs?.some((spec) => spec.cidrBlocks !== undefined) === true) return explicitLayout(specs, zones);
  return autoLayout(request);
}

const perZone = (zones: number, specs: readonly SubnetSpec[]): Slot[] =>
  Array.from({ length: zones }, (_, zone) => specs.map((spec) => ({ zone, spec }))).flat();

function explicitLayout(specs: readonly SubnetSpec[], zones: number): Layout {
  const slots = perZone(zones, specs);
  return {
    slots,
    allocate: () => slots.map(({ zone, spec }) => parseArgument(spec.cidrBlocks?.[zone] ?? "", "cidrBlocks")),
  };
}

function autoLayout({ specs, zones, zoneMask }: LayoutRequest): Layout {
  return {
    slots: perZone(zones, specs ?? DEFAULT_SPECS),
    allocate(vpcBlock) {
      const mask = zoneMask ?? vpcBlock.mask + bitsFor(zones);
      return allocateZones(vpcBlock, zones, mask, specs ?? defaultSpecs(mask));
    },
  };
}

function autoMergeLayout({ specs = [], zones, zoneMask }: LayoutRequest): Layout {
  if (specs.some((spec) => spec.cidrBlocks !== undefined))
    throw invalid("subnetStrategy", "AutoMerge takes no cidrBlocks: use Auto or Exact to give every range yourself");
  return {
    slots: perZone(zones, merged(DEFAULT_SPECS, specs)),
    allocate(vpcBlock) {
      const mask = zoneMask ?? vpcBlock.mask + bitsFor(zones);
      return allocateZones(vpcBlock, zones, mask, merged(defaultSpecs(mask), specs));
    },
  };
}

/** An unnamed spec of a default type replaces the default, size included; the others follow. */
function merged(defaults: readonly SubnetSpec[], specs: readonly SubnetSpec[]): SubnetSpec[] {
  const replaces = (spec: SubnetSpec): boolean =>
    spec.name === undefined && defaults.some((candidate) => isType(spec, candidate.type));
  const kept = defaults.map((item) => specs.find((spec) => replaces(spec) && isType(spec, item.type)) ?? item);
  return [...kept, ...specs.filter((spec) => !replaces(spec))];
}

function defaultSpecs(zoneMask: number): SubnetSpec[] {
  if (zoneMask > SMALLEST_DEFAULT_ZONE)
    throw new Refusal(
      "SubnetsTooLarge",
      `awsx:ec2:Vpc: the default subnets need at least a /${String(SMALLEST_DEFAULT_ZONE)} in each availability zone, but each has a /${String(zoneMask)}: make the VPC larger or give subnetSpecs`,
    );
  const zone = Math.max(zoneMask, WIDEST_DEFAULT_ZONE);
  return DEFAULT_SPECS.map((spec, index) => ({ ...spec, cidrMask: zone + index + 1 }));
}

/** Each zone gets a range of this mask, and in it each subnet the next free aligned range. */
function allocateZones(vpcBlock: Block, zones: number, zoneMask: number, specs: readonly SubnetSpec[]): Block[] {
  if (specs.length === 0) throw invalid("subnetSpecs", "is empty: leave it out for the default subnets");
  const evenMask = zoneMask + bitsFor(specs.length);
  const masks = specs.map((spec) => spec.cidrMask ?? evenMask);
  const needed = masks.reduce((sum, mask) => sum + sizeOf(mask), 0);
  if (needed > sizeOf(zoneMask) || masks.some((mask) => mask > 32))
    throw new Refusal(
      "SubnetsTooLarge",
      `awsx:ec2:Vpc: the subnets are too large for the VPC: each availability zone has ${String(sizeOf(zoneMask))} addresses and its subnets need ${String(needed)}; make the VPC larger or the subnets smaller`,
    );
  const blocks: Block[] = [];
  let zone = blockAround(first(vpcBlock), zoneMask);
  for (let index = 0; index < zones; index += 1) {
    let previous: Block | undefined;
    for (const mask of masks) {
      previous = previous === undefined ? blockAround(zone.address, mask) : blockAfter(previous, mask);
      blocks.push(previous);
    }
    zone = blockAfter(zone, zoneMask);
  }
  return blocks;
}

function legacyDefaultLayout(zones: number): Layout {
  return {
    slots: DEFAULT_SPECS.flatMap((spec) => Array.from({ length: zones }, (_, zone) => ({ zone, spec }))),
    allocate(vpcBlock) {
      const privates = legacyZones(vpcBlock, zones).map((zone) => nth(zone, zone.mask + 1, 0));
      return [...privates, ...privates.map((block) => nth(nth(block, block.mask, 1), block.mask + 1, 0))];
    },
  };
}

function legacyLayout(specs: readonly SubnetSpec[], zones: number): Layout {
  const groups = LEGACY_ORDER.map(({ type, widest }) => ({
    type,
    widest,
    // The names are the type's own spelling, whatever the program wrote.
    specs: specs.filter((spec) => isType(spec, type)).map((spec) => ({ ...spec, type })),
  }));
  // A single subnet may take the whole zone; several share it.
  const cut = specs.length === 1 ? 0 : 1;
  return {
    slots: perZone(
      zones,
      groups.flatMap((group) => group.specs),
    ),
    allocate: (vpcBlock) => legacyZones(vpcBlock, zones).flatMap((zone) => allocateLegacyZone(zone, groups, cut)),
  };
}

interface LegacyGroup {
  readonly widest: number;
  readonly specs: readonly SubnetSpec[];
}

/** Counts each type's subnets from the end of the type before; where that runs into the last one, it goes past it. */
function allocateLegacyZone(zone: Block, groups: readonly LegacyGroup[], cut: number): Block[] {
  const blocks: Block[] = [];
  const beforeZone: Block = { address: first(zone) - 1, mask: 32 };
  for (const group of groups) {
    const before = blocks.at(-1);
    const start = before === undefined ? zone : nth(before, before.mask, 1);
    for (const [index, spec] of group.specs.entries()) {
      const mask = spec.cidrMask ?? Math.max(zone.mask + cut, group.widest);
      const counted = nth(start, mask, index);
      const previous = blocks.at(-1) ?? beforeZone;
      blocks.push(overlaps(previous, counted) ? blockAfter(previous, mask) : counted);
    }
  }
  return blocks;
}

function legacyZones(vpcBlock: Block, zones: number): Block[] {
  const mask = vpcBlock.mask + bitsFor(zones);
  return Array.from({ length: zones }, (_, zone) => nth(vpcBlock, mask, zone));
}

/** The range of this mask that lies `index` such ranges after the block's address. */
function nth(block: Block, mask: number, index: number): Block {
  if (mask > 32)
    throw new Refusal(
      "SubnetsTooLarge",
      `awsx:ec2:Vpc: ${formatBlock(block)} cannot be cut into /${String(mask)}: make the VPC larger or use fewer availability zones`,
    );
  return { address: block.address + index * sizeOf(mask), mask };
}

export interface NamedBlock {
  readonly name: string;
  readonly block: Block;
}

const described = ({ name, block }: NamedBlock): string => `${name} (${formatBlock(block)})`;

export function refuseOverlaps(subnets: readonly NamedBlock[]): void {
  const overlapping = subnets.filter((one) =>
    subnets.some((other) => other !== one && overlaps(one.block, other.block)),
  );
  if (overlapping.length > 0)
    throw new Refusal(
      "SubnetsOverlap",
      `awsx:ec2:Vpc: these subnets overlap: ${overlapping.map(described).join(", ")}; make the VPC larger, the subnets smaller, or use fewer availability zones`,
    );
}

/** The Exact strategy leaves nothing unsaid: the ranges must follow each other from the VPC's start to its end. */
export function refuseGaps(vpcBlock: Block, subnets: readonly NamedBlock[]): void {
  const gaps: string[] = [];
  let expected = first(vpcBlock);
  let before = `the start of the VPC (${formatBlock(vpcBlock)})`;
  for (const subnet of subnets) {
    if (first(subnet.block) !== expected) gaps.push(`between ${before} and ${described(subnet)}`);
    expected = last(subnet.block) + 1;
    before = described(subnet);
  }
  if (expected !== last(vpcBlock) + 1) gaps.push(`between ${before} and the end of the VPC (${formatBlock(vpcBlock)})`);
  if (gaps.length > 0)
    throw new Refusal(
      "SubnetGaps",
      `awsx:ec2:Vpc: the Exact strategy allows no gaps, but there are some: ${gaps.join(", ")}; add subnet specs of type Unused or use the Auto strategy`,
    );
}

/** The layout as the program gave it. */
export function givenLayout(specs: readonly SubnetSpec[]): ResolvedSpec[] {
  return specs.map(({ type, name, cidrMask, size, cidrBlocks }) => ({
    type,
    ...(name === undefined ? {} : { name }),
    ...(cidrMask === undefined ? {} : { cidrMask }),
    ...(size === undefined ? {} : { size }),
    ...(cidrBlocks === undefined ? {} : { cidrBlocks: [...cidrBlocks] }),
  }));
}

/**
 * The layout as it came out, with the gaps as Unused.
 * Like the component, it looks at the first slots, as many as one zone has, and leaves out the names.
 */
export function derivedLayout(slots: readonly Slot[], blocks: readonly Block[], zones: number): ResolvedSpec[] {
  const resolved: ResolvedSpec[] = [];
  let previous: Block | undefined;
  for (const [index, slot] of slots.slice(0, zones === 0 ? 0 : slots.length / zones).entries()) {
    const block = blocks[index];
    if (block === undefined) break;
    if (previous !== undefined)
      for (const gap of gapBetween(previous, block)) resolved.push({ type: "Unused", cidrMask: gap.mask });
    resolved.push({ type: slot.spec.type, cidrMask: block.mask });
    previous = block;
  }
  return resolved;
}
