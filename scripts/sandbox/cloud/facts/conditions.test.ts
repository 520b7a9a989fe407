import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../values/value.ts";
import { checkFacts } from "./conditions.ts";
import { withDefaults } from "./defaults.ts";
import { type TypeFacts, factsOf } from "./facts.ts";

const facts: TypeFacts = {
  replace: [],
  exactlyOneOf: [
    ["a", "b"],
    ["rules[].x", "rules[].y"],
  ],
  conflicts: [
    ["c", "cPrefix"],
    ["block.p", "block.q"],
  ],
  requiredWith: [
    ["key", "certificate"],
    ["log", "log.enabled"],
  ],
  values: { kind: ["one", "two"], "rules[].mode": ["on", "off"], kinds: ["one", "two"] },
  limits: {
    name: { min: 2, max: 5, pattern: "^[a-z]+$", note: "lower case" },
    count: { min: 1, max: 10, also: [0] },
    list: { max: 2 },
    "rules[].tags.*": { max: 3 },
    role: { format: "arn" },
  },
};

const cases: [name: string, inputs: Properties, failures: string[]][] = [
  ["one of a group", { a: 1 }, []],
  ["none of a group", {}, ["a: one of a, b must be given"]],
  ["none of a group where one is unknown", { b: UNKNOWN }, []],
  ["both of a group", { a: 1, b: 2 }, ["a: a conflicts with b: give only one of them"]],
  ["an empty list for nothing", { a: 1, b: [] }, []],
  [
    "a group in each block that is there",
    { a: 1, rules: [{ x: 1 }, {}] },
    ["rules[1].x: one of rules[1].x, rules[1].y must be given"],
  ],
  ["a group in blocks that are unknown", { a: 1, rules: UNKNOWN }, []],
  [
    "properties that exclude each other",
    { a: 1, c: "x", cPrefix: "y" },
    ["c: c conflicts with cPrefix: give only one of them"],
  ],
  [
    "the same in a block",
    { a: 1, block: { p: 1, q: 2 } },
    ["block.p: block.p conflicts with block.q: give only one of them"],
  ],
  ["an unknown rival", { a: 1, c: "x", cPrefix: UNKNOWN }, []],
  ["a property without its companion", { a: 1, key: "k" }, ["key: key needs certificate beside it"]],
  ["a property with an unknown companion", { a: 1, key: "k", certificate: UNKNOWN }, []],
  ["a block without the property it needs", { a: 1, log: {} }, ["log: log needs log.enabled beside it"]],
  ["a value outside the set", { a: 1, kind: "three" }, ['kind: kind must be one of one, two, not "three"']],
  ["an unknown value of a set", { a: 1, kind: UNKNOWN }, []],
  [
    "an item outside the set",
    { a: 1, kinds: ["one", "six"] },
    ['kinds[1]: kinds[1] must be one of one, two, not "six"'],
  ],
  [
    "a nested value outside the set",
    { a: 1, rules: [{ x: 1, mode: "?" }] },
    ['rules[0].mode: rules[0].mode must be one of on, off, not "?"'],
  ],
  ["a short text", { a: 1, name: "x" }, ["name: name must have 2 to 5 characters, not 1"]],
  ["a text against its pattern", { a: 1, name: "AB" }, ['name: name must follow its rule (lower case), but is "AB"']],
  ["a number outside its bounds", { a: 1, count: 11 }, ["count: count must be 1 to 10, not 11"]],
  ["a number allowed beside its bounds", { a: 1, count: 0 }, []],
  ["a text of another format", { a: 1, role: "admin" }, ['role: role must be an ARN, not "admin"']],
  ["too many items", { a: 1, list: [1, 2, 3] }, ["list: list must have at most 2 items, not 3"]],
  [
    "a map's value",
    { a: 1, rules: [{ x: 1, tags: { k: "long" } }] },
    ["rules[0].tags.k: rules[0].tags.k must have at most 3 characters, not 4"],
  ],
];

describe("what the provider checks", () => {
  for (const [name, inputs, failures] of cases)
    it(`${failures.length === 0 ? "accepts" : "refuses"} ${name}`, () => {
      assert.deepEqual(
        checkFacts(facts, inputs).map(({ property, reason }) => `${property}: ${reason}`),
        failures,
      );
    });

  const real: [token: string, inputs: Properties, reason: RegExp][] = [
    [
      "aws:ec2/route:Route",
      { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" },
      /one of carrierGatewayId, .* must be given/,
    ],
    ["aws:kms/key:Key", { deletionWindowInDays: 3 }, /7 to 30/],
    ["aws:lb/loadBalancer:LoadBalancer", { name: "internal-x" }, /internal-/],
    ["aws:kms/alias:Alias", { name: "alias/aws/x", targetKeyId: "k" }, /reserved/],
    ["aws:sqs/queue:Queue", { name: "a.b" }, /\.fifo/],
  ];
  for (const [token, inputs, reason] of real)
    it(`refuses ${JSON.stringify(inputs)} for ${token}`, () => {
      const found = factsOf(token);
      assert.ok(found !== undefined);
      assert.match(
        checkFacts(found, inputs)
          .map((failure) => failure.reason)
          .join("\n"),
        reason,
      );
    });
});

describe("the provider's defaults", () => {
  const defaults: TypeFacts = {
    replace: [],
    defaults: { size: 3, "block.on": true, "rules[].mode": "off", "maps.*.deep": 1 },
  };
  it("fill what is absent, in blocks that are there", () => {
    assert.deepEqual(
      withDefaults(defaults, { block: {}, rules: [{ mode: "on" }, {}], maps: { a: {}, b: { deep: 2 } } }),
      {
        size: 3,
        block: { on: true },
        rules: [{ mode: "on" }, { mode: "off" }],
        maps: { a: { deep: 1 }, b: { deep: 2 } },
      },
    );
  });
  it("leave what is given or unknown, and make no block", () => {
    assert.deepEqual(withDefaults(defaults, { size: 0, rules: UNKNOWN }), { size: 0, rules: UNKNOWN });
  });
});
