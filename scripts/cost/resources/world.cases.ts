import assert from "node:assert/strict";
import type { Properties } from "../../sandbox/values/value.ts";
import { pricesFrom, readPriceRows } from "../prices.ts";
import { between, exactly, type Range } from "../range.ts";
import { type Assumption, choices, type EnvironmentName, type Usage, type UsageName } from "../usage.ts";
import { entryOf } from "./all.ts";
import type { CostResource, Entries, Part, World } from "./entry.ts";

/** A resource of a hand-made stack. */
export interface Given {
  readonly type: string;
  /** Default: `one`. */
  readonly name?: string;
  readonly inputs?: Properties | undefined;
  readonly outputs?: Properties;
  /** Property to the names of the resources that it refers to. */
  readonly refers?: Readonly<Record<string, readonly string[]>>;
}

/** So much of everything, so that a test says 100..1000..10000 whatever the project assumes. */
const assumption: Assumption = { ...between(100, 1000, 10_000), what: "things", why: "In a test." };
const names = Object.keys(choices) as readonly UsageName[];
const always: Assumption = { ...exactly(730), what: "hours", why: "In a test." };
export const sameUsage = {
  ...Object.fromEntries(names.map((name) => [name, assumption])),
  taskHours: always,
} as Usage;

const urnOf = ({ type, name = "one" }: Given): string => `urn:pulumi:test::groundwork::${type}::${name}`;

const resourceOf = (given: Given): CostResource => ({
  urn: urnOf(given),
  type: given.type,
  name: given.name ?? "one",
  inputs: given.inputs ?? {},
  outputs: given.outputs ?? {},
});

/** A stack of these resources. */
export function stackOf(given: readonly Given[], environment: EnvironmentName = "production", usage = sameUsage) {
  const resources = given.map(resourceOf);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const refers = new Map(given.map((one) => [urnOf(one), one.refers ?? {}]));
  const world: World = {
    stack: "test",
    environment,
    usage,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    byUrn: (urn) => byUrn.get(urn),
    references: ({ urn }, property) =>
      (refers.get(urn)?.[property] ?? []).flatMap((name) => resources.find((one) => one.name === name) ?? []),
  };
  return { resources, world };
}

/** One of a stack's resources, the first, and what it must cost. */
export interface Case {
  readonly what: string;
  readonly given: Given;
  /** The rest of the stack. */
  readonly among?: readonly Given[];
  /**
   * Each line as `price quantity`, with `~` where it rests on an assumption: `nat-gateway-hour 730`,
   * `alb-lcu 100..1000..10000 ~`. Parts without a price: `free` or `not priced`, with the beginning of the reason.
   */
  readonly lines: readonly string[];
  /** What one of the assumptions must say. */
  readonly says?: RegExp;
}

const quantityOf = ({ low, expected, high }: Range): string => {
  const texts = [low, expected, high].map((value) => value.toDecimalPlaces(6).toFixed());
  return low.equals(high) && low.equals(expected) ? (texts[0] ?? "") : texts.join("..");
};

function lineOf(part: Part): string {
  if ("free" in part) return `free: ${part.free}`;
  if ("notPriced" in part) return `not priced: ${part.notPriced}`;
  return `${part.price} ${quantityOf(part.quantity)}${part.assumption === undefined ? "" : " ~"}`;
}

/** The parts of the first resource of a stack. */
export function partsOf(given: Given, among: readonly Given[] = [], from?: Entries): readonly Part[] {
  const { resources, world } = stackOf([given, ...among]);
  const [resource] = resources;
  const entry = entryOf(given.type, from);
  if (resource === undefined || entry === undefined) return assert.fail(`${given.type} has no entry`);
  if (entry.kind === "free") return [{ free: entry.reason }];
  if (entry.kind === "not-priced") return [{ notPriced: entry.reason }];
  return entry.items(resource, world);
}

const prices = pricesFrom(readPriceRows());

/** One test for each case. Each price that a line names stands in prices.csv. */
export function itCosts(cases: readonly Case[]): void {
  for (const { what, given, among = [], lines, says } of cases)
    it(what, () => {
      const parts = partsOf(given, among);
      for (const part of parts) if ("price" in part && part.ifNoPrice === undefined) prices(part.price);
      const found = parts.map(lineOf);
      const shortened = found.map((line, index) => {
        const wanted = lines[index];
        return wanted !== undefined && /^(free|not priced)/.test(wanted) && line.startsWith(wanted) ? wanted : line;
      });
      assert.deepEqual(shortened, lines);
      if (says !== undefined) {
        const said = parts.map((part) => ("assumption" in part ? part.assumption : "")).join("\n");
        assert.match(said, says);
      }
    });
}
