import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedStep } from "../engines/engine.ts";
import { cloudDirectory } from "../sandbox/cli/paths.ts";
import { recordOutsideChange } from "../sandbox/cloud/outside-changes.ts";
import { sandboxWho } from "./sandbox-who.ts";

describe("who changed the sandbox's cloud", () => {
  let state = "";
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "drift-who-"));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  const step = (urn: string, ...changed: string[]): PlannedStep => ({
    op: "update",
    urn,
    type: "aws:s3/bucket:Bucket",
    changed,
    replaces: [],
  });
  const actions = async (given: PlannedStep): Promise<string[]> =>
    (await sandboxWho(state)).changedBy(given).map(({ action }) => action);

  it("is nobody where nothing was changed by hand", async () => {
    assert.deepEqual(await actions(step("urn:a", "tags.Owner")), []);
  });

  it("is whoever last changed the resource's drifted properties, newest first", async () => {
    const directory = cloudDirectory(state);
    const paths = ["tags.Owner", "tags", "policy", "tags.Owner", "tagsAll", "tags.Owner"];
    for (const [index, path] of paths.entries())
      await recordOutsideChange(directory, { time: `2026-11-2${index}T00:00:00.000Z`, urn: "urn:a", path });
    await recordOutsideChange(directory, { time: "2026-11-27T00:00:00.000Z", urn: "urn:b", path: "tags.Owner" });
    appendFileSync(join(directory, "outside-changes.jsonl"), '{"time":"2026-\n["tags"]\n');
    assert.deepEqual(await actions(step("urn:a", "tags.Owner")), [
      "drift set tags.Owner",
      "drift set tags.Owner",
      "drift set tags",
    ]);
    assert.deepEqual(await actions(step("urn:a", "policy")), ["drift set policy"]);
    assert.deepEqual(await actions(step("urn:a", "acl")), []);
    const [last] = (await sandboxWho(state)).changedBy(step("urn:b", "tags"));
    assert.equal(last?.time, "2026-11-27T00:00:00.000Z");
    assert.ok(last.by.length > 0);
  });
});
