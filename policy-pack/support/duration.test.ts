import assert from "node:assert/strict";
import { hoursOf } from "./duration.ts";

describe("hours of a duration", () => {
  for (const [text, hours] of [
    ["8h", 8],
    ["30m", 0.5],
    ["1h30m", 1.5],
    ["24h0m0s", 24],
    ["2d", 48],
    ["1w", 168],
    ["1mo", 720],
    ["3600000ms", 1],
  ] as const)
    it(text, () => {
      assert.equal(hoursOf(text), hours);
    });

  for (const text of ["", "forever", "8", "8 hours", "h", "-8h"])
    it(`none in ${JSON.stringify(text)}`, () => {
      assert.equal(hoursOf(text), undefined);
    });
});
