import assert from "node:assert/strict";
import fc from "fast-check";
import { anyProperties, anyText, anyValue, hidden } from "./value.arbitrary.ts";
import {
  Archive,
  Asset,
  downgraded,
  downgradedProperties,
  hasSecret,
  hasUnknown,
  isProperties,
  mapValue,
  OutputValue,
  ResourceReference,
  revealed,
  revealedProperties,
  sameValue,
  Secret,
  someValue,
  UNKNOWN,
  type Value,
} from "./value.ts";

const URN = "urn:pulumi:dev::p::t:i:T::n";

describe("a property value", () => {
  const maps: [string, Value | undefined, boolean][] = [
    ["a map", { a: 1 }, true],
    ["an empty map", {}, true],
    ["nothing", undefined, false],
    ["null", null, false],
    ["a text", "a", false],
    ["a list", [], false],
    ["unknown", UNKNOWN, false],
    ["a secret", new Secret({}), false],
    ["an output", new OutputValue({}, false, []), false],
    ["a reference", new ResourceReference(URN, "i", ""), false],
    ["an asset", new Asset("", {}), false],
    ["an archive", new Archive("", {}), false],
  ];
  for (const [name, value, expected] of maps)
    it(`${expected ? "is" : "is not"} a map of properties: ${name}`, () => {
      assert.equal(isProperties(value), expected);
    });

  it("rebuilt without a change is equal and, where it can hold others, a copy", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const copy = mapValue(value, (node) => node);
        assert.deepEqual(copy, value);
        if (Array.isArray(value) || isProperties(value)) assert.notEqual(copy, value);
      }),
    );
  });

  it("is rebuilt bottom up: the change sees every node after its children", () => {
    const seen: Value[] = [];
    mapValue({ a: [1, new Secret("s")], o: new OutputValue(true, false, []) }, (node) => {
      seen.push(node);
      return node;
    });
    assert.deepEqual(seen, [
      1,
      "s",
      new Secret("s"),
      [1, new Secret("s")],
      true,
      new OutputValue(true, false, []),
      { a: [1, new Secret("s")], o: new OutputValue(true, false, []) },
    ]);
  });

  it("shows a secret, an unknown, and a text wherever they are hidden", () => {
    fc.assert(
      fc.property(hidden(new Secret("s")), hidden(UNKNOWN), hidden("needle"), (secret, unknown, text) => {
        assert.ok(hasSecret(secret));
        assert.ok(hasUnknown(unknown));
        assert.ok(someValue([0, text], (node) => node === "needle"));
      }),
    );
  });

  it("counts a secret output as secret and an output without value as unknown", () => {
    assert.equal(hasSecret(new OutputValue("v", true, [])), true);
    assert.equal(hasSecret(new OutputValue("v", false, [])), false);
    assert.equal(hasUnknown(new OutputValue(undefined, false, [])), true);
    assert.equal(hasUnknown([null, "", 0, false]), false);
  });
});

describe("revealing and downgrading", () => {
  const isWrapped = (node: Value): boolean => node instanceof Secret || node instanceof OutputValue;

  it("leaves no secret and no output, and keeps whether anything is unknown", () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const plain = revealedProperties(properties);
        assert.ok(!someValue(plain, isWrapped));
        assert.equal(hasUnknown(plain), hasUnknown(properties));
      }),
    );
  });

  it("downgrading leaves no output, and neither loses nor invents a secret or an unknown", () => {
    fc.assert(
      fc.property(anyProperties, (properties) => {
        const plain = downgradedProperties(properties);
        assert.ok(!someValue(plain, (node) => node instanceof OutputValue));
        assert.equal(hasSecret(plain), hasSecret(properties));
        assert.equal(hasUnknown(plain), hasUnknown(properties));
        assert.deepEqual(revealedProperties(plain), revealedProperties(properties));
      }),
    );
  });

  const cases: { title: string; value: Value; revealed: Value; downgraded: Value }[] = [
    { title: "a secret output", value: new OutputValue(1, true, [URN]), revealed: 1, downgraded: new Secret(1) },
    {
      title: "a secret in a secret output",
      value: new OutputValue(new Secret(1), true, []),
      revealed: 1,
      downgraded: new Secret(1),
    },
    {
      title: "an unknown output",
      value: new OutputValue(undefined, false, []),
      revealed: UNKNOWN,
      downgraded: UNKNOWN,
    },
    {
      title: "an unknown secret output",
      value: new OutputValue(undefined, true, []),
      revealed: UNKNOWN,
      downgraded: new Secret(UNKNOWN),
    },
    {
      title: "an output in a secret",
      value: new Secret(new OutputValue([1], false, [])),
      revealed: [1],
      downgraded: new Secret([1]),
    },
  ];
  for (const { title, value, revealed: plain, downgraded: lesser } of cases)
    it(`handles ${title}`, () => {
      assert.deepEqual(revealed(value), plain);
      assert.deepEqual(downgraded(value), lesser);
    });
});

describe("equality of values", () => {
  it("holds between a value and its copy, in both directions", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        assert.ok(
          sameValue(
            a,
            mapValue(a, (node) => node),
          ),
        );
        assert.equal(sameValue(a, b), sameValue(b, a));
      }),
    );
  });

  it("sees a changed text wherever it is hidden", () => {
    fc.assert(
      fc.property(hidden("old"), anyText, (value, text) => {
        const changed = mapValue(value, (node) => (node === "old" ? text : node));
        assert.equal(sameValue(value, changed), text === "old");
      }),
    );
  });

  const cases: [string, Value | undefined, Value | undefined, boolean][] = [
    ["keys in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ["a further key", { a: 1 }, { a: 1, b: null }, false],
    ["an absent and a null property", undefined, null, false],
    ["a list in another order", [1, 2], [2, 1], false],
    ["a secret and its content", new Secret(1), 1, false],
    ["secrets of equal content", new Secret({ a: 1 }), new Secret({ a: 1 }), true],
    ["assets of equal content from other places", new Asset("h", { path: "a" }), new Asset("h", { path: "b" }), true],
    ["assets of other content", new Asset("h", {}), new Asset("i", {}), false],
    ["an asset and an archive", new Asset("h", {}), new Archive("h", {}), false],
    ["unknown and unknown", UNKNOWN, UNKNOWN, true],
    ["unknown and a value", UNKNOWN, "", false],
    ["unknown and an empty map", UNKNOWN, {}, false],
    [
      "references to one resource by other versions",
      new ResourceReference(URN, "i", "1"),
      new ResourceReference(URN, "i", "2"),
      true,
    ],
    [
      "references while one id is unknown",
      new ResourceReference(URN, "i", ""),
      new ResourceReference(URN, UNKNOWN, ""),
      false,
    ],
    ["a list and a map with its indexes", ["a"], { 0: "a" }, false],
    ["a key that every object inherits", { constructor: "a" }, { other: "a" }, false],
  ];
  for (const [title, a, b, expected] of cases)
    it(`${expected ? "holds" : "fails"} between ${title}`, () => {
      assert.equal(sameValue(a, b), expected);
      assert.equal(sameValue(b, a), expected);
    });
});
