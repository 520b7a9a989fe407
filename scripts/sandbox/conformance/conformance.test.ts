import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { differences } from "./compare.ts";
import { expectation, playScenario, scenarios } from "./scenario.ts";

describe("the engine does what Pulumi's own did", function () {
  this.timeout(120_000);
  for (const [name, scenario] of Object.entries(scenarios())) {
    it(name, async () => {
      const expected = expectation(name).steps;
      const actual = await playScenario(name, scenario);
      const lines = expected.flatMap((step, index) => {
        const result = actual[index];
        assert.ok(result !== undefined);
        return differences(step, result).map((line) => `step ${index + 1} (${step.exit}): ${line}`);
      });
      assert.deepEqual(lines, []);
    });
  }
});
