import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { dataStores, statefulTypes } from "../../infra/settings/recovery.ts";
import type { PlannedStep } from "../engines/engine.ts";
import { OPERATIONS } from "../sandbox/cli/display/operations.ts";
import { judgeLosses, type Loss, lossesIn } from "./losses.ts";
import { lossMarkdown, lossText } from "./words.ts";

const MEDIA =
  "urn:pulumi:production::groundwork::groundwork:app:Media$groundwork:data:PrivateBucket$aws:s3/bucket:Bucket::groundwork-production-media-objects";
const QUEUE = "urn:pulumi:production::groundwork::aws:sns/topic:Topic::alarms";
const TABLE = "urn:pulumi:production::groundwork::aws:dynamodb/table:Table::new-here";

const step = (op: PlannedStep["op"], urn: string, replaces: readonly string[] = []): PlannedStep => ({
  op,
  urn,
  type: urn.split("::")[2]?.split("$").at(-1) ?? "",
  changed: replaces,
  replaces,
});
const lossesOf = (...steps: readonly PlannedStep[]): readonly Loss[] => lossesIn({ stack: "production", steps });

describe("what a run loses", () => {
  it("is a store of data that is deleted or replaced, with its cause and its backup", () => {
    const [loss, ...others] = lossesOf(step("delete", QUEUE), step("replace", MEDIA, ["bucket"]));
    assert.deepEqual(others, []);
    assert.ok(loss);
    assert.deepEqual(
      { op: loss.op, name: loss.name, causes: loss.causes, lost: loss.lost },
      { op: "replace", name: "groundwork-production-media-objects", causes: ["bucket"], lost: dataStores.media.holds },
    );
    assert.ok(loss.backup.startsWith(dataStores.media.coveredBy));
    assert.ok(loss.backup.includes(dataStores.media.recovery.production.time));
  });

  it("counts the halves of a replacement once, in any order", () => {
    const halves = (["create-replacement", "replace", "delete-replaced"] as const).map((op) =>
      step(op, MEDIA, op === "replace" ? ["bucket"] : []),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(halves, { minLength: 3 }), (steps) => {
        const losses = lossesOf(...steps);
        assert.deepEqual(
          losses.map(({ urn, op, causes }) => ({ urn, op, causes })),
          [{ urn: MEDIA, op: "replace", causes: ["bucket"] }],
        );
      }),
    );
  });

  it("is nothing where nothing goes", () => {
    for (const op of Object.keys(OPERATIONS) as PlannedStep["op"][])
      if (!/delete|replace/.test(op) || ["remove-pending-replace", "read-replacement", "discard-replaced"].includes(op))
        assert.deepEqual(lossesOf(step(op, MEDIA)), [], op);
  });

  it("takes a type that holds data seriously where no store says what it holds", () => {
    const [loss] = lossesOf(step("delete", TABLE));
    assert.match(loss?.lost ?? "", /no data store/);
    assert.match(loss?.backup ?? "", /^none/);
  });

  it("knows every type that holds data, and each resource on record", () => {
    for (const type of statefulTypes)
      assert.equal(lossesOf(step("delete", `urn:pulumi:production::groundwork::${type}::x`)).length, 1, type);
    for (const stack of ["staging", "production"]) {
      const file = join(import.meta.dirname, "..", "identities", `${stack}.json`);
      const recorded = JSON.parse(readFileSync(file, "utf8")) as { urn: string; type: string }[];
      const losses = lossesIn({ stack, steps: recorded.map(({ urn }) => step("delete", urn)) });
      assert.equal(losses.length, recorded.length);
      assert.deepEqual(
        losses.filter(({ lost }) => lost.includes("no data store")),
        [],
        "infra/settings/recovery.ts says what each of them holds",
      );
    }
  });
});

describe("losses and what was named", () => {
  const losses = lossesOf(step("replace", MEDIA, ["bucket"]), step("delete", TABLE));

  it("stops until each one is named by its URN", () => {
    assert.equal(judgeLosses(losses, []).stopping.length, 2);
    assert.deepEqual(
      judgeLosses(losses, [MEDIA]).stopping.map(({ urn }) => urn),
      [TABLE],
    );
    assert.deepEqual(judgeLosses(losses, [MEDIA, TABLE, QUEUE]), { stopping: [], allowed: losses, idle: [QUEUE] });
    assert.equal(judgeLosses(losses, ["groundwork-production-media-objects", "*"]).stopping.length, 2);
  });

  it("says what, why, what is lost, and which backup, in 80 columns", () => {
    const lines = lossText(judgeLosses(losses, [TABLE]));
    assert.deepEqual(lines.slice(0, 6), [
      "allowed: delete new-here",
      "stopped: 1 resource would be lost",
      "",
      "  replace groundwork-production-media-objects",
      "    type     aws:s3/bucket:Bucket",
      "    because  bucket cannot be changed in place",
    ]);
    assert.ok(lines.includes(`  --allow-destroy '${MEDIA}'`));
    for (const line of lines) assert.ok(line.length <= 80 || line.includes("urn:pulumi:"), line);
    assert.deepEqual(lossText(judgeLosses([], [])), []);
  });

  it("writes the same for a pull request, as text whatever a name looks like", () => {
    const evil = "urn:pulumi:production::groundwork::aws:s3/bucket:Bucket::<img>|@team";
    const table = lossMarkdown(judgeLosses(lossesOf(step("delete", evil)), []));
    assert.match(table, /^\| operation \| resource \| because \| what is lost \| backup \| meant \|/);
    assert.doesNotMatch(table, /<img>|@team/);
    assert.equal(lossMarkdown(judgeLosses([], [])), "");
  });
});
