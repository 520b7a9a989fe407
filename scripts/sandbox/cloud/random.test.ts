import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Properties } from "../values/value.ts";
import { textAt } from "./fields.ts";
import { random } from "./random.ts";
import type { Operation, ResourceRules } from "./service.ts";

const rulesOf = (name: string): ResourceRules => {
  const token = `random:index/${name.slice(0, 1).toLowerCase()}${name.slice(1)}:${name}`;
  const rules = random.resources[token];
  assert.ok(rules !== undefined, token);
  return rules;
};

const operation = (inputs: Properties, urn = "urn"): Operation => ({
  type: "",
  urn,
  name: "n",
  stack: "s",
  location: { partition: "", account: "", region: "" },
  inputs,
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (label, length) => createHash("sha512").update(urn).update(label).digest("hex").slice(0, length),
});

const outputs = (name: string, inputs: Properties, urn?: string): Properties =>
  rulesOf(name).computed?.(operation(inputs, urn), "") ?? {};

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe("the random provider", () => {
  it("gives the same for the same resource, and other values for others and for new keepers", () => {
    const inputs = { length: 20 };
    const { result } = outputs("RandomPassword", inputs);
    assert.equal(outputs("RandomPassword", inputs)["result"], result);
    assert.notEqual(outputs("RandomPassword", inputs, "other")["result"], result);
    assert.notEqual(outputs("RandomPassword", { ...inputs, keepers: { a: "b" } })["result"], result);
  });

  it("keeps to length, classes, and minimums", () => {
    const least = fc.nat({ max: 4 });
    const flags = fc.record({ upper: fc.boolean(), numeric: fc.boolean(), special: fc.boolean() });
    const minimums = fc.record({ minLower: least, minUpper: least, minNumeric: least, minSpecial: least });
    fc.assert(
      fc.property(flags, minimums, fc.integer({ min: 16, max: 40 }), (on, min, length) => {
        const text =
          textAt(outputs("RandomPassword", { ...on, ...min, length, overrideSpecial: "_%" }), "result") ?? "";
        assert.equal(text.length, length);
        assert.ok(count(text, /[a-z]/g) >= min.minLower);
        for (const [flag, minimum, pattern] of [
          [on.upper, min.minUpper, /[A-Z]/g],
          [on.numeric, min.minNumeric, /\d/g],
          [on.special, min.minSpecial, /[_%]/g],
        ] as const)
          assert.ok(flag ? count(text, pattern) >= minimum : count(text, pattern) === minimum);
      }),
    );
  });

  const forms: [name: string, inputs: Properties, property: string, form: RegExp][] = [
    ["RandomPassword", { length: 8 }, "bcryptHash", /^\$2a\$10\$[./A-Za-z0-9]{53}$/],
    ["RandomString", { length: 8, special: false, upper: false }, "result", /^[a-z0-9]{8}$/],
    ["RandomId", { byteLength: 4, prefix: "p-" }, "hex", /^p-[0-9a-f]{8}$/],
    ["RandomId", { byteLength: 4 }, "dec", /^\d+$/],
    ["RandomBytes", { length: 3 }, "base64", /^[A-Za-z0-9+/]{4}$/],
    ["RandomUuid", {}, "result", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ["RandomUuid7", {}, "result", /^[0-9a-f]{8}-[0-9a-f]{4}-7/],
  ];
  for (const [name, inputs, property, form] of forms)
    it(`${name} gives ${property} like ${form.source}`, () => {
      assert.match(textAt(outputs(name, inputs), property) ?? "", form);
    });

  it("gives integers within their bounds, and refuses bounds the wrong way round", () => {
    for (let index = 0; index < 50; index++) {
      const result = Number(outputs("RandomInteger", { min: -2, max: 2 }, `urn${index}`)["result"]);
      assert.ok(Number.isInteger(result) && result >= -2 && result <= 2);
    }
    assert.match(
      rulesOf("RandomInteger").refuseCreate?.(operation({ min: 2, max: 1 }))?.message ?? "",
      /must not be above/,
    );
  });

  it("shuffles without loss, cuts, and repeats", () => {
    const inputs = ["a", "b", "c"];
    assert.deepEqual([...(outputs("RandomShuffle", { inputs })["results"] as string[])].sort(), inputs);
    assert.equal((outputs("RandomShuffle", { inputs, resultCount: 2 })["results"] as string[]).length, 2);
    assert.equal((outputs("RandomShuffle", { inputs, resultCount: 7 })["results"] as string[]).length, 7);
  });

  it("names pets of so many words", () => {
    assert.match(
      rulesOf("RandomPet").id?.(operation({ length: 3, separator: "_", prefix: "x" })) ?? "",
      /^x(_[a-z]+){3}$/,
    );
  });

  it("refuses what no password can be", () => {
    const reasons = (inputs: Properties) =>
      rulesOf("RandomPassword")
        .check?.(inputs, operation({}).location)
        .map(({ reason }) => reason)
        .join() ?? "";
    assert.match(reasons({ length: 3, minLower: 2, minUpper: 2 }), /at least the sum/);
    assert.match(reasons({ length: 3, lower: false, upper: false, numeric: false, special: false }), /at least one of/);
    assert.equal(reasons({ length: 3 }), "");
  });
});
