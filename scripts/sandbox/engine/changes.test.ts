import assert from "node:assert/strict";
import { type Properties, Secret } from "../values/value.ts";
import { propertyChanges } from "./changes.ts";
import type { PropertyChange } from "./events.ts";
import { type Difference, NO_DIFFERENCE } from "./provider-client.ts";

const change = (
  path: string,
  old: PropertyChange["old"],
  now: PropertyChange["now"],
  replaces = false,
): PropertyChange => ({
  path,
  kind: old === undefined ? "add" : now === undefined ? "delete" : "update",
  replaces,
  old,
  now,
});

const detailed = (...paths: string[]): Difference["detailed"] =>
  new Map(paths.map((path) => [path, { kind: "update", replaces: true }]));

describe("the changes that a display shows", () => {
  const cases: {
    title: string;
    old: Properties;
    now: Properties;
    difference?: Partial<Difference>;
    hidden?: string[];
    changes: PropertyChange[];
  }[] = [
    { title: "nothing between equals", old: { a: 1 }, now: { a: 1 }, changes: [] },
    {
      title: "what is added, updated, and deleted, leaf by leaf",
      old: { map: { gone: 1, stays: 1, other: 1 } },
      now: { map: { new: 2, stays: 1, other: 2 } },
      changes: [change("map.gone", 1, undefined), change("map.new", undefined, 2), change("map.other", 1, 2)],
    },
    {
      title: "what forces a replacement: everything below a property named by the provider",
      old: { map: { a: 1 }, b: 1 },
      now: { map: { a: 2 }, b: 2 },
      difference: { replaces: ["map"] },
      changes: [change("b", 1, 2), change("map.a", 1, 2, true)],
    },
    {
      title: "what forces a replacement: what stands above a path named by the provider",
      old: { list: [{ a: 1, b: 1 }] },
      now: {},
      difference: { detailed: detailed("list[0].a") },
      changes: [change("list", [{ a: 1, b: 1 }], undefined, true)],
    },
    {
      title: "what forces a replacement: not what stands beside it",
      old: { list: [{ a: 1, b: 1 }] },
      now: { list: [{ a: 2, b: 2 }] },
      difference: { detailed: detailed("list[0].a") },
      changes: [change("list[0].a", 1, 2, true), change("list[0].b", 1, 2)],
    },
    {
      title: "no replacement for a path that the provider updates in place",
      old: { a: 1 },
      now: { a: 2 },
      difference: { detailed: new Map([["a", { kind: "update", replaces: false }]]) },
      changes: [change("a", 1, 2)],
    },
    {
      title: "that something hidden changed, but not how",
      old: { a: { b: 1 }, c: 1 },
      now: { a: { b: 2 }, c: 2 },
      hidden: ["a"],
      changes: [{ ...change("a.b", 1, 2), old: undefined, now: undefined }, change("c", 1, 2)],
    },
    {
      title: "a secret as one, for the display to mask",
      old: { a: new Secret("old") },
      now: { a: new Secret("new") },
      changes: [change("a", new Secret("old"), new Secret("new"))],
    },
    {
      title: "keys that are no names as Pulumi writes them",
      old: {},
      now: { tags: { "a.b": 1 } },
      changes: [change("tags", undefined, { "a.b": 1 })],
    },
  ];
  for (const { title, old, now, difference, hidden = [], changes } of cases)
    it(`are: ${title}`, () => {
      assert.deepEqual(propertyChanges(old, now, { ...NO_DIFFERENCE, ...difference }, hidden), changes);
    });
});
