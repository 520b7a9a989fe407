import assert from "node:assert/strict";
import { minutesAfter } from "./hours.ts";

describe("minutes after a time of day", () => {
  for (const [time, minutes, later] of [
    ["06:00", 30, "06:30"],
    ["06:45", 30, "07:15"],
    ["23:45", 30, "00:15"],
  ] as const)
    it(`${time} and ${minutes} are ${later}`, () => {
      assert.equal(minutesAfter(time, minutes), later);
    });
});
