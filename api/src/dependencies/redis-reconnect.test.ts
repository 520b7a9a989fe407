import assert from "node:assert/strict";
import { reconnectDelayMs } from "./redis-reconnect.ts";

describe("the delay before redis is connected again", () => {
  const shortest = () => 0;
  const longest = () => 1;

  it("doubles up to two seconds", () => {
    assert.deepEqual(
      [0, 1, 2, 5, 6, 1_000].map((attempt) => reconnectDelayMs(attempt, longest)),
      [50, 100, 200, 1_600, 2_000, 2_000],
    );
  });

  it("is at least half of that, so that a server that comes back is not flooded", () => {
    assert.deepEqual(
      [0, 6].map((attempt) => reconnectDelayMs(attempt, shortest)),
      [25, 1_000],
    );
  });
});
