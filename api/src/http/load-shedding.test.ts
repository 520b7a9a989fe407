import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../test/eventually.ts";
import { type Load, meanWait, retryAfterSeconds, shedsAt } from "./load-shedding-decision.ts";
import { createLoadShedding } from "./load-shedding.ts";

const thresholds = { begin: { delayMs: 100, inFlight: 1_000 }, end: { delayMs: 50, inFlight: 700 } };

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe("the decision to shed", () => {
  for (const [sheds, delayMs, inFlight, expected] of [
    [false, 0, 0, false],
    [false, 99, 999, false],
    [false, 100, 0, true],
    [false, 0, 1_000, true],
    [true, 99, 999, true],
    [true, 50, 0, true],
    [true, 0, 700, true],
    [true, 49, 699, false],
  ] as const) {
    it(`${sheds ? "while shedding" : "while serving"} at ${delayMs} ms and ${inFlight} in flight: ${expected ? "shed" : "serve"}`, () => {
      assert.equal(shedsAt(sheds, { delayMs, inFlight }, thresholds), expected);
    });
  }

  it("does not flutter between the thresholds", () => {
    const loads: Load[] = [90, 110, 90, 60, 110, 60, 40, 60, 90].map((delayMs) => ({ delayMs, inFlight: 0 }));
    const states: boolean[] = [];
    for (const load of loads) states.push(shedsAt(states.at(-1) ?? false, load, thresholds));
    assert.deepEqual(states, [false, true, true, true, true, true, false, false, false]);
  });

  it("waits half a turn where all turns are long, and hardly for one long turn", () => {
    const idle = Array.from({ length: 25 }, () => 20);
    assert.equal(meanWait(idle, 20), 0);
    assert.equal(meanWait([], 20), 0);
    assert.ok(meanWait([240, 240, 240], 20) > 100);
    assert.ok(meanWait([...idle, 250], 20) < 50);
    assert.ok(meanWait([...idle, 2_000], 20) > 100);
  });

  it("sends whoever is refused away for 1 to 5 seconds", () => {
    assert.deepEqual([0, 0.5, 0.999].map(retryAfterSeconds), [1, 3, 5]);
  });
});

describe("load shedding", () => {
  const lines: string[] = [];
  const add = (_facts: unknown, message?: string) => void lines.push(message ?? "");
  const log = { info: add, warn: add };
  beforeEach(() => {
    lines.length = 0;
  });

  it("begins while the event loop is behind, ends after it, and says each once", async () => {
    const shed = createLoadShedding({
      inFlight: () => 0,
      log,
      sampleMs: 50,
      thresholds: { begin: { delayMs: 20, inFlight: 10 }, end: { delayMs: 19, inFlight: 5 } },
    });
    try {
      const deadline = Date.now() + 20_000;
      while (shed() === undefined && Date.now() < deadline) {
        block(80);
        await sleep(1);
      }
      const seconds = shed();
      assert.ok(seconds !== undefined && seconds >= 1 && seconds <= 5);
      await eventually("nothing is shed", () => shed() === undefined);
      assert.deepEqual(
        lines.map((line) => line.split(":")[0]),
        ["requests are shed", "requests are taken again"],
      );
    } finally {
      shed.close();
    }
  });

  it("begins at once where the queue is too long, and ends once it is short again", async () => {
    let inFlight = 9;
    const quiet = { begin: { delayMs: 60_000, inFlight: 10 }, end: { delayMs: 60_000, inFlight: 5 } };
    const shed = createLoadShedding({ inFlight: () => inFlight, log, sampleMs: 10, thresholds: quiet });
    try {
      assert.equal(shed(), undefined);
      inFlight = 10;
      assert.notEqual(shed(), undefined);
      inFlight = 5;
      await sleep(50);
      assert.notEqual(shed(), undefined);
      inFlight = 4;
      await eventually("nothing is shed", () => shed() === undefined);
    } finally {
      shed.close();
    }
  });
});
