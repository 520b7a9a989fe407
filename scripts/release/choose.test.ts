import assert from "node:assert/strict";
import fc from "fast-check";
import { blockersOf, lastGood, type Proposed, rollbackTarget, running, stagingProof } from "./choose.ts";
import { practiceName, practiceRecord as record, practiceTree } from "./practice-records.ts";
import type { ReleaseRecord } from "./record.ts";

const bad = (version: string, step: "migrate" | "up" | "smoke" = "smoke"): ReleaseRecord =>
  record(version, { result: "failed", failure: { step, reason: "it was bad" } });
const back = (to: string, from: string): ReleaseRecord => record(to, { rolledBackFrom: practiceName(from) });

describe("which release a rollback brings back", () => {
  const cases: Readonly<Record<string, { records: ReleaseRecord[]; to?: string; chosen: string | RegExp }>> = {
    "the last known good, not the one before": { records: [record("1"), bad("2"), bad("3")], chosen: "1" },
    "the newest good of several": { records: [record("1"), record("2"), bad("3")], chosen: "2" },
    "another than what runs, though that is good": { records: [record("1"), record("2")], chosen: "1" },
    "another than what runs, though its smoke once passed": {
      records: [record("1"), record("2"), bad("2")],
      chosen: "1",
    },
    "none that somebody has rolled back": {
      records: [record("1"), record("2"), record("3"), back("2", "3")],
      chosen: "1",
    },
    "one that was rolled back, and released again since": {
      records: [record("1"), record("2"), back("1", "2"), record("2"), bad("3")],
      chosen: "2",
    },
    "what ran before a migration that failed": {
      records: [record("1"), record("2"), bad("3", "migrate")],
      chosen: "1",
    },
    "the same again where its up broke off": { records: [record("1"), record("2"), bad("2", "up")], chosen: "2" },
    "one by its version": { records: [record("1"), record("2"), record("3")], to: "1", chosen: "1" },
    "one by its version, though it was rolled back": {
      records: [record("1"), record("2"), back("1", "2")],
      to: "2",
      chosen: "2",
    },
    "nothing without a record": { records: [], chosen: /no record/ },
    "nothing where there is one good release": { records: [record("1"), record("1")], chosen: /no good release but 1/ },
    "nothing by a version that failed": {
      records: [record("1"), bad("2")],
      to: "2",
      chosen: /2 never passed its smoke/,
    },
    "nothing by a version that runs": { records: [record("1"), record("2")], to: "2", chosen: /2 is what runs/ },
    "nothing by a version that nobody knows": {
      records: [record("1"), record("2")],
      to: "9",
      chosen: /no release 9 here; good ones, newest first: 2, 1$/,
    },
  };
  for (const [title, { records, to, chosen }] of Object.entries(cases))
    it(title, () => {
      const choice = rollbackTarget(records, to);
      if (typeof chosen === "string") assert.equal("target" in choice && choice.target.version, chosen);
      else assert.match("reason" in choice ? choice.reason : "", chosen);
    });

  it("is a good one, and never what runs, whatever happened before", () => {
    const version = fc.constantFrom("1", "2", "3", "4");
    const any = fc.oneof(
      version.map((one) => () => record(one)),
      fc.tuple(version, fc.constantFrom("migrate" as const, "smoke" as const)).map(
        ([one, step]) =>
          () =>
            bad(one, step),
      ),
      fc.tuple(version, version).map(
        ([to, from]) =>
          () =>
            back(to, from),
      ),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (made) => {
        const records = made.map((make) => make());
        const choice = rollbackTarget(records);
        if ("reason" in choice) return;
        assert.equal(choice.target.result, "good");
        assert.notEqual(choice.target.commit, running(records)?.commit);
        const later = records.slice(records.indexOf(choice.target) + 1);
        assert.ok(later.every(({ rolledBackFrom }) => rolledBackFrom?.commit !== choice.target.commit));
      }),
    );
  });

  it("knows what runs, and what was last good", () => {
    const records = [record("1"), bad("2", "migrate"), bad("3", "up"), bad("4", "migrate")];
    assert.equal(running(records)?.version, "3");
    assert.equal(lastGood(records)?.version, "1");
  });
});

describe("migrations in the way of a rollback", () => {
  const index = { fileName: "1-index.ts" };
  const dropped = { fileName: "2-drop.ts", irreversible: "the field is gone" };
  it("are those that cannot be undone and that the target does not know", () => {
    const target = record("1", { migrations: [index] });
    assert.deepEqual(blockersOf([target, record("2", { migrations: [index, { fileName: "2-more.ts" }] })], target), []);
    assert.deepEqual(blockersOf([target, record("2", { migrations: [index, dropped] })], target), [
      { fileName: "2-drop.ts", reason: "the field is gone" },
    ]);
  });
  it("stay in the way after another rollback, and after a release that failed", () => {
    const target = record("1", { migrations: [index] });
    const failed = record("2", { migrations: [dropped], result: "failed", failure: { step: "smoke", reason: "no" } });
    assert.equal(blockersOf([target, failed, back("1", "2")], target).length, 1);
  });
});

describe("what production takes", () => {
  const proposed = { tree: practiceTree("1"), imageDigest: practiceName("1").imageDigest };
  const cases: Readonly<Record<string, { records: ReleaseRecord[]; proposed?: Proposed; says: RegExp | undefined }>> = {
    "a tree and digest that passed on staging": { records: [record("1")], says: undefined },
    "a tree alone, with the image that passed": {
      records: [record("1"), record("1", { ...bad("1"), imageDigest: practiceName("2").imageDigest })],
      proposed: { tree: proposed.tree },
      says: undefined,
    },
    "the same tree in another commit": {
      records: [record("1", { commit: practiceName("merge").commit })],
      says: undefined,
    },
    "one that failed once and passed since": { records: [bad("1"), record("1")], says: undefined },
    "no tree that staging never ran": { records: [record("2")], says: /never ran the git tree/ },
    "no other image of the same tree": {
      records: [record("1", { imageDigest: practiceName("2").imageDigest })],
      says: /with the image sha256:.*, not sha256:/,
    },
    "nothing that failed last": { records: [record("1"), bad("1")], says: /failed on staging on 2026-/ },
    "nothing that staging rolled back": { records: [record("1"), back("0", "1")], says: /rolled this release back/ },
  };
  for (const [title, { records, proposed: asked = proposed, says }] of Object.entries(cases))
    it(title, () => {
      const proven = stagingProof(records, asked);
      if (says === undefined) assert.equal("proof" in proven && proven.proof.imageDigest, proposed.imageDigest);
      else assert.match("reason" in proven ? proven.reason : "", says);
    });
});
