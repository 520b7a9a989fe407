import { mapRange } from "../range.ts";
import { type Assumption, stated } from "../usage.ts";
import type { CostResource, Item, World } from "./entry.ts";

type Assumed = Required<Pick<Item, "quantity" | "assumption">>;

/**
 * An assumption is the whole stack's: each of the resources that it falls on bears an equal part.
 * `unit`: how many of the assumption's things the price is for.
 */
export function shareOf(whole: Assumption, sharers: number, unit = 1): Assumed {
  const parts = Math.max(sharers, 1);
  return {
    quantity: mapRange(whole, (value) => value.dividedBy(parts).dividedBy(unit)),
    assumption: parts === 1 ? stated(whole) : `${stated(whole)} Shared by ${parts}.`,
  };
}

/** The same, among all resources of the resource's type. */
export const shareAmong = (whole: Assumption, resource: CostResource, world: World, unit = 1): Assumed =>
  shareOf(whole, world.ofType(resource.type).length, unit);
