import assert from "node:assert/strict";
import { UNKNOWN, startPack, type Json, type RunningPack, type Sent } from "./analyzer.ts";
import type { Case } from "./case.ts";
import { cases, judge, type Judgement } from "./cases.ts";

/*
 * Each case in other spellings: what a rule finds on a property, it must not let pass once the property is unknown or
 * absent, and a number or a boolean as text must mean the same. So no rule fails open, and none is silent by accident.
 */

/** Where a finding's property stands in a resource: `ingress[0].cidrBlocks` is ["ingress", 0, "cidrBlocks"]. */
const stepsOf = (property: string): readonly (string | number)[] =>
  [...property.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) => (index === undefined ? step : Number(index)));

const propertyOf = (message: string): string => /^[^\n]*\n([^:]*): /.exec(message)?.[1] ?? "";

/** A copy with another value in one place, or without it. Undefined where the place does not exist. */
function changed(
  source: Json,
  [step, ...rest]: readonly (string | number)[],
  value: Json | undefined,
): Json | undefined {
  if (step === undefined || typeof source !== "object" || source === null || !(step in source)) return undefined;
  const inner = (source as Record<string | number, Json>)[step] ?? null;
  const next = rest.length === 0 ? value : changed(inner, rest, value);
  if (rest.length > 0 && next === undefined) return undefined;
  if (Array.isArray(source))
    return source.flatMap((element, index) => (index !== step ? [element] : next === undefined ? [] : [next]));
  const copy: Record<string, Json> = { ...source };
  if (next === undefined) delete copy[step];
  else copy[step] = next;
  return copy;
}

const asText = (value: Json): Json =>
  typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : Array.isArray(value)
      ? value.map(asText)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, asText(child)]))
        : value;

const isResource = (given: Case["given"]): given is Sent => "type" in given;

const sameVerdict = ({ found, waits }: Judgement): string =>
  `${String(found.length)} findings, ${waits === undefined ? "decided" : "waits"}`;

const silent = ({ found, waits }: Judgement): boolean => found.length === 0 && waits === undefined;

/** What is wrong in an element of a list is gone with the element. */
const inList = (steps: readonly (string | number)[]): boolean => steps.some((step) => typeof step === "number");

/** Whether somebody has written down that the rule passes where this property is absent. */
const mayBeAbsent = (rule: string, type: string, property: string): boolean =>
  cases.some(
    ({ rule: name, given, result }) =>
      name === rule &&
      result === "passes" &&
      isResource(given) &&
      given.type === type &&
      changed(given.props, stepsOf(property), null) === undefined,
  );

describe("a rule about a resource", () => {
  let pack: RunningPack;
  before(async () => {
    pack = await startPack();
  });
  after(() => pack.stop());

  for (const example of cases) {
    const { rule, when, given } = example;
    if (!isResource(given)) continue;
    it(`${rule}, when ${when}, judges text as it judges numbers and booleans`, async () => {
      const props = asText(given.props) as Sent["props"];
      const plain = await judge(pack, example);
      assert.equal(sameVerdict(await judge(pack, { ...example, given: { ...given, props } })), sameVerdict(plain));
    });
    if (typeof example.result === "string") continue;
    it(`${rule}, when ${when}, is not silent once the value is unknown or absent`, async () => {
      const { found } = await judge(pack, example);
      for (const property of new Set(found.map(({ message }) => propertyOf(message)))) {
        const steps = stepsOf(property);
        for (const value of [UNKNOWN, undefined]) {
          const props = changed(given.props, steps, value) as Sent["props"] | undefined;
          // The finding is about what is absent already.
          if (props === undefined) continue;
          if (value === undefined && (inList(steps) || mayBeAbsent(rule, given.type, property))) continue;
          const verdict = await judge(pack, { ...example, given: { ...given, props } });
          const what = value === undefined ? "without" : "with an unknown";
          assert.ok(!silent(verdict), `nothing is said ${what} ${property}: write a passing case, or find something`);
        }
      }
    });
  }
});
