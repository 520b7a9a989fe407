import assert from "node:assert/strict";
import { rangeText } from "./resources/stack.cases.ts";
import { choices, stated, usages } from "./usage.ts";
import { readUsages, usagesFrom } from "./usage-file.ts";

describe("usage assumptions", () => {
  it("ascend, are never negative, and say why in one sentence or two", () => {
    for (const [environment, usage] of Object.entries(usages))
      for (const [name, { low, expected, high, what, why }] of Object.entries(usage)) {
        assert.ok(!low.isNegative() && low.lte(expected) && expected.lte(high), `${environment}.${name}`);
        assert.match(why, /^[A-Z].*\.$/, name);
        assert.match(what, /^[^.]+$/, name);
      }
    assert.equal(Object.keys(usages.production).length, Object.keys(choices).length);
  });

  it("are stated with their span and their reason", () => {
    assert.match(
      stated(usages.production.requests),
      /^5000000 requests reach the load balancer \(1000000 to 20000000\)\. /,
    );
  });
});

describe("a file of usage", () => {
  const from = (text: string) => usagesFrom(text, "usage.yaml");

  it("replaces what it names, with one number or three", () => {
    const given = from(
      "production:\n  requests: 7000000\n  natGb: { low: 1, expected: 0.3e1, high: '4.5', why: Measured. }\n",
    );
    assert.equal(rangeText(given.production.requests), "7000000");
    assert.match(stated(given.production.requests), /As usage\.yaml says\.$/);
    assert.equal(rangeText(given.production.natGb), "1..3..4.5");
    assert.equal(given.production.natGb.why, "Measured.");
    assert.equal(given.production.zoneGb, usages.production.zoneGb);
    assert.equal(given.staging, usages.staging);
  });

  it("may be JSON, and may be empty", () => {
    assert.equal(rangeText(from('{"preview": {"natGb": 0.1}}').preview.natGb), "0.1");
    assert.deepEqual(from(""), usages);
    assert.deepEqual(from("staging:"), usages);
  });

  const bad: readonly (readonly [what: string, text: string, message: string | RegExp])[] = [
    ["an unknown environment", "prduction: {}", 'usage.yaml: prduction is no environment: did you mean "production"?'],
    [
      "an unknown name",
      "staging: { requsts: 1 }",
      'usage.yaml: staging.requsts is no assumption; did you mean "requests"?',
    ],
    [
      "a negative number",
      "staging: { requests: -1 }",
      "usage.yaml: staging.requests is -1; it must be a number that is not negative",
    ],
    [
      "no number",
      "staging: { requests: many }",
      'usage.yaml: staging.requests is "many"; it must be a number that is not negative',
    ],
    [
      "a list",
      "staging: { requests: [1] }",
      /^usage\.yaml: staging\.requests must be a number, or low, expected, and high$/,
    ],
    [
      "a negative level",
      "staging: { natGb: { low: -1, expected: 2, high: 3 } }",
      "usage.yaml: staging.natGb .low is -1; it must be a number that is not negative",
    ],
    [
      "a level that is missing",
      "staging: { natGb: { low: 1, high: 3 } }",
      /^usage\.yaml: staging\.natGb \.expected must be a number/,
    ],
    [
      "levels that do not ascend",
      "staging: { natGb: { low: 3, expected: 2, high: 1 } }",
      "usage.yaml: staging.natGb must ascend from low through expected to high",
    ],
    [
      "an unknown level",
      "staging: { natGb: { low: 1, expected: 2, high: 3, most: 4 } }",
      /^usage\.yaml: staging\.natGb has most, which means nothing/,
    ],
    ["no map", "- 1", "usage.yaml must be a map of environments, each with its assumptions"],
    ["no map of an environment", "staging: 3", "usage.yaml: staging must be a map of assumptions"],
    ["broken YAML", "staging: {", /^usage\.yaml is neither YAML nor JSON: [^\n]+$/],
  ];
  for (const [what, text, message] of bad)
    it(`is refused in one line: ${what}`, () => {
      assert.throws(() => from(text), { message, exitCode: 2 });
    });

  it("is named where it cannot be read", async () => {
    await assert.rejects(readUsages("/no/such/usage.yaml"), {
      message: "/no/such/usage.yaml cannot be read (ENOENT): name a readable file",
      exitCode: 2,
    });
  });
});
