import assert from "node:assert/strict";
import { openEngine } from "../engines/open-engine.ts";
import { runOn } from "./command.ts";
import { type BranchCommand, branchOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { type SmallProject, smallProject } from "./small-project.ts";
import { bucketUrn } from "./told-engine.ts";

describe("preview, up, and down in the sandbox", function () {
  this.timeout(60_000);
  let project: SmallProject;
  const said: string[] = [];
  before(() => {
    project = smallProject();
  });
  after(() => project.remove());

  async function run(command: BranchCommand, ...args: readonly string[]): Promise<Outcome> {
    said.length = 0;
    const given = ["--sandbox", "--state-dir", project.stateDirectory, ...args];
    const options = branchOptions(command, given, () => "fix-login");
    assert.ok(options);
    return runOn(command, options, {
      root: project.root,
      say: (line) => said.push(line),
      answer: () => undefined,
      ask: undefined,
      open: openEngine,
      running: () => Promise.resolve(undefined),
      dropDatabase: () => Promise.reject(new Error("the sandbox has none")),
    });
  }

  it("brings a branch's stack up and takes it down, with nothing left of it", async () => {
    const { result, run: ran, outputs } = await run("up", "--yes");
    assert.deepEqual([result, ran?.errors], ["succeeded", []]);
    assert.deepEqual(outputs, {
      apiUrl: "https://preview-fix-login.example.org",
      databaseName: "preview-fix-login",
    });
    assert.ok(said.includes("  +  groundwork-preview-fix-login-media-objects Bucket"));
    assert.ok(said.includes("3 to create"), said.join("\n"));
    assert.equal(said.at(-1), "preview-fix-login is up: 3 created");

    assert.equal((await run("down", "--yes")).result, "succeeded");
    assert.ok(said.includes("the sandbox keeps no database: there is none to drop"));
    assert.equal(said.at(-1), "preview-fix-login is down: 3 deleted");
    const engine = await openEngine({ sandbox: true, root: project.root, stateDirectory: project.stateDirectory });
    assert.deepEqual(await engine.stacks(), []);
  });

  it("stops what would replace production's data, until it is named", async () => {
    assert.equal((await run("up", "--stack", "production", "--yes")).result, "succeeded");
    project.change({ bucket: "two", media: true });
    const { result, losses } = await run("preview", "--stack", "production");
    assert.equal(result, "stopped");
    assert.deepEqual(
      losses.stopping.map(({ urn, op, causes }) => ({ urn, op, causes })),
      [{ urn: bucketUrn("production"), op: "replace", causes: ["bucket"] }],
    );
    const allowed = ["--allow-destroy", bucketUrn("production")];
    assert.equal((await run("up", "--stack", "production", "--yes", ...allowed)).result, "succeeded");
    assert.equal(said.at(-1), "production is up: 1 replaced");
  });
});
