import assert from "node:assert/strict";
import { createSharedLimits } from "./rate-limit-outage.ts";

const hour = 3_600_000;

describe("an outage of the shared limits", () => {
  let lines: string[];
  const add = (_facts: unknown, message?: string) => void lines.push((message ?? "").split(":")[0] ?? "");
  const log = { info: add, warn: add };
  const [down, up] = ["the rate limits cannot be shared", "the rate limits are shared again"];
  beforeEach(() => {
    lines = [];
  });

  it("is said once when it begins and once when it ends", () => {
    const limits = createSharedLimits(0, log);
    for (let request = 0; request < 3; request++) limits.failed(new Error("down"));
    assert.ok(limits.mayAsk());
    limits.answered();
    limits.answered();
    assert.deepEqual(lines, [down, up]);
  });

  it("lets nobody ask for a while", () => {
    const limits = createSharedLimits(hour, log);
    assert.ok(limits.mayAsk() && limits.mayAsk());
    limits.failed(new Error("down"));
    assert.ok(!limits.mayAsk());
  });

  it("does not end with the answer to what was asked before it", () => {
    const limits = createSharedLimits(0, log);
    limits.failed(new Error("down"));
    limits.answered();
    assert.deepEqual(lines, [down]);
  });
});
