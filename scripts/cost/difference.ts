import { parseUrn, type UrnParts } from "../sandbox/protocol/urn.ts";
import type { CostLine, StackCost } from "./model.ts";
import { type Amount, digits, sum, zero } from "./money.ts";
import { mapRange, type Range } from "./range.ts";
import { exactly } from "./range.ts";
import { settled } from "./report-rounding.ts";

export type Change = "added" | "changed" | "removed";

/** One cost component that costs another amount than before. */
export interface LineChange {
  readonly change: Change;
  /** Of the resource as it is now, or as it was. */
  readonly urn: string;
  readonly component: string;
  readonly item: string;
  /** The property or the price that made the difference, with its two values. */
  readonly cause: string;
  readonly before: Range;
  readonly after: Range;
  /** Expected after, less expected before. */
  readonly delta: Amount;
  /** `delta` as a part of what was; undefined where nothing was. */
  readonly part: Amount | undefined;
}

/** One environment before and after. */
export interface StackChange {
  readonly stack: string;
  readonly environment: string;
  readonly before: Range;
  readonly after: Range;
  readonly delta: Amount;
  readonly part: Amount | undefined;
  /** The largest differences first. */
  readonly lines: readonly LineChange[];
  /** Resources that are not priced and were not there before, by URN. */
  readonly newlyUnpriced: readonly string[];
}

export interface Difference {
  /** With what it is compared, as shown to people. */
  readonly against: string;
  readonly stacks: readonly StackChange[];
}

/**
 * What each stack costs more or less than it did: against the stack of its name, else one of its environment that is gone
 * now; two single stacks are compared whatever they are called. A stack on one side alone is added or removed whole.
 */
export function differenceOf(before: readonly StackCost[], after: readonly StackCost[], against: string): Difference {
  const names = new Set(after.map(({ stack }) => stack));
  const left = new Set(before);
  const pairs = after.map((now) => {
    const renamed = [...left].filter(({ stack }) => !names.has(stack));
    const was =
      [...left].find(({ stack }) => stack === now.stack) ??
      renamed.find(({ environment }) => environment === now.environment) ??
      (before.length === 1 && after.length === 1 ? before[0] : undefined);
    if (was !== undefined) left.delete(was);
    return [was, now] as const;
  });
  const gone = [...left].map((was) => [was, undefined] as const);
  return { against, stacks: [...pairs, ...gone].map(([was, now]) => stackChange(was, now)) };
}

const nothing = exactly(zero);

function stackChange(was: StackCost | undefined, now: StackCost | undefined): StackChange {
  const before = was && settled(was);
  const after = now && settled(now);
  const [costBefore, costAfter] = [before?.monthly ?? nothing, after?.monthly ?? nothing];
  const known = new Set((before?.notPriced ?? []).map(({ urn }) => withoutStack(urn)));
  return {
    stack: now?.stack ?? was?.stack ?? "",
    environment: now?.environment ?? was?.environment ?? "",
    before: costBefore,
    after: costAfter,
    ...grown(costBefore, costAfter),
    lines: lineChanges(before?.lines ?? [], after?.lines ?? []),
    newlyUnpriced: (after?.notPriced ?? []).map(({ urn }) => urn).filter((urn) => !known.has(withoutStack(urn))),
  };
}

const grown = (before: Range, after: Range): { delta: Amount; part: Amount | undefined } => {
  const delta = after.expected.minus(before.expected);
  return { delta, part: before.expected.isZero() ? undefined : delta.dividedBy(before.expected) };
};

/** The same resource has the same URN in another stack, save for the stack's name there and in its own. */
function withoutStack(urn: string): string {
  const { stack, project, qualifiedType, name }: UrnParts = parseUrn(urn);
  const own = stack === "" ? name : name.replaceAll(stack, "*");
  return `${project}::${qualifiedType}::${own}`;
}

type Pair = readonly [before: CostLine | undefined, after: CostLine | undefined];

/** From the most telling to the least: one item of one resource, one property, one service of it. */
const likenesses: readonly ((line: CostLine) => string)[] = [
  ({ urn, price, item }) => JSON.stringify([withoutStack(urn), price, item]),
  ({ urn, price }) => JSON.stringify([withoutStack(urn), price]),
  ({ urn, property, unit }) => JSON.stringify([withoutStack(urn), property, unit]),
  ({ urn, service, unit }) => JSON.stringify([withoutStack(urn), service, unit]),
];

function pairsOf(before: readonly CostLine[], after: readonly CostLine[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let [left, right] = [before, after];
  for (const likeness of likenesses) {
    const waiting = Map.groupBy(left, likeness);
    const unmatched: CostLine[] = [];
    for (const line of right) {
      const match = waiting.get(likeness(line))?.shift();
      if (match === undefined) unmatched.push(line);
      else pairs.push([match, line]);
    }
    left = [...waiting.values()].flat();
    right = unmatched;
  }
  return [...pairs, ...left.map((line): Pair => [line, undefined]), ...right.map((line): Pair => [undefined, line])];
}

function lineChanges(before: readonly CostLine[], after: readonly CostLine[]): readonly LineChange[] {
  const urnsBefore = new Set(before.map(({ urn }) => withoutStack(urn)));
  const urnsAfter = new Set(after.map(({ urn }) => withoutStack(urn)));
  return pairsOf(before, after)
    .filter(([was, now]) => !same(was?.monthly ?? nothing, now?.monthly ?? nothing))
    .flatMap(([was, now]): LineChange[] => {
      const line = now ?? was;
      if (line === undefined) return [];
      const [from, to] = [was?.monthly ?? nothing, now?.monthly ?? nothing];
      const kept = (was === undefined ? urnsBefore : urnsAfter).has(withoutStack(line.urn));
      return [
        {
          change: was === undefined ? "added" : now === undefined ? "removed" : "changed",
          urn: line.urn,
          component: line.component,
          item: line.item,
          cause: was !== undefined && now !== undefined ? causeOf(was, now) : aloneCause(line, was === undefined, kept),
          before: from,
          after: to,
          ...grown(from, to),
        },
      ];
    })
    .toSorted((a, b) => b.delta.abs().comparedTo(a.delta.abs()) || (a.urn < b.urn ? -1 : 1));
}

const same = (a: Range, b: Range): boolean =>
  a.expected.equals(b.expected) && a.low.equals(b.low) && a.high.equals(b.high);

/** A line on one side alone: its resource is, too, or a property of the resource made it. */
function aloneCause({ property, usageBased, item }: CostLine, added: boolean, kept: boolean): string {
  if (!kept) return `resource ${added ? "added" : "removed"}`;
  return property ?? (usageBased ? `usage of ${item}` : item);
}

function causeOf(was: CostLine, now: CostLine): string {
  const causes: string[] = [];
  const name = now.property ?? was.property;
  const quantity = `${quantityText(was)} to ${quantityText(now)} ${now.unit}`;
  if (was.price !== now.price) causes.push(`${name === undefined ? "" : `${name}: `}${was.item} to ${now.item}`);
  if (!same(was.quantity, now.quantity))
    causes.push(
      causes.length > 0 || name === undefined
        ? `${now.usageBased && name === undefined ? "assumed usage: " : ""}${quantity}`
        : `${name}: ${quantity}`,
    );
  if (was.price === now.price && was.unitPrice !== now.unitPrice)
    causes.push(`price: ${was.unitPrice} to ${now.unitPrice} a ${now.unit}`);
  return causes.length > 0 ? causes.join("; ") : "tiers of what the whole stack uses";
}

const quantityText = ({ quantity: { low, expected, high } }: CostLine): string => {
  const shown = (value: Amount): string => digits(value.toDecimalPlaces(4));
  return low.equals(high) ? shown(expected) : `${shown(expected)} (${shown(low)}, ${shown(high)})`;
};

/** Over all stacks. */
export function wholeChange({ stacks }: Difference): Pick<StackChange, "before" | "after" | "delta" | "part"> {
  const total = (side: "before" | "after"): Range =>
    mapRange(nothing, (_, level) => sum(stacks.map((stack) => stack[side][level])));
  const [before, after] = [total("before"), total("after")];
  return { before, after, ...grown(before, after) };
}
