import { isProperties, type Properties, type Value } from "../../../sandbox/values/value.ts";
import { amount, type Amount, zero } from "../../money.ts";
import { exactly, type Range } from "../../range.ts";
import { stated } from "../../usage.ts";
import { type CostResource, hoursPerMonth, type Item, type Part, type World } from "../entry.ts";
import { asAmount, isUnknown, listOf } from "../read.ts";
import { shareAmong } from "../share.ts";
import { sizesBetween } from "./sizes.ts";

/** A cluster's hours in every region, by its size between the bounds of auto-scaling, and what its nodes send. */
export function clusterParts(cluster: CostResource, world: World): readonly Part[] {
  const specs = listOf(cluster, "replicationSpecs");
  if (isUnknown(specs)) return [{ notPriced: "Its size is not known yet: it is told by the real deployment alone." }];
  const regions = specs.filter(isProperties).flatMap(regionsOf);
  if (regions.length === 0) return [{ notPriced: "It names no region, and so no size." }];
  const parts = regions.flatMap((region) => regionParts(region));
  const isPriced = parts.some((part) => "price" in part);
  return [...parts, ...uplift(cluster), ...(isPriced && !isShared(regions) ? [traffic(cluster, world)] : [])];
}

interface Region {
  readonly config: Properties;
  readonly shards: number;
}

const regionsOf = (spec: Properties): readonly Region[] => {
  const shards = asAmount(spec["numShards"])?.toNumber() ?? 1;
  const configs = spec["regionConfigs"];
  return Array.isArray(configs) ? configs.filter(isProperties).map((config) => ({ config, shards })) : [];
};

/** prices.csv counts an hour of three nodes, with the storage that comes with them. */
const nodesOfPrice = 3;

function regionParts({ config, shards }: Region): readonly Part[] {
  const provider = textOf(config["providerName"], "AWS");
  if (provider === "TENANT") return tenantParts(config);
  if (provider === "FLEX") return flexItems("replicationSpecs");
  const region = textOf(config["regionName"], "");
  if (provider !== "AWS" || region !== "US_EAST_1")
    return [
      {
        notPriced: `Atlas' prices for ${provider} ${region === "" ? "in a region that is not known yet" : region} are not in prices.csv, which has AWS US_EAST_1.`,
      },
    ];
  return [
    ...specParts(blockAt(config, "electableSpecs"), blockAt(config, "autoScaling"), shards),
    ...specParts(blockAt(config, "readOnlySpecs"), blockAt(config, "autoScaling"), shards, "read-only"),
    ...specParts(blockAt(config, "analyticsSpecs"), blockAt(config, "analyticsAutoScaling"), shards, "analytics"),
  ];
}

function tenantParts(config: Properties): readonly Part[] {
  const size = textOf(config["instanceSize"] ?? blockAt(config, "electableSpecs")["instanceSize"], "M0");
  return size === "M0"
    ? [{ price: "atlas-m0-hour", quantity: exactly(hoursPerMonth), property: "replicationSpecs" }]
    : flexItems("replicationSpecs");
}

/** Flex by how busy it is: hardly at all, or so that it costs the most there is. */
export function flexItems(property: string): readonly Item[] {
  const hours = amount(hoursPerMonth);
  const item = {
    property,
    assumption: "At most 100 operations a second are expected; above 400 it costs the most there is, 30 USD a month.",
  };
  return [
    { price: "atlas-flex-0-100-hour", quantity: { low: hours, expected: hours, high: zero }, ...item },
    { price: "atlas-flex-400-500-hour", quantity: { low: zero, expected: zero, high: hours }, ...item },
  ];
}

function specParts(spec: Properties, scaling: Properties, shards: number, note?: string): readonly Part[] {
  const size = spec["instanceSize"];
  const nodes = asAmount(spec["nodeCount"]) ?? amount(note === undefined ? nodesOfPrice : 0);
  if (nodes.isZero()) return [];
  if (typeof size !== "string") return [{ notPriced: "Its size is not known yet, or not given." }];
  const fromTo = boundsOf(size, scaling);
  if (fromTo === undefined) return [{ notPriced: missing(size) }];
  const hours = nodes.dividedBy(nodesOfPrice).times(shards).times(hoursPerMonth);
  return fromTo.sizes.map((one) => ({
    price: `atlas-${one.toLowerCase()}-hour`,
    ifNoPrice: missing(one),
    quantity: atLevels(fromTo, one, hours),
    property: "replicationSpecs",
    ...(note !== undefined && { note }),
    ...(fromTo.sizes.length > 1 && {
      assumption: `Scaled between ${fromTo.low} and ${fromTo.high}: ${size} all month is expected.`,
    }),
  }));
}

const missing = (size: string): string => `Atlas' price of size ${size} is not in prices.csv.`;

interface Bounds {
  readonly low: string;
  readonly expected: string;
  readonly high: string;
  /** Each of the three once. */
  readonly sizes: readonly string[];
}

function boundsOf(size: string, scaling: Properties): Bounds | undefined {
  const scaled = scaling["computeEnabled"] === true;
  const down = scaled && scaling["computeScaleDownEnabled"] === true;
  const low = down ? textOf(scaling["computeMinInstanceSize"], size) : size;
  const high = scaled ? textOf(scaling["computeMaxInstanceSize"], size) : size;
  const sizes = sizesBetween(low, size, high);
  return sizes === undefined ? undefined : { low, expected: size, high, sizes };
}

/** A size has its hours at the level at which it runs, and none at the others. */
const atLevels = ({ low, expected, high }: Bounds, size: string, hours: Amount): Range => {
  const when = (level: string): Amount => (level === size ? hours : amount(0));
  return { low: when(low), expected: when(expected), high: when(high) };
};

/**
 * Keys of one's own make a cluster 15 % dearer, which no row of prices.csv says: it is a share of another price.
 * https://www.mongodb.com/docs/atlas/billing/additional-services/
 */
function uplift(cluster: CostResource): readonly Part[] {
  const keys = cluster.inputs["encryptionAtRestProvider"] ?? "NONE";
  return keys === "NONE" ? [] : [{ notPriced: "Encryption with one's own keys adds 15 % to the cluster's price." }];
}

const isShared = (regions: readonly Region[]): boolean =>
  regions.every(({ config }) => ["TENANT", "FLEX"].includes(textOf(config["providerName"], "AWS")));

const traffic = (cluster: CostResource, world: World): Item => ({
  price: "atlas-data-same-region",
  ...shareAmong(world.usage.databaseTrafficGb, cluster, world),
  assumption: stated(world.usage.databaseTrafficGb),
  taggable: false,
});

const textOf = (value: Value | undefined, otherwise: string): string => (typeof value === "string" ? value : otherwise);
const blockAt = (block: Properties, name: string): Properties => {
  const value = block[name];
  return isProperties(value) ? value : {};
};
