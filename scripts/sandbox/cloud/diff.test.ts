import assert from "node:assert/strict";
import fc from "fast-check";
import { Asset, type Properties, UNKNOWN } from "../values/value.ts";
import { difference } from "./diff.ts";
import type { ResourceRules } from "./service.ts";

const diffOf = (type: string, olds: Properties, news: Properties, rules?: ResourceRules, ignored: string[] = []) =>
  difference({ type, olds, news, outputs: {}, ignored, rules, naming: undefined });

const flat = (type: string, olds: Properties, news: Properties): Record<string, string> =>
  Object.fromEntries(
    [...diffOf(type, olds, news).changes].map(([path, { kind, replaces }]) => [
      path,
      replaces ? `${kind}-replace` : kind,
    ]),
  );

const thing = "test:index:Thing";
const analyzer = "aws:accessanalyzer/analyzer:Analyzer";
const group = "aws:lb/targetGroup:TargetGroup";

const cases: [name: string, type: string, olds: Properties, news: Properties, changes: Record<string, string>][] = [
  ["nothing", thing, { a: 1, b: [{ c: "d" }] }, { a: 1, b: [{ c: "d" }] }, {}],
  ["additions and deletions", thing, { a: 1 }, { b: 2 }, { a: "delete", b: "add" }],
  [
    "a nested path",
    thing,
    { a: { b: [{ c: 1 }, { c: 2 }] } },
    { a: { b: [{ c: 1 }, { c: 3 }] } },
    { "a.b[1].c": "update" },
  ],
  ["keys that need quotes", thing, { tags: { "a.b": "1" } }, { tags: { "a.b": "2" } }, { 'tags["a.b"]': "update" }],
  ["list items that come and go", thing, { a: [1] }, { a: [1, 2] }, { "a[1]": "add" }],
  ["another kind", thing, { a: "1" }, { a: [1] }, { a: "update" }],
  ["what becomes unknown", thing, { a: "1" }, { a: UNKNOWN }, { a: "update" }],
  ["an asset with other content", thing, { a: new Asset("h", {}) }, { a: new Asset("i", {}) }, { a: "update" }],
  ["an asset with the same content", thing, { a: new Asset("h", {}) }, { a: new Asset("h", { text: "x" }) }, {}],
  ["null for absent", thing, { a: null }, {}, {}],
  ["an empty list for absent, as the first plugin SDK cannot tell", "aws:x/y:Y", { a: [] }, {}, {}],
  ["an empty list, where the provider can tell", "cloudflare:index/x:X", { a: [] }, {}, { a: "delete" }],
  ["Pulumi's own marks", thing, { __defaults: [] }, { __defaults: ["a"] }, {}],
  ["a property that replaces", group, { port: 80 }, { port: 81 }, { port: "update-replace" }],
  [
    "a property that does not",
    group,
    { deregistrationDelay: 1 },
    { deregistrationDelay: 2 },
    { deregistrationDelay: "update" },
  ],
  ["the region", "aws:sqs/queue:Queue", { region: "a" }, { region: "b" }, { region: "update-replace" }],
  [
    "a path below one that replaces",
    analyzer,
    { configuration: { unusedAccess: { unusedAccessAge: 1 } } },
    { configuration: { unusedAccess: { unusedAccessAge: 2 } } },
    { "configuration.unusedAccess.unusedAccessAge": "update-replace" },
  ],
  [
    "a nested property of one that replaces by itself alone",
    "aws:cloudwatch/eventTarget:EventTarget",
    { arn: "a", rule: "r", ecsTarget: { taskCount: 1 } },
    { arn: "a", rule: "r2", ecsTarget: { taskCount: 2 } },
    { rule: "update-replace", "ecsTarget.taskCount": "update" },
  ],
  [
    "a condition",
    "aws:ssm/parameter:Parameter",
    { tier: "Advanced" },
    { tier: "Standard" },
    { tier: "update-replace" },
  ],
];

describe("the difference of inputs", () => {
  for (const [name, type, olds, news, changes] of cases)
    it(`finds ${name}`, () => {
      assert.deepEqual(flat(type, olds, news), changes);
    });

  it("is given by top-level property too, and by what forces a replacement", () => {
    const found = diffOf(group, { port: 80, tags: { a: "1", b: "2" } }, { port: 81, tags: { a: "2", b: "3" } });
    assert.deepEqual(found.diffs, ["port", "tags"]);
    assert.deepEqual(found.replaces, ["port"]);
  });

  it("leaves ignored properties out", () => {
    assert.equal(diffOf(thing, { a: 1 }, { a: 2 }, undefined, ["a"]).changes.size, 0);
  });

  it("asks the service's rules what means the same, and what replaces", () => {
    const rules: ResourceRules = {
      equivalent: (property, old, now) =>
        property === "policy.text" && JSON.stringify(old).toLowerCase() === JSON.stringify(now).toLowerCase(),
      replaces: (olds, news) => (olds["kind"] === news["kind"] ? [] : ["kind"]),
    };
    const found = diffOf(thing, { policy: { text: "A" }, kind: 1 }, { policy: { text: "a" }, kind: 2 }, rules);
    assert.deepEqual([...found.changes], [["kind", { kind: "update", replaces: true }]]);
  });

  it("is empty between equal values, and names every top-level property that is not", () => {
    const value = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,3}$/),
      fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer(), { minLength: 1 })),
    );
    fc.assert(
      fc.property(value, value, (olds, news) => {
        assert.equal(diffOf(thing, olds, structuredClone(olds)).changes.size, 0);
        const differing = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
          (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
        );
        assert.deepEqual([...diffOf(thing, olds, news).diffs].sort(), differing.sort());
      }),
    );
  });
});
