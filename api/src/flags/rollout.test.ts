import assert from "node:assert/strict";
import fc from "fast-check";
import { hasFeature, positionOf } from "./rollout.ts";

const user = fc.string({ minLength: 1, maxLength: 40 });
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const rolledOut = (rolloutPercent: number) => ({ enabled: true, rolloutPercent });

describe("the rollout of a feature", () => {
  it("is the same in every task and in every release", () => {
    assert.deepEqual(
      ["user-1", "user-2", "user-3"].map((userId) => Math.floor(positionOf("new-editor", userId))),
      [15, 56, 1],
    );
  });

  it("takes nothing from one who has it when the percentage rises", () => {
    fc.assert(
      fc.property(user, percent, percent, (userId, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        if (hasFeature("f", rolledOut(less), userId)) assert.ok(hasFeature("f", rolledOut(more), userId));
      }),
    );
  });

  it("is nobody at 0 and everybody at 100", () => {
    fc.assert(
      fc.property(user, (userId) => {
        assert.equal(hasFeature("f", rolledOut(0), userId), false);
        assert.equal(hasFeature("f", rolledOut(100), userId), true);
      }),
    );
  });

  for (const share of [1, 10, 50, 90]) {
    it(`is ${share} % of the users, for ids that differ little`, () => {
      const users = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
      const found = users.filter((userId) => hasFeature("new-editor", rolledOut(share), userId)).length;
      // Four standard deviations of a binomial distribution.
      const spread = 4 * Math.sqrt(users.length * (share / 100) * (1 - share / 100));
      assert.ok(Math.abs(found - (users.length * share) / 100) < spread, String(found));
    });
  }

  it("is spread evenly: each tenth of the positions has a tenth of the users", () => {
    const users = 20_000;
    const tenths = new Map<number, number>();
    for (let index = 0; index < users; index++) {
      const tenth = Math.floor(positionOf("f", `user-${index}`) / 10);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    assert.deepEqual([...tenths.keys()].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // Chi squared with 9 degrees of freedom: above 33.7 once in 10,000.
    const expected = users / 10;
    const chiSquared = [...tenths.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquared < 33.7, String(chiSquared));
  });

  it("is not the same users for every feature", () => {
    const users = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);
    const both = users.filter(
      (userId) => hasFeature("a", rolledOut(50), userId) && hasFeature("b", rolledOut(50), userId),
    );
    assert.ok(Math.abs(both.length - 2_500) < 4 * Math.sqrt(10_000 * 0.25 * 0.75), String(both.length));
  });

  for (const [flag, who, expected] of [
    [{ enabled: false, rolloutPercent: 100, userIds: ["me"] }, "me", false],
    [{ enabled: true }, "me", true],
    [{ enabled: true, userIds: ["me"] }, "me", true],
    [{ enabled: true, userIds: ["me"] }, "you", false],
    [{ enabled: true, userIds: [] }, "me", false],
    [{ enabled: true, userIds: ["me"], rolloutPercent: 0 }, "me", true],
    [{ enabled: true, userIds: ["me"], rolloutPercent: 100 }, "you", true],
  ] as const) {
    it(`is ${expected ? "on" : "off"} for "${who}" by ${JSON.stringify(flag)}`, () => {
      const { userIds, ...rest }: { enabled: boolean; rolloutPercent?: number; userIds?: readonly string[] } = flag;
      assert.equal(hasFeature("f", { ...rest, ...(userIds && { userIds: [...userIds] }) }, who), expected);
    });
  }
});
