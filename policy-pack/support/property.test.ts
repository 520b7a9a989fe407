import assert from "node:assert/strict";
import { resource, unknown } from "../test/resource.ts";
import {
  anySet,
  asText,
  at,
  atLeast,
  atMost,
  expects,
  expectsAsked,
  firstUnknown,
  isAbsent,
  isFalse,
  isNotTrue,
  isSet,
  isTrue,
  locate,
  matching,
  numberOf,
  oneOf,
  orAbsent,
  textOf,
  textsOf,
  unless,
  where,
  type Expectation,
} from "./property.ts";
import type { Plain, PlainMap } from "./unknown.ts";

describe("locate", () => {
  const rows: readonly (readonly [string, Plain, string, readonly (readonly [string, Plain])[]])[] = [
    ["a property", { a: 1 }, "a", [["a", 1]]],
    ["an absent property", {}, "a", [["a", undefined]]],
    ["a property of an absent block", {}, "a.b", [["a.b", undefined]]],
    [
      "a property in each element",
      { a: [{ b: 1 }, {}] },
      "a[].b",
      [
        ["a[0].b", 1],
        ["a[1].b", undefined],
      ],
    ],
    ["a block that the provider holds as one map", { a: { b: 1 } }, "a[].b", [["a.b", 1]]],
    ["a list in place of one block", { a: [{ b: 1 }] }, "a.b", [["a[0].b", 1]]],
    ["an empty list in place of one block", { a: [] }, "a.b", [["a.b", undefined]]],
    ["no elements", { a: [] }, "a[].b", []],
    ["an absent list", {}, "a[].b", []],
    ["an unknown on the way", { a: unknown }, "a[].b.c", [["a", unknown]]],
    [
      "an unknown element beside a known one",
      { a: [unknown, { b: 2 }] },
      "a[].b",
      [
        ["a[0]", unknown],
        ["a[1].b", 2],
      ],
    ],
    [
      "lists in lists",
      { a: [{ b: [1, 2] }] },
      "a[].b[]",
      [
        ["a[0].b[0]", 1],
        ["a[0].b[1]", 2],
      ],
    ],
  ];
  for (const [what, source, path, expected] of rows)
    it(`finds ${what}`, () => {
      assert.deepEqual(
        locate(source, path).map(({ property, value }) => [property, value]),
        expected,
      );
    });

  it("has a short form for the one value of a path without lists", () => {
    assert.equal(at({ a: { b: "c" } }, "a.b"), "c");
    assert.equal(at({ a: unknown }, "a.b"), unknown);
  });
});

describe("an expectation", () => {
  const rows: readonly (readonly [string, Expectation, readonly Plain[], readonly Plain[]])[] = [
    ["isTrue", isTrue, [true, "true"], [false, "false", undefined, 1]],
    ["isFalse", isFalse, [false, "false"], [true, "true", undefined, null, 0]],
    [
      "isNotTrue",
      isNotTrue,
      [false, "false", "FALSE", 0, "", null, undefined],
      [true, "true", "TRUE", "t", 1, "ENABLED", {}],
    ],
    ["isSet", isSet, ["a", 0, false, ["a"], {}], ["", undefined, null, []]],
    ["atLeast", atLeast(7), [7, "8"], [6, "6", undefined, "", "many"]],
    ["atMost", atMost(7), [7, "6"], [8, "8", undefined]],
    ["oneOf", oneOf("a", 3), ["a", 3, "3"], ["b", undefined, ["a"]]],
    ["matching", matching(/^a/, "a..."), ["ab"], ["ba", undefined, 1]],
    ["orAbsent", orAbsent(isTrue), [true, undefined, null], [false]],
  ];
  for (const [name, expectation, good, bad] of rows)
    it(`${name} takes what it should, and nothing else`, () => {
      for (const value of good) assert.equal(expectation.is(value), true, JSON.stringify(value));
      for (const value of bad) assert.equal(expectation.is(value), false, JSON.stringify(value));
    });
});

describe("expects", () => {
  const find = (props: PlainMap) => expects("a[].b", isTrue, "set b: true")(resource("t", "n", props), {});

  it("says what the value is and what it must be", () => {
    assert.deepEqual(find({ a: [{ b: false }, {}] }), [
      { property: "a[0].b", wrong: "it is false, and must be true", fix: "set b: true" },
      { property: "a[1].b", wrong: "it is not set, and must be true", fix: "set b: true" },
    ]);
  });

  it("cannot decide about an unknown, and still tells of its neighbours", () => {
    assert.deepEqual(find({ a: [{ b: unknown }, { b: true }, { b: "no" }] }), [
      { property: "a[0].b", unknown },
      { property: "a[2].b", wrong: 'it is "no", and must be true', fix: "set b: true" },
    ]);
  });

  it("does not print what is long", () => {
    const [finding] = find({ a: [{ b: "x".repeat(500) }] });
    assert.ok(finding !== undefined && "wrong" in finding);
    assert.equal(finding.wrong, "it is set, and must be true");
  });
});

describe("anySet", () => {
  const find = anySet(["users", "token.text"], "set users");
  const on = (props: PlainMap): readonly unknown[] => find(resource("t", "n", props), {});

  it("passes where one of them is set", () => {
    assert.deepEqual(on({ users: ["a"] }), []);
    assert.deepEqual(on({ users: [], token: { text: "t" } }), []);
    assert.deepEqual(on({ users: [unknown] }), []);
    assert.deepEqual(on({ users: unknown, token: { text: "t" } }), []);
  });

  it("cannot decide where one of them is unknown", () => {
    assert.deepEqual(on({ users: [], token: unknown }), [{ property: "token.text", unknown }]);
  });

  it("finds where none of them is set", () => {
    const finding = { property: "users", wrong: "neither it nor token.text is set", fix: "set users" };
    assert.deepEqual(on({}), [finding]);
    assert.deepEqual(on({ users: [], token: { text: "" } }), [finding]);
  });
});

describe("expectsAsked", () => {
  const find = expectsAsked("days", "a[].age", atLeast);

  it("asks for what the settings say", () => {
    assert.deepEqual(find(resource("t", "n", { a: [{ age: 7 }] }), { days: 7 }), []);
    assert.deepEqual(find(resource("t", "n", { a: [{ age: 7 }] }), { days: 8 }), [
      { property: "a[0].age", wrong: "it is 7, and must be at least 8", fix: "set a[0].age: 8" },
    ]);
  });
});

describe("where", () => {
  it("asks only of what it is about, with the settings", () => {
    const finding = { property: "a", wrong: "it is wrong", fix: "mend it" };
    const find = where(
      ({ name }) => name === "n",
      (_, { days }) => (days === 7 ? [finding] : []),
    );
    assert.deepEqual(find(resource("t", "n"), { days: 7 }), [finding]);
    assert.deepEqual(find(resource("t", "n"), {}), []);
    assert.deepEqual(find(resource("t", "other"), { days: 7 }), []);
    const others = unless(({ name }) => name === "n", find);
    assert.deepEqual(others(resource("t", "n"), { days: 7 }), []);
  });
});

describe("values", () => {
  it("are absent also as an empty text", () => {
    for (const value of [undefined, null, ""]) assert.equal(isAbsent(value), true);
    for (const value of [0, false, [], {}, "a", unknown]) assert.equal(isAbsent(value), false);
  });

  it("are one text, where they are known and single", () => {
    assert.deepEqual(["a", 443, true, undefined, null, unknown, ["a"]].map(asText), [
      "a",
      "443",
      "true",
      "",
      "",
      "",
      "",
    ]);
    assert.deepEqual(["a", 443, undefined, unknown].map(textOf), ["a", undefined, undefined, undefined]);
  });

  it("are numbers also as text", () => {
    assert.deepEqual(["7", 7, " ", "x", undefined, true].map(numberOf), [
      7,
      7,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are texts of a list, or one of their own", () => {
    assert.deepEqual(textsOf(["a", unknown, 1, "b"]), ["a", "b"]);
    assert.deepEqual(textsOf("a"), ["a"]);
    assert.deepEqual(textsOf(undefined), []);
  });

  it("hide no unknown inside", () => {
    assert.equal(firstUnknown({ a: [{ b: unknown }] }), unknown);
    assert.equal(firstUnknown({ a: [{ b: null }] }), undefined);
  });
});
