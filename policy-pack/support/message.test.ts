import assert from "node:assert/strict";
import fc from "fast-check";
import { exemptionNote, type Exemption } from "./exemption.ts";
import { toldBy } from "./message.ts";
import { messageOf, type Violation } from "./rule.ts";

const why = "What is open to all is found by all.";
const rule = { description: "Nothing is open to all.", why };

const property = fc.string().map((text) => text.replaceAll(":", ""));
// Punctuation as in real messages: it must not be taken for the end of a part.
const words = fc
  .array(fc.constantFrom("it is", ". ", ": ", "Fix", "). ", "(", ")", "0.0.0.0/0", "\n", '"x"'))
  .map((parts) => parts.join(""));
const text = fc.oneof(fc.string(), words).filter((part) => !part.includes(why));
const violation: fc.Arbitrary<Violation> = fc.record({ property, wrong: text, fix: text }, { noNullPrototype: true });
const exemption: fc.Arbitrary<Exemption> = fc.record(
  {
    rule: fc.constant("open"),
    urn: fc.constant("urn:*"),
    environments: fc.constant(["staging"]),
    reason: text,
    owner: text,
    expires: fc.constantFrom("2026-12-31", "2027-01-31"),
  },
  { noNullPrototype: true },
);

describe("a message of the pack", () => {
  it("is taken apart into what it was made of", () => {
    fc.assert(
      fc.property(violation, (given) => {
        assert.deepEqual(toldBy(rule, `${rule.description}\n${messageOf(rule, given)}`), { violation: given });
        assert.deepEqual(toldBy(rule, messageOf(rule, given)), { violation: given });
      }),
    );
  });

  it("names its exemption, whatever that says", () => {
    fc.assert(
      fc.property(violation, exemption, exemption, (given, covering, other) => {
        const message = `${rule.description}\n${exemptionNote(covering)} ${messageOf(rule, given)}`;
        const told = toldBy(rule, message, [covering, other]);
        assert.deepEqual(told, { violation: given, exemption: covering });
      }),
    );
  });

  it("is left alone where it is another's", () => {
    for (const message of [
      "",
      "can't run policy 'open' during preview",
      `x: y. ${why}`,
      "x: y. Another reason. Fix: z.",
    ])
      assert.equal(toldBy(rule, message), undefined);
  });
});
