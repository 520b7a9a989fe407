import type { Range } from "./range.ts";

/** FOCUS's word for who is paid. */
export type Provider = "AWS" | "MongoDB Atlas" | "Cloudflare" | "Datadog";

/** One cost component of one resource, for a month of 730 hours. */
export interface CostLine {
  readonly urn: string;
  readonly type: string;
  /** The nearest component of the program that it belongs to, as `Service` or `Network`; "" where it is in none. */
  readonly component: string;
  /** As the provider would bill it: key to value. Empty where it has none. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the provider bills it with tags at all: data transfer, LCUs, and third-party plans are not. */
  readonly taggable: boolean;
  readonly provider: Provider;
  /** `Fargate`, `S3`, `Cluster`: what a bill names. */
  readonly service: string;
  readonly item: string;
  readonly unit: string;
  readonly quantity: Range;
  /** US dollars for one unit; of the first paid tier where there are several. */
  readonly unitPrice: string;
  /** US dollars a month, not rounded. */
  readonly monthly: Range;
  /** Whether the quantity is assumed from usage rather than read from the state. */
  readonly usageBased: boolean;
  /** What was assumed, as a sentence. */
  readonly assumption?: string;
  /** The price's row in prices.csv. */
  readonly price: string;
  /** The property of the resource that the quantity or price comes from, for differences. */
  readonly property?: string;
  /** Region of the price, such as us-east-1, or `global`. */
  readonly region: string;
}

/** A resource that costs nothing, or nothing by itself. */
export interface FreeResource {
  readonly urn: string;
  readonly type: string;
  readonly reason: string;
}

/** A resource whose price is not known. */
export interface UnpricedResource {
  readonly urn: string;
  readonly type: string;
  readonly reason: string;
}

/** One stack's month. */
export interface StackCost {
  readonly stack: string;
  readonly environment: string;
  readonly lines: readonly CostLine[];
  readonly free: readonly FreeResource[];
  readonly notPriced: readonly UnpricedResource[];
  readonly monthly: Range;
}
