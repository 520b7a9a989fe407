import assert from "node:assert/strict";
import { UserError } from "../sandbox/user-error.ts";
import { attributionOf, groupsBy, tagsNamed } from "./groups.ts";
import { digits, sum } from "./money.ts";
import { shippedLike, stackOf } from "./report.cases.ts";
import { settled } from "./report-rounding.ts";

const stacks = shippedLike.map(settled);
const whole = sum(stacks.map(({ monthly }) => monthly.expected));
const spend = stackOf("staging", [
  { name: "tagged", monthly: 98 },
  { name: "bare", monthly: 2, tags: {} },
  { name: "transfer", monthly: 100, taggable: false },
]);

describe("groups", () => {
  it("of any tags add up to all that is spent, and their shares to 1", () => {
    for (const by of [["CostCenter"], ["Environment"], ["Service", "Environment"], ["Component"], ["Owner", "Stack"]]) {
      const groups = groupsBy(by, stacks);
      assert.ok(sum(groups.map(({ monthly }) => monthly.expected)).equals(whole), by.join());
      assert.equal(
        sum(groups.map(({ share }) => share))
          .toDecimalPlaces(20)
          .toFixed(),
        "1",
      );
      for (const group of groups)
        assert.ok(sum(group.stacks.map(({ monthly }) => monthly.high)).equals(group.monthly.high));
    }
  });

  it("come dearest first, then what has no tag, then what can have none", () => {
    assert.deepEqual(
      groupsBy(["Environment"], stacks).map(({ kind, values }) => [kind, ...values]),
      [["attributed", "production"], ["attributed", "staging"], ["untagged"], ["untaggable"]],
    );
  });

  it("by several tags count as attributed only what bears all of them", () => {
    const half = stackOf("staging", [{ name: "half", monthly: 5, tags: { Owner: "team" } }]);
    assert.deepEqual(
      groupsBy(["Owner", "Service"], [half]).map(({ kind }) => kind),
      ["untagged"],
    );
    assert.deepEqual(
      groupsBy(["Owner"], [half]).map(({ kind }) => kind),
      ["attributed"],
    );
  });

  it("take a tag however its key is written", () => {
    const lower = stackOf("staging", [{ name: "monitor", monthly: 5, tags: { costcenter: "platform" } }]);
    assert.deepEqual(groupsBy(["CostCenter"], [lower])[0]?.values, ["platform"]);
  });

  it("by component divide what cannot be tagged, too", () => {
    assert.ok(
      groupsBy(["Component"], stacks).some(({ values, kind }) => kind === "attributed" && values[0] === "Network"),
    );
  });

  it("of nothing are none", () => {
    assert.deepEqual(groupsBy(["Owner"], [stackOf("staging", [])]), []);
  });
});

describe("attribution", () => {
  it("is measured by spend: of what can bear tags, beside what cannot", () => {
    const { attributedShare, untaggedShare, untaggableShare } = attributionOf(["CostCenter"], [spend]);
    assert.deepEqual([attributedShare, untaggedShare, untaggableShare].map(digits), ["0.98", "0.01", "0.5"]);
  });

  it("lacks nothing where nothing can bear a tag", () => {
    const { attributedShare, untaggableShare } = attributionOf(["Owner"], [stackOf("staging", [])]);
    assert.deepEqual([attributedShare, untaggableShare].map(digits), ["1", "0"]);
  });
});

describe("--group-by", () => {
  it("takes tags in their own or any like spelling, each once", () => {
    assert.deepEqual(tagsNamed("cost-centre,Service, SERVICE", stacks), ["CostCenter", "Service"]);
    assert.deepEqual(tagsNamed("component,stack", stacks), ["Component", "Stack"]);
  });

  it("names the nearest for a tag that no line bears", () => {
    assert.throws(
      () => tagsNamed("Enviroment", stacks),
      (error) =>
        error instanceof UserError && error.exitCode === 2 && error.message.includes('did you mean "Environment"?'),
    );
    assert.throws(() => tagsNamed("", stacks), /--group-by "": choose one of Component, /);
  });
});
