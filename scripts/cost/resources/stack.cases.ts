import { resourceOf } from "../../sandbox/state/resource.arbitrary.ts";
import { makeUrn, STACK_TYPE } from "../../sandbox/protocol/urn.ts";
import type { ResourceState } from "../../sandbox/state/resource.ts";
import type { Properties } from "../../sandbox/values/value.ts";
import { estimate } from "../estimate.ts";
import type { StackCost } from "../model.ts";
import { digits } from "../money.ts";
import { type Prices, pricesFrom, readPriceRows } from "../prices.ts";
import { levels, type Range } from "../range.ts";
import { type CostSource, costSourceOf } from "../source-world.ts";
import { usages } from "../usage.ts";

/** A resource as a test writes it. */
export interface ResourceCase {
  readonly type: string;
  /** Default: `one`. */
  readonly name?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly id?: string;
  /** Default: the stack itself. */
  readonly parent?: ResourceCase;
  /** Property to the resources that it refers to. */
  readonly refers?: Readonly<Record<string, readonly ResourceCase[]>>;
}

export interface CaseOptions {
  /** Default: production. */
  readonly stack?: string;
  readonly project?: string;
  readonly usages?: typeof usages;
}

const urnIn = (
  { stack = "production", project = "groundwork" }: CaseOptions,
  { type, name = "one", parent }: ResourceCase,
): string => makeUrn(stack, project, parent === undefined ? "" : urnIn({ stack, project }, parent), type, name);

/** As a state holds it. A component is what has no `/` in its type. */
export function stateOf(one: ResourceCase, options: CaseOptions = {}): ResourceState {
  const urn = (each: ResourceCase): string => urnIn(options, each);
  const { stack = "production", project = "groundwork" } = options;
  return resourceOf(urn(one), {
    type: one.type,
    custom: one.type.includes("/"),
    id: one.id ?? "",
    inputs: one.inputs ?? {},
    outputs: one.outputs ?? {},
    parent: one.parent === undefined ? makeUrn(stack, project, "", STACK_TYPE, `${project}-${stack}`) : urn(one.parent),
    propertyDependencies: Object.fromEntries(
      Object.entries(one.refers ?? {}).map(([property, others]) => [property, others.map(urn)]),
    ),
  });
}

/** A stack of these resources, read as a real one is. */
export function sourceOfCases(cases: readonly ResourceCase[], options: CaseOptions = {}): CostSource {
  const resources = cases.map((one) => stateOf(one, options));
  return costSourceOf({ from: "a test", resources, secrets: [] }, "groundwork", options.usages ?? usages);
}

export const realPrices: Prices = pricesFrom(readPriceRows());

export const costOfCases = (cases: readonly ResourceCase[], options: CaseOptions = {}): StackCost =>
  estimate({ ...sourceOfCases(cases, options), prices: realPrices });

/** `730` where all three levels are the same, else `0..730..1460`. */
export const rangeText = (range: Range): string =>
  [...new Set(levels.map((level) => digits(range[level].toDecimalPlaces(6))))].length === 1
    ? digits(range.low.toDecimalPlaces(6))
    : levels.map((level) => digits(range[level].toDecimalPlaces(6))).join("..");

/** Each line as `price quantity = monthly`, then what is free or not priced. */
export const shown = ({ lines, free, notPriced }: StackCost): readonly string[] => [
  ...lines.map(({ price, quantity, monthly }) => `${price} ${rangeText(quantity)} = ${rangeText(monthly)}`),
  ...free.map(({ reason }) => `free: ${reason}`),
  ...notPriced.map(({ reason }) => `not priced: ${reason}`),
];
