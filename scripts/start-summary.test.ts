import assert from "node:assert/strict";
import type { Leak } from "./isolation.ts";
import { noColors } from "./sandbox/cli/display/colors.ts";
import { failedResult } from "./sandbox/cli/run.ts";
import type { RunResult } from "./sandbox/engine/events.ts";
import { Secret } from "./sandbox/values/value.ts";
import { type StartSummary, isGood, startLines } from "./start-summary.ts";

const up = (stack: string): RunResult => ({
  ...failedResult(stack, "up", "", 4.2),
  result: "succeeded",
  errors: [],
  changes: { create: 12 },
  resourceCount: 12,
  policiesChecked: 3,
  outputs: { url: `https://${stack}.example`, password: new Secret("hunter2") },
});
const leak: Leak = {
  value: "vpc-1",
  kind: "id",
  of: { stack: "staging", where: "urn:a", path: "id" },
  found: { stack: "production", where: "urn:b", path: "inputs.vpcId" },
};
const good: StartSummary = {
  results: [up("staging"), up("production")],
  isolation: { leaks: [], compared: 3150 },
  seconds: 9.5,
  stateDirectory: ".sandbox",
};
const lines = (summary: StartSummary): string => startLines(summary, noColors, 100).join("\n");

describe("the summary of npm start", () => {
  it("says what is up, that it is isolated, and what to try next", () => {
    assert.ok(isGood(good));
    const text = lines(good);
    for (const part of [
      "Staging and production are up, in the sandbox (9.5 s)",
      "  staging      12 resources   3 policies checked   4.2 s   + 12 created",
      "  production   12 resources   3 policies checked   4.2 s   + 12 created",
      "  url       https://staging.example",
      "  password  [secret]",
      "Isolated: 3,150 values of staging and production compared; nothing of one stands in the other.",
      "files in .sandbox",
    ])
      assert.ok(text.includes(part), `${part}\n--- in ---\n${text}`);
    assert.equal((text.match(/^ {2}npm /gm) ?? []).length, 4, "four commands");
    assert.ok(!text.includes("hunter2"));
  });

  it("shows a leak and where it is, and is not good", () => {
    const bad = { ...good, isolation: { leaks: [leak], compared: 10 } };
    assert.ok(!isGood(bad));
    assert.match(
      lines(bad),
      /Not isolated: 10 values .+, 1 leak\n {2}id vpc-1 of staging \(urn:a\) is in production: urn:b inputs\.vpcId/,
    );
  });

  it("is not good where a stack failed, and names the command that shows more", () => {
    const bad = { ...good, results: [up("staging"), failedResult("production", "up", "no", 1)], isolation: undefined };
    assert.ok(!isGood(bad));
    assert.match(lines(bad), /Isolation was not checked: a stack failed\./);
    assert.match(lines(bad), /Next: npm run sandbox -- up --stack production/);
  });
});
