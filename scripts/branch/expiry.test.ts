import assert from "node:assert/strict";
import fc from "fast-check";
import { expiryIn, expiryText, renewedExpiry } from "./expiry.ts";

const DAY = 86_400_000;

describe("until when an up keeps a preview", () => {
  const now = new Date("2026-11-20T12:34:56Z");

  it("is a week, to a midnight", () => {
    assert.equal(expiryText(renewedExpiry(undefined, now)), "2026-11-28T00:00:00Z");
  });

  it("stays while half of it is left, and is renewed then", () => {
    const renewed = renewedExpiry(undefined, now);
    for (const [days, expected] of [
      [1, "2026-11-28T00:00:00Z"],
      [3.9, "2026-11-28T00:00:00Z"],
      [4.1, "2026-12-02T00:00:00Z"],
      [30, "2026-12-28T00:00:00Z"],
    ] as const)
      assert.equal(expiryText(renewedExpiry(renewed, new Date(now.getTime() + days * DAY))), expected);
    const far = new Date("2027-06-01T00:00:00Z");
    assert.equal(renewedExpiry(far, now), far);
  });

  it("is never so near that the next days do not know it, and the same for a second up", () => {
    const moments = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(fc.option(moments, { nil: undefined }), moments, (current, now) => {
        const renewed = renewedExpiry(current, now);
        assert.ok(renewed.getTime() - now.getTime() > 3.5 * DAY);
        assert.equal(renewedExpiry(renewed, now).getTime(), renewed.getTime());
      }),
    );
  });

  it("is read from a stack's outputs", () => {
    assert.deepEqual(expiryIn({ expiresAt: "2026-11-28T00:00:00Z" }), new Date("2026-11-28T00:00:00Z"));
    for (const outputs of [undefined, {}, { expiresAt: 7 }, { expiresAt: "soon" }])
      assert.equal(expiryIn(outputs), undefined);
  });
});
