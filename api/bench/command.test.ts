import assert from "node:assert/strict";
import { measurements, readOptions, UsageError } from "./command.ts";
import { plans } from "./plan.ts";

describe("the bench's command line", () => {
  it("measures everything where it is not told otherwise", () => {
    assert.deepEqual(readOptions([]), {
      plan: plans.full,
      only: Object.keys(measurements),
      json: false,
      help: false,
    });
  });

  it("takes the short form, and some measurements in their own order", () => {
    const { plan, only } = readOptions(["--quick", "--only", "soak", "--only", "heartbeat"]);
    assert.equal(plan, plans.quick);
    assert.deepEqual(only, ["heartbeat", "soak"]);
  });

  for (const args of [["--only", "heartbeats"], ["--quik"]])
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => readOptions(args), UsageError);
    });
});
