import assert from "node:assert/strict";
import { durationText, type RestoreReport, verdictOf } from "./report.ts";

const objective = { pointHours: 24, timeHours: 1 };
const good: RestoreReport = {
  drill: "restore",
  where: "local",
  environment: "staging",
  startedAt: "2026-01-12T08:00:00.000Z",
  source: "a dump",
  canaries: { expected: { count: 2, sha256: "a" }, found: { count: 2, sha256: "a" } },
  differences: [],
  lost: 1,
  recoveryPointSeconds: 24 * 3600,
  recoveryTimeSeconds: 3600,
  steps: [],
};

describe("the verdict of a restore drill", () => {
  it("holds where everything came back, to the second of the objectives", () => {
    assert.deepEqual(verdictOf(good, objective), { holds: true, reasons: [] });
  });

  const broken: Readonly<Record<string, Partial<RestoreReport>>> = {
    "1 of 2 canaries came back": { canaries: { ...good.canaries, found: { count: 1, sha256: "a" } } },
    "canaries came back with other content": { canaries: { ...good.canaries, found: { count: 2, sha256: "b" } } },
    "there was no canary to verify: nothing is proven": {
      canaries: { expected: { count: 0, sha256: "a" }, found: { count: 0, sha256: "a" } },
    },
    "maps has other indexes": { differences: ["maps has other indexes"] },
    "25 h of writes are lost, more than 24 h": { recoveryPointSeconds: 25 * 3600 },
    "it took 61 min, more than 1 h": { recoveryTimeSeconds: 3660 },
  };
  for (const [reason, change] of Object.entries(broken))
    it(`does not hold: ${reason}`, () => {
      assert.deepEqual(verdictOf({ ...good, ...change }, objective), { holds: false, reasons: [reason] });
    });

  it("says every reason", () => {
    const all = Object.values(broken).reduce((one, other) => ({ ...one, ...other }), good);
    assert.equal(verdictOf({ ...good, ...all }, objective).reasons.length, 4);
  });
});

describe("a duration", () => {
  for (const [seconds, text] of [
    [0.44, "0.4 s"],
    [119, "119 s"],
    [120, "2.0 min"],
    [3660, "61 min"],
    [90_000, "25 h"],
  ] as const)
    it(`of ${seconds} s is ${text}`, () => {
      assert.equal(durationText(seconds), text);
    });
});
