import assert from "node:assert/strict";
import { unknown } from "../../test/resource.ts";
import { lastDayOf, outOfSupport } from "./lifecycle.ts";

const LIFECYCLE = { "5": "2026-01-31", "6": "2027-01-31", "7.0": "2028-01-31", "10": "2029-01-31" };

describe("lastDayOf", () => {
  for (const [version, expected] of [
    ["5.0.6", "2026-01-31"],
    ["6.x", "2027-01-31"],
    ["7.0.5", "2028-01-31"],
    ["7.1", undefined],
    ["1", undefined],
    ["10.2", "2029-01-31"],
    ["", undefined],
  ] as const)
    it(`of "${version}" is ${expected ?? "not set"}`, () => {
      assert.equal(lastDayOf(version, LIFECYCLE), expected);
    });
});

describe("outOfSupport", () => {
  const on = (value: string | number | undefined, today: string): readonly string[] =>
    outOfSupport({ property: "engineVersion", value }, LIFECYCLE, "example.com", today).map((finding) =>
      "fix" in finding ? `${finding.wrong}. ${finding.fix}` : "unknown",
    );

  it("passes on the last day, and fails on the next", () => {
    assert.deepEqual(on("5.0.6", "2026-01-31"), []);
    assert.deepEqual(on("5.0.6", "2026-02-01"), [
      'it is "5.0.6", whose support ended on 2026-01-31 (example.com). set engineVersion to a supported version, 6 or newer',
    ]);
  });

  it("names no version where none is known to be supported", () => {
    assert.match(on(10, "2030-01-01")[0] ?? "", /to a supported version$/);
  });

  it("passes what is absent or has no date", () => {
    assert.deepEqual(on(undefined, "2030-01-01"), []);
    assert.deepEqual(on("11.4", "2030-01-01"), []);
  });

  it("cannot decide about an unknown version", () => {
    assert.deepEqual(outOfSupport({ property: "v", value: unknown }, LIFECYCLE, "example.com"), [
      { property: "v", unknown },
    ]);
  });
});
