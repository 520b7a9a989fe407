import type { CostLine, FreeResource, StackCost, UnpricedResource } from "./model.ts";
import { digits, zero } from "./money.ts";
import type { Price, Prices } from "./prices.ts";
import { mapRange, type Range, sumRanges } from "./range.ts";
import { entries as allEntries, entryOf } from "./resources/all.ts";
import type { CostResource, Entries, Item, Part, World } from "./resources/entry.ts";
import { firstPaid, tiered, withoutAllowance } from "./tiers.ts";

/** What stands around a resource in its stack. */
export interface Placed {
  readonly component: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface EstimateOptions {
  readonly resources: readonly CostResource[];
  readonly world: World;
  readonly prices: Prices;
  readonly placeOf: (resource: CostResource) => Placed;
  readonly entries?: Entries;
}

/** One month of a stack: every resource is priced, free, or named as not priced. */
export function estimate({ resources, world, prices, placeOf, entries = allEntries }: EstimateOptions): StackCost {
  const items: Used[] = [];
  const free: FreeResource[] = [];
  const notPriced: UnpricedResource[] = [];
  for (const resource of resources) {
    const { urn, type } = resource;
    for (const part of partsOf(resource, world, entries)) {
      if ("free" in part) free.push({ urn, type, reason: part.free });
      else if ("notPriced" in part) notPriced.push({ urn, type, reason: part.notPriced });
      else if (part.ifNoPrice !== undefined && !prices.has(part.price))
        notPriced.push({ urn, type, reason: part.ifNoPrice });
      else items.push({ resource, item: part, price: prices(part.price) });
    }
  }
  const totals = totalsOf(items, world);
  const lines = items.map((used) => lineOf(used, totals, placeOf));
  return {
    stack: world.stack,
    environment: world.environment,
    lines,
    free,
    notPriced,
    monthly: sumRanges(lines.map(({ monthly }) => monthly)),
  };
}

function partsOf(resource: CostResource, world: World, entries: Entries): readonly Part[] {
  const entry = entryOf(resource.type, entries);
  if (entry === undefined) return [{ notPriced: "This type has no entry in scripts/cost/resources." }];
  if (entry.kind === "free") return [{ free: entry.reason }];
  if (entry.kind === "not-priced") return [{ notPriced: entry.reason }];
  const parts = entry.items(resource, world);
  return parts.length > 0
    ? parts
    : [{ notPriced: "Its entry in scripts/cost/resources gives no cost for it as it is set." }];
}

interface Used {
  readonly resource: CostResource;
  readonly item: Item;
  readonly price: Price;
}

/** How much of a price the whole stack uses, and what it pays for that. */
interface Total {
  readonly quantity: Range;
  readonly cost: Range;
}

type Totals = ReadonlyMap<string, Total>;

const totalsOf = (items: readonly Used[], world: World): Totals =>
  new Map(
    [...Map.groupBy(items, ({ price }) => price)].map(([price, used]) => {
      const quantity = sumRanges(used.map(({ item }) => item.quantity));
      // A preview is in staging's account, which has used the allowances.
      const tiers = world.environment === "preview" ? withoutAllowance(price.tiers) : price.tiers;
      return [price.id, { quantity, cost: mapRange(quantity, (amount) => tiered(amount, tiers)) }];
    }),
  );

/** Tiers and free allowances are the account's, so each line bears its share of what the stack pays. */
const shareOf = (part: Range, { quantity, cost }: Total): Range =>
  mapRange(part, (amount, level) =>
    quantity[level].isZero() ? zero : cost[level].times(amount).dividedBy(quantity[level]),
  );

/** Prices are one region's: what is elsewhere is named. */
function regionNote({ inputs }: CostResource, { region }: Price): string | undefined {
  const own = inputs["region"];
  return typeof own !== "string" || own === region || region === "global"
    ? undefined
    : `In ${own}, at the price of ${region}.`;
}

function lineOf({ resource, item, price }: Used, totals: Totals, placeOf: EstimateOptions["placeOf"]): CostLine {
  const { taggable = true, note, quantity, tagsOf = resource } = item;
  const tags = taggable && tagsOf !== "none" ? placeOf(tagsOf).tags : {};
  const total = totals.get(price.id);
  const said = [item.assumption, regionNote(resource, price)].filter((sentence) => sentence !== undefined).join(" ");
  return {
    urn: resource.urn,
    type: resource.type,
    component: placeOf(resource).component,
    tags,
    taggable,
    provider: price.provider,
    service: price.service,
    item: note === undefined ? price.item : `${price.item}, ${note}`,
    unit: price.unit,
    quantity,
    unitPrice: digits(firstPaid(price.tiers)),
    monthly: total === undefined ? mapRange(quantity, () => zero) : shareOf(quantity, total),
    usageBased: item.assumption !== undefined,
    ...(said !== "" && { assumption: said }),
    price: price.id,
    ...(item.property !== undefined && { property: item.property }),
    region: price.region,
  };
}
