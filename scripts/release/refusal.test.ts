import assert from "node:assert/strict";
import type { EngineRun } from "../engines/engine.ts";
import { lossRefusal } from "./refusal.ts";

const type = "aws:s3/bucket:Bucket";
const urn = `urn:pulumi:staging::groundwork::groundwork:media:Media$${type}::groundwork-staging-media-objects`;
const run: EngineRun = {
  stack: "staging",
  result: "succeeded",
  steps: [{ op: "replace", urn, type, changed: ["bucket"], replaces: ["bucket"] }],
  findings: [],
  errors: [],
};

describe("what a release must not lose", () => {
  it("stops it, with what would go and how it is meant, until it is named", () => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    assert.equal(lossRefusal(run, [], say), "1 resource that holds data would be lost, and nothing was changed");
    assert.ok(
      said.some((line) => line.includes(`--allow-destroy '${urn}'`)),
      said.join("\n"),
    );
    assert.equal(lossRefusal(run, [urn], say), undefined);
    assert.equal(lossRefusal({ ...run, steps: [] }, [], say), undefined);
  });
});
