import type { Properties } from "../../sandbox/values/value.ts";
import type { Range } from "../range.ts";
import type { Usage } from "../usage.ts";

/** A resource as the estimators see it: inputs where there are no outputs yet, secrets opened, references as they are. */
export interface CostResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** As far as they are known: at preview many are not. */
  readonly outputs: Properties;
}

/** The stack around a resource. */
export interface World {
  readonly stack: string;
  /** `staging`, `production`, or `preview`. */
  readonly environment: string;
  readonly usage: Usage;
  ofType(type: string): readonly CostResource[];
  byUrn(urn: string): CostResource | undefined;
  /** The resources that `resource`'s property refers to. */
  references(resource: CostResource, property: string): readonly CostResource[];
}

/** One cost component before its price is looked up. */
export interface Item {
  /** The id of a row in prices.csv. */
  readonly price: string;
  /** For ids that are made from a property, such as a node type: why there may be no row. Without it a missing row is an error. */
  readonly ifNoPrice?: string;
  /** In the price's unit, for a month of 730 hours. */
  readonly quantity: Range;
  /** Where the quantity is assumed rather than read: what was assumed, as a sentence. */
  readonly assumption?: string;
  readonly property?: string;
  /** Default: true. */
  readonly taggable?: boolean;
  /** What tells two items of one price apart, such as the bucket's class. */
  readonly note?: string;
  /** Whose tags the bill shows, where they are not the resource's own. `none`: taggable, but nothing tags it. */
  readonly tagsOf?: CostResource | "none";
}

/** A part of a priced resource whose price is not known. */
export interface Unpriced {
  readonly notPriced: string;
}

/** A resource of a priced type that costs nothing as it is set. */
export interface Free {
  readonly free: string;
}

/** At least one for each resource: an empty list would be silence. */
export type Part = Item | Unpriced | Free;

/** What a type costs. */
export type Entry =
  | { readonly kind: "priced"; readonly items: (resource: CostResource, world: World) => readonly Part[] }
  | { readonly kind: "free"; readonly reason: string }
  | { readonly kind: "not-priced"; readonly reason: string };

/** Type token to what it costs. */
export type Entries = Readonly<Record<string, Entry>>;

export const priced = (items: (resource: CostResource, world: World) => readonly Part[]): Entry => ({
  kind: "priced",
  items,
});

/** `reason` says why nothing is charged, or where it is. */
export const free = (reason: string): Entry => ({ kind: "free", reason });

export const notPriced = (reason: string): Entry => ({ kind: "not-priced", reason });

/** The providers' own convention: 365 days of 24 hours, in twelve parts. */
export const hoursPerMonth = 730;
