import assert from "node:assert/strict";
import fc from "fast-check";
import { anyProperties, anyText } from "../values/value.arbitrary.ts";
import { type Properties, sameValue, Secret, type Value } from "../values/value.ts";
import {
  covers,
  differingPaths,
  formatPath,
  getPath,
  ignoreChanges,
  parsePath,
  type PropertyPath,
} from "./property-path.ts";

const anyPath: fc.Arbitrary<PropertyPath> = fc.array(
  fc.oneof(anyText, fc.nat({ max: 99 }), fc.constantFrom("*", "name", "a.b", 'a"b', "a\\b", "a\nb", "0", "kebab-case")),
  { minLength: 1, maxLength: 4 },
);
// As a part of a path, a star is every key.
const anyKey = anyText.filter((key) => key !== "*");

describe("a property path", () => {
  const texts: [string, PropertyPath][] = [
    ["name", ["name"]],
    ["a.b.c", ["a", "b", "c"]],
    ["list[0]", ["list", 0]],
    ["list[0].name", ["list", 0, "name"]],
    ["[0]", [0]],
    ["list[*].name", ["list", "*", "name"]],
    ["tags.*", ["tags", "*"]],
    ['tags["a.b"]', ["tags", "a.b"]],
    ['tags["a\\"b"].c', ["tags", 'a"b', "c"]],
    ['["a"]["b"]', ["a", "b"]],
    ["", [""]],
    ["half[", ["half["]],
    ['half["open', ['half["open']],
  ];
  for (const [text, path] of texts)
    it(`is read from ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parsePath(text), path);
    });

  it("is read again as it was written, whatever its keys", () => {
    fc.assert(fc.property(anyPath, (path) => assert.deepEqual(parsePath(formatPath(path)), path)));
  });

  const covered: [string, string, boolean][] = [
    ["a", "a", true],
    ["a", "a.b", true],
    ["a.b", "a", false],
    ["a", "ab", false],
    ["a[0]", "a[0].b", true],
    ["a[0]", "a[1]", false],
    ["a[*].b", "a[7].b.c", true],
    ["a.*", "a.b", true],
    ["a.*", "a", false],
    ["*", "anything.at.all", true],
  ];
  for (const [pattern, path, expected] of covered)
    it(`${pattern} ${expected ? "covers" : "does not cover"} ${path}`, () => {
      assert.equal(covers(parsePath(pattern), parsePath(path)), expected);
    });

  it("leads to a value through maps, lists, and secrets, or nowhere", () => {
    const value: Value = { list: [{ name: new Secret({ first: "x" }) }] };
    assert.equal(getPath(value, parsePath("list[0].name.first")), "x");
    assert.deepEqual(getPath(value, parsePath("list[0].name")), new Secret({ first: "x" }));
    for (const none of ["list[1]", "list.name", "other", "list[0].name.first.deeper"])
      assert.equal(getPath(value, parsePath(none)), undefined, none);
  });
});

describe("ignored changes", () => {
  const cases: { title: string; old: Properties; now: Properties; paths: string[]; result: Properties }[] = [
    { title: "a changed value", old: { a: 1, b: 1 }, now: { a: 2, b: 2 }, paths: ["a"], result: { a: 1, b: 2 } },
    { title: "an added value", old: {}, now: { a: 2 }, paths: ["a"], result: {} },
    { title: "a removed value", old: { a: 1 }, now: {}, paths: ["a"], result: { a: 1 } },
    {
      title: "one key of a map",
      old: { tags: { a: 1, b: 1 } },
      now: { tags: { a: 2, b: 2, c: 2 } },
      paths: ["tags.a", 'tags["c"]'],
      result: { tags: { a: 1, b: 2 } },
    },
    {
      title: "every key of a map",
      old: { tags: { a: 1, b: 1 } },
      now: { tags: { a: 2, c: 2 } },
      paths: ["tags.*"],
      result: { tags: { a: 1, b: 1 } },
    },
    {
      title: "one item's property",
      old: { list: [{ a: 1, b: 1 }] },
      now: { list: [{ a: 2, b: 2 }] },
      paths: ["list[0].a"],
      result: { list: [{ a: 1, b: 2 }] },
    },
    {
      title: "every item's property",
      old: { list: [{ a: 1 }, { a: 1 }] },
      now: { list: [{ a: 2 }, { a: 3, b: 3 }] },
      paths: ["list[*].a"],
      result: { list: [{ a: 1 }, { a: 1, b: 3 }] },
    },
    { title: "everything", old: { a: 1 }, now: { a: 2, b: 2 }, paths: ["*"], result: { a: 1 } },
    { title: "a secret", old: { a: new Secret(1) }, now: { a: 2 }, paths: ["a"], result: { a: new Secret(1) } },
    {
      title: "a part of a secret, which stays one",
      old: { a: new Secret({ b: 1 }) },
      now: { a: new Secret({ b: 2, c: 2 }) },
      paths: ["a.b"],
      result: { a: new Secret({ b: 1, c: 2 }) },
    },
    {
      title: "a part of what became a secret",
      old: { a: { b: 1 } },
      now: { a: new Secret({ b: 2, c: 2 }) },
      paths: ["a.b"],
      result: { a: new Secret({ b: 1, c: 2 }) },
    },
    {
      title: "nothing, where neither side has it",
      old: {},
      now: { b: 2 },
      paths: ["a", "c.d", "e[0]"],
      result: { b: 2 },
    },
    { title: "nothing without paths", old: { a: 1 }, now: { a: 2 }, paths: [], result: { a: 2 } },
  ];
  for (const { title, old, now, paths, result } of cases)
    it(`take from before: ${title}`, () => {
      assert.deepEqual(ignoreChanges(old, now, paths), result);
    });

  const refused: { title: string; old: Properties; now: Properties; paths: string[] }[] = [
    { title: "the map around it is gone", old: { a: { b: 1 } }, now: {}, paths: ["a.b"] },
    { title: "the map around it became a plain value", old: { a: { b: 1 } }, now: { a: "x" }, paths: ["a.b"] },
    { title: "only one side has the item", old: { a: [1] }, now: { a: [1, 2] }, paths: ["a[1]"] },
    { title: "the lists are not of one length", old: { a: [1] }, now: { a: [1, 2] }, paths: ["a[*]"] },
  ];
  for (const { title, old, now, paths } of refused)
    it(`cannot be put back where ${title}, which is said with the path`, () => {
      assert.throws(() => ignoreChanges(old, now, ["other", ...paths]), {
        name: "MissingPath",
        message:
          "cannot ignore changes to the following properties because one or more elements of the path are missing: " +
          JSON.stringify(paths.join(", ")),
      });
    });

  it("leave no difference at a top-level path, change no other, and alter neither side", () => {
    fc.assert(
      fc.property(anyProperties, anyProperties, anyKey, (old, now, key) => {
        const before = structuredClone([old, now]);
        const result = ignoreChanges(old, now, [formatPath([key])]);
        assert.ok(sameValue(result[key], old[key]));
        for (const other of new Set([...Object.keys(now), ...Object.keys(result)]))
          if (other !== key) assert.equal(result[other], now[other]);
        assert.deepEqual(structuredClone([old, now]), before);
      }),
    );
  });
});

describe("the paths at which two values differ", () => {
  const cases: { title: string; old: Properties; now: Properties; paths: string[] }[] = [
    { title: "none between equals", old: { a: [1, { b: 2 }] }, now: { a: [1, { b: 2 }] }, paths: [] },
    { title: "leaves, sorted by key", old: { b: 1, a: { x: 1 } }, now: { b: 2, a: { x: 2 } }, paths: ["a.x", "b"] },
    { title: "items beyond the shorter list", old: { a: [1] }, now: { a: [1, 2, 3] }, paths: ["a[1]", "a[2]"] },
    { title: "the whole where the kind changes", old: { a: { b: 1 } }, now: { a: [1] }, paths: ["a"] },
    { title: "a secret as a whole", old: { a: new Secret({ b: 1 }) }, now: { a: new Secret({ b: 2 }) }, paths: ["a"] },
    { title: "what became a secret", old: { a: 1 }, now: { a: new Secret(1) }, paths: ["a"] },
  ];
  for (const { title, old, now, paths } of cases)
    it(`are: ${title}`, () => {
      assert.deepEqual(
        differingPaths(old, now).map(({ path }) => formatPath(path)),
        paths,
      );
    });

  it("lead to the values on both sides, and are none exactly where the values are the same", () => {
    fc.assert(
      fc.property(anyProperties, anyProperties, (a, b) => {
        const differences = differingPaths(a, b);
        assert.equal(differences.length === 0, sameValue(a, b));
        for (const { path, old, now } of differences) {
          assert.equal(getPath(a, path), old);
          assert.equal(getPath(b, path), now);
          assert.ok(!sameValue(old, now));
        }
      }),
    );
  });
});
