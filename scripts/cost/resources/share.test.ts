import assert from "node:assert/strict";
import { between } from "../range.ts";
import { shareOf } from "./share.ts";

const whole = { ...between(30, 60, 90), what: "GB pass", why: "In a test." };

describe("a share of an assumption", () => {
  it("is an equal part, in the price's unit, and says so", () => {
    const { quantity, assumption } = shareOf(whole, 3, 10);
    assert.deepEqual([quantity.low.toFixed(), quantity.expected.toFixed(), quantity.high.toFixed()], ["1", "2", "3"]);
    assert.match(assumption, /^60 GB pass \(30 to 90\)\. In a test\. Shared by 3\.$/);
  });

  it("is all of it for one, and for none", () => {
    for (const sharers of [0, 1]) {
      assert.equal(shareOf(whole, sharers).quantity.expected.toFixed(), "60");
      assert.doesNotMatch(shareOf(whole, sharers).assumption, /Shared/);
    }
  });
});
