import assert from "node:assert/strict";
import { reasonIn } from "./preview-source.ts";

describe("why a stack cannot be previewed", () => {
  const cases: readonly (readonly [what: string, message: string, reason: string])[] = [
    ["a plain sentence", "staging has no output vpcId", "staging has no output vpcId"],
    ["the first of several", "one is wrong\ntwo is wrong", "one is wrong"],
    [
      "without the values that waited",
      'error serializing property "policy": error serializing property "actions": staging has no output vpcId',
      "staging has no output vpcId",
    ],
    [
      "without the stack trace",
      "Running program 'index.ts' failed with an unhandled exception:\n  TypeError: no such zone\n    at f (a.ts:1:2)",
      "no such zone",
    ],
    ["nothing", "", "no reason given"],
  ];
  for (const [what, message, reason] of cases)
    it(what, () => {
      assert.equal(reasonIn(message), reason);
    });
});
