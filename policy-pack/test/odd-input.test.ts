import assert from "node:assert/strict";
import fc from "fast-check";
import { rules } from "../policies/all.ts";
import type { Resource, Rule, StackResource } from "../support/rule.ts";
import { configOf } from "../support/settings.ts";
import { stackFrom } from "../support/stack.ts";
import { Unknown, isList, isMap, type Plain, type PlainMap } from "../support/unknown.ts";
import { UNKNOWN, urnOf, type Json, type Sent } from "./analyzer.ts";
import { cases } from "./cases.ts";

/*
 * A rule that throws fails the run, whatever else is right. So no rule may throw on values of other kinds than it
 * expects: each case is sent with odd values in odd places, JSON texts such as policy documents included.
 */

const RUNS = 60;

type Step = string | number | typeof INSIDE;
/** The step into a text that holds JSON. */
const INSIDE = Symbol("inside a JSON text");

const odd: fc.Arbitrary<Plain> = fc.oneof(
  fc.constantFrom<Plain>(null, undefined, new Unknown(new Error("not known yet")), true, 0, -1, 7.5, "", " ", "7"),
  fc.constantFrom<Plain>("{", "[]", "null", '"text"', "[null]", '{"Statement":null}', '{"Statement":[null,7,"x",[]]}'),
  fc.constantFrom<Plain>("::/0", "999.1/99", "/", ":", "arn:aws:", "[", "(", "a.b[0]", "${", "urn:pulumi:x::y"),
  fc.constantFrom<Plain>([], {}, [null], [[]], [[[null]]], [{}], [undefined], { "": null }, { a: { a: { a: [] } } }),
  fc.constantFrom<Plain>({ length: -1 }, { constructor: null, toString: null, valueOf: null }),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Plain),
);

const mutations = fc.array(fc.record({ place: fc.nat(), value: odd, wrap: fc.constantFrom("no", "list", "map") }), {
  minLength: 1,
  maxLength: 4,
});

const read = (text: string): Plain => {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
};

const isContainer = (value: Plain): boolean => isList(value) || isMap(value);

/** Every place in a value. */
function placesIn(value: Plain, steps: readonly Step[] = []): readonly (readonly Step[])[] {
  const children: readonly (readonly [Step, Plain])[] = isList(value)
    ? value.map((child, index) => [index, child] as const)
    : isMap(value)
      ? Object.entries(value)
      : typeof value === "string" && isContainer(read(value))
        ? [[INSIDE, read(value)]]
        : [];
  return children.flatMap(([step, child]) => [
    ...(step === INSIDE ? [] : [[...steps, step]]),
    ...placesIn(child, [...steps, step]),
  ]);
}

/** A copy with another value in one place. */
function changed(value: Plain, [step, ...rest]: readonly Step[], change: (old: Plain) => Plain): Plain {
  if (step === undefined) return change(value);
  if (step === INSIDE)
    return JSON.stringify(
      changed(typeof value === "string" ? read(value) : value, rest, change),
      (_, child: unknown) => (child instanceof Unknown ? null : child),
    );
  if (isList(value)) return value.map((child, index) => (index === step ? changed(child, rest, change) : child));
  if (isMap(value)) return { ...value, [step]: changed(value[step], rest, change) };
  return value;
}

const plain = (value: Json): Plain =>
  value === UNKNOWN
    ? new Unknown(new Error("not known yet"))
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child)]))
        : value;

function resourceOf(sent: Sent, props: PlainMap): StackResource {
  const urns = new Map(Object.entries(sent.references ?? {}));
  const urnNamed = (name: string): string => urnOf({ ...sent, name });
  return {
    type: sent.type,
    name: sent.name ?? "example",
    urn: urnOf(sent),
    props,
    protect: sent.protect ?? false,
    provider: sent.provider === undefined ? undefined : (plain(sent.provider) as PlainMap),
    parent: "",
    dependencies: new Set(sent.dependencies?.map(urnNamed)),
    references: new Map([...urns].map(([property, names]) => [property, new Set(names.map(urnNamed))])),
  };
}

/** Asks a rule everything that a run would ask. */
function run(rule: Rule, resources: readonly StackResource[]): void {
  const config = configOf(rule, {});
  const about = ({ type }: Resource) =>
    (rule.resources ?? []).filter(({ types }) => (typeof types === "function" ? types(type) : types.includes(type)));
  for (const resource of resources) {
    for (const check of about(resource)) check.find(resource, config);
    if (about(resource).length > 0) rule.remedy?.(resource, config);
  }
  rule.stack?.(stackFrom(resources), config);
}

const given = Map.groupBy(cases, ({ rule }) => rule);

describe("a rule given odd values", () => {
  for (const rule of rules.filter(({ run: aboutRun }) => aboutRun === undefined))
    it(`${rule.name} does not throw`, () => {
      const examples = (given.get(rule.name) ?? []).map((example) => [example.given].flat() as readonly Sent[]);
      assert.ok(examples.length > 0, "it has no case to start from");
      fc.assert(
        fc.property(fc.constantFrom(...examples), mutations, (sent, changes) => {
          const source: Plain = sent.map(({ props }) => plain(props));
          const places = placesIn(source).filter(({ length }) => length > 1);
          const props = changes.reduce<Plain>((value, { place, value: other, wrap }) => {
            const at = places[place % Math.max(places.length, 1)];
            const put = (old: Plain): Plain => (wrap === "list" ? [old, other] : wrap === "map" ? { a: old } : other);
            return at === undefined ? value : changed(value, at, put);
          }, source) as readonly PlainMap[];
          run(
            rule,
            sent.map((resource, index) => resourceOf(resource, props[index] ?? {})),
          );
        }),
        { numRuns: RUNS },
      );
    });
});
