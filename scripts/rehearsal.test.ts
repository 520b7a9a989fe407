import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runOn } from "./branch/command.ts";
import { branchOptions } from "./branch/options.ts";
import type { Surroundings } from "./branch/surroundings.ts";
import type { Engine } from "./engines/engine.ts";
import { openEngine } from "./engines/open-engine.ts";
import { previews, previewsRequest } from "./previews/command.ts";
import { type ReleaseAround, runProof, runRelease, runRollback } from "./release/command.ts";
import { releaseOptions, rollbackOptions } from "./release/options.ts";
import { noteFile, type PracticeRepository, practiceRepository } from "./release/practice-repository.ts";
import type { ReleaseRecord } from "./release/record.ts";
import type { ReleaseOutcome } from "./release/release.ts";

const API = join(import.meta.dirname, "../api");
const DAY = 86_400_000;
const imageOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** What a workflow's job runs, by the functions behind its command, on a repository of its own. One story, in order. */
describe("a change on its way", () => {
  let practice: PracticeRepository;
  let engine: Engine;
  let said: string[];
  before(async () => {
    practice = practiceRepository();
    practice.git("branch", "develop");
    engine = await openEngine({ sandbox: true, root: practice.root });
  });
  beforeEach(() => {
    said = [];
  });
  after(() => practice.remove());

  const around = (): Surroundings & ReleaseAround => ({
    root: practice.root,
    say: (line) => said.push(line),
    answer: () => undefined,
    ask: undefined,
    open: openEngine,
    running: () => Promise.resolve(undefined),
    dropDatabase: () => Promise.reject(new Error("the sandbox has no database to drop")),
    env: {},
  });
  const onBranch = async (command: "preview" | "up" | "down", branch: string) => {
    const options = branchOptions(command, ["--branch", branch, "--sandbox", "--yes"]);
    assert.ok(options);
    return runOn(command, options, around());
  };
  const released = (environment: "staging" | "production", digit: string, version: string): Promise<ReleaseOutcome> => {
    const image = ["--image", imageOf(digit), "--version", version];
    const options = releaseOptions(["--env", environment, ...image, "--sandbox", "--wait", "0"]);
    assert.ok(options?.command === "release");
    return runRelease(options, around());
  };
  const proof = (...more: readonly string[]): Promise<ReleaseRecord> => {
    const options = releaseOptions(["proof", "--env", "staging", "--sandbox", ...more]);
    assert.ok(options?.command === "proof");
    return runProof(options, around());
  };
  const versionOn = async (stack: string): Promise<unknown> => (await engine.outputs(stack))?.["version"];
  const stacks = async (): Promise<string[]> => (await engine.stacks()).map(({ name }) => name).sort();
  /** As a pull request is merged: a commit of its own, whatever there is to merge. */
  const merge = (from: string, into: string): void => {
    practice.git("checkout", "--quiet", into);
    practice.git("merge", "--quiet", "--no-ff", "--no-edit", from);
  };
  const tree = (revision: string): string => practice.git("rev-parse", `${revision}^{tree}`);
  const changed = (branch: string, from: string, files: Readonly<Record<string, string>>): void => {
    practice.git("checkout", "--quiet", "-b", branch, from);
    practice.commit(files);
  };

  it("begins: develop is on staging, and main on production", async () => {
    practice.git("checkout", "--quiet", "develop");
    assert.equal((await released("staging", "1", "1.0.0")).record.result, "good");
    merge("develop", "main");
    assert.equal((await released("production", "1", "1.0.0")).record.result, "good");
    assert.deepEqual([await versionOn("staging"), await versionOn("production")], ["1.0.0", "1.0.0"]);
  });

  it("is a branch with a preview of its own", async () => {
    changed("feature/login", "develop", { "note.ts": noteFile("login") });
    const planned = await onBranch("preview", "feature/login");
    assert.equal(planned.result, "succeeded");
    assert.ok(planned.run?.steps.every(({ op }) => op === "create"));
    const { result, target } = await onBranch("up", "feature/login");
    assert.deepEqual([result, target.environment], ["succeeded", "preview"]);
    assert.deepEqual(await stacks(), [target.stack, "production", "staging"].sort());
    assert.deepEqual([await versionOn(target.stack), await versionOn("staging")], ["none", "1.0.0"]);
  });

  it("is merged to develop, and staging runs it after its smoke", async () => {
    merge("feature/login", "develop");
    const { record } = await released("staging", "2", "2.0.0");
    assert.deepEqual([record.result, record.smoke?.passed, record.previousGood?.version], ["good", true, "1.0.0"]);
    assert.deepEqual([record.tree, record.commit], [tree("develop"), practice.git("rev-parse", "develop")]);
    assert.equal(await versionOn("staging"), "2.0.0");
  });

  it("is promoted to production: the proven tree and image in another commit, and no other image", async () => {
    merge("develop", "main");
    assert.equal(tree("main"), tree("develop"));
    assert.notEqual(practice.git("rev-parse", "main"), practice.git("rev-parse", "develop"));
    assert.equal((await proof()).imageDigest, imageOf("2"));
    await assert.rejects(proof("--image", imageOf("3")), /staging ran this git tree with the image/);
    await assert.rejects(released("production", "3", "3.0.0"), /staging ran this git tree with the image/);
    const { record } = await released("production", "2", "2.0.0");
    assert.deepEqual([record.result, record.previousGood?.version], ["good", "1.0.0"]);
    assert.ok(said.some((line) => line.startsWith("proven on staging by 2.0.0")));
  });

  it("is followed by one that is bad in production alone, which is rolled back by itself", async () => {
    practice.git("checkout", "--quiet", "-b", "feature/slip", "develop");
    // Its API is another: in production it is not the commit that it should be.
    rmSync(join(practice.root, "api"));
    mkdirSync(join(practice.root, "api/src/migrations"), { recursive: true });
    symlinkSync(join(API, "src/migrations/steps"), join(practice.root, "api/src/migrations/steps"));
    const own = (file: string): string => pathToFileURL(join(API, "src", file)).href;
    practice.commit({
      "api/src/main.ts":
        'if (process.env["MONGODB_DATABASE"]?.endsWith("production")) process.env["COMMIT"] = "0000000";\n' +
        `await import("${own("main.ts")}");\n`,
      "api/src/migrate.ts": `await import("${own("migrate.ts")}");\n`,
    });
    merge("feature/slip", "develop");
    assert.equal((await released("staging", "3", "3.0.0")).record.result, "good");
    merge("develop", "main");
    const { record, rollback } = await released("production", "3", "3.0.0");
    assert.equal(record.failure?.step, "smoke");
    assert.match(record.failure.reason, /^heartbeat: commit 0000000 runs, not [0-9a-f]{40}$/);
    assert.deepEqual([rollback?.version, rollback?.result, rollback?.smoke?.passed], ["2.0.0", "good", true]);
    assert.equal(await versionOn("production"), "2.0.0");
    assert.equal(practice.git("worktree", "list").split("\n").length, 1);
  });

  it("is rolled back on staging too, by hand, so that nobody promotes it again", async () => {
    const options = rollbackOptions(["--env", "staging", "--sandbox", "--yes"]);
    assert.ok(options);
    const record = await runRollback(options, around());
    assert.deepEqual([record?.version, record?.result, record?.rolledBackFrom?.version], ["2.0.0", "good", "3.0.0"]);
    assert.equal(await versionOn("staging"), "2.0.0");
    await assert.rejects(released("production", "3", "3.0.0"), /staging rolled this release back/);
    assert.equal(await versionOn("production"), "2.0.0");
  });

  it("ends with its branch: the preview is taken down, and one that was forgotten is swept", async () => {
    practice.git("checkout", "--quiet", "develop");
    const forgotten = (await onBranch("up", "feature/idea")).target.stack;
    assert.equal((await onBranch("down", "feature/login")).result, "succeeded");
    assert.deepEqual(await stacks(), [forgotten, "production", "staging"].sort());
    const inDays = (days: number): Date => new Date(Date.now() + days * DAY);
    const sweep = async (now: Date): Promise<0 | 1> => {
      const request = previewsRequest(["sweep", "--older-than", "7d", "--yes", "--sandbox"]);
      assert.ok(request);
      return previews(request, around(), now);
    };
    assert.equal(await sweep(inDays(6)), 0);
    assert.ok((await stacks()).includes(forgotten));
    assert.equal(await sweep(inDays(8)), 0);
    assert.deepEqual(await stacks(), ["production", "staging"]);
  });
});
