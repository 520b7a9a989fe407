import assert from "node:assert/strict";
import { availabilityTarget, burnQuery, burnRows } from "./slos.ts";

const hours: Readonly<Record<string, number>> = { m: 1 / 60, h: 1 };
const hoursOf = (window: string): number => Number(window.slice(0, -1)) * (hours[window.slice(-1)] ?? Number.NaN);

describe("the alerts on the objective", () => {
  it("use up 2 per cent of the month's errors in an hour, and 10 in a day", () => {
    const used = Object.values(burnRows).map(({ rate, longWindow }) => (100 * rate * hoursOf(longWindow)) / (30 * 24));
    assert.deepEqual(used.map(Math.round), [2, 10]);
  });

  it("end soon after the trouble: the short window is a twelfth of the long one", () => {
    for (const { longWindow, shortWindow } of Object.values(burnRows))
      assert.ok(Math.abs(hoursOf(longWindow) / hoursOf(shortWindow) - 12) < 0.01, longWindow);
  });

  it("ask for a rate that can be reached", () => {
    for (const { rate } of Object.values(burnRows)) assert.ok(rate <= 1 / (1 - availabilityTarget / 100));
  });

  it("name the objective, the time, and both windows", () => {
    assert.equal(
      burnQuery("abc", burnRows["api-availability-fast-burn"]),
      'burn_rate("abc").over("30d").long_window("1h").short_window("5m") > 14.4',
    );
  });
});
