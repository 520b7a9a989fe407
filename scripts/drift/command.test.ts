import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engines/engine.ts";
import { sandboxEngine } from "../engines/sandbox-engine.ts";
import { setDrift } from "../sandbox/cli/commands/drift.ts";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { PROJECT, STACK } from "../sandbox/end-to-end/workshop.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";
import { driftCommand, type DriftSurroundings } from "./command.ts";
import type { DriftIssue } from "./issue.ts";
import type { DriftReport } from "./report.ts";
import { sandboxWho } from "./sandbox-who.ts";

const target: Target = {
  project: "groundwork",
  stack: "staging",
  environment: "staging",
  accountId: "111122223333",
  region: "us-east-1",
  domain: "example.org",
  apiUrl: "https://api.example.org",
};

function surroundings(engine: Engine, over: Partial<DriftSurroundings> = {}) {
  const printed: string[] = [];
  const given: DriftSurroundings = {
    colors: noColors,
    print: (text) => printed.push(text),
    target: (stack) => ({ ...target, stack }),
    openEngine: () => Promise.resolve(engine),
    who: () => Promise.resolve({ changedBy: () => [], lookups: () => [] }),
    ...over,
  };
  return { printed, given };
}

describe("npm run drift", () => {
  let stateDirectory = "";
  let engine: Engine;
  before(async () => {
    stateDirectory = mkdtempSync(join(tmpdir(), "drift-"));
    engine = sandboxEngine({ root: PROJECT, stateDirectory });
    assert.deepEqual((await engine.up(STACK, { skipPreview: true })).errors, []);
  });
  after(() => rmSync(stateDirectory, { recursive: true, force: true }));

  const run = async (...args: string[]) => {
    const { printed, given } = surroundings(engine, { who: () => sandboxWho(stateDirectory) });
    const code = await driftCommand(["--sandbox", "--stack", STACK, ...args], given);
    return { code, text: printed.join("\n") };
  };

  it("finds nothing where the cloud is as the state says", async () => {
    assert.deepEqual(await run(), { code: 0, text: `${STACK}: no drift` });
    const { text } = await run("--format", "issue");
    assert.equal((JSON.parse(text) as DriftIssue).open, false);
  });

  it("says what drifted, who did it, and how to go on; and changes nothing", async () => {
    const { steps } = await engine.previewDestroy(STACK);
    const bucket = steps.find(({ type }) => type === "aws:s3/bucket:Bucket");
    assert.ok(bucket);
    await setDrift({ cwd: PROJECT, stateDir: stateDirectory }, bucket.urn, "tags.Step", "by hand");

    const { code, text } = await run();
    assert.equal(code, 1);
    assert.match(text, /tags\.Step +"1" +"by hand"/);
    assert.match(text, /likely by \S+.*: drift set tags\.Step/);
    assert.match(text, /npm run sandbox -- refresh --stack dev\n {2}npm run up -- --stack dev --sandbox/);

    const report = JSON.parse((await run("--json")).text) as DriftReport;
    assert.deepEqual(
      report.resources.map(({ urn, properties }) => ({ urn, properties })),
      [{ urn: bucket.urn, properties: [{ path: "tags.Step", was: '"1"', is: '"by hand"' }] }],
    );
    const issue = JSON.parse((await run("--format", "issue")).text) as DriftIssue;
    assert.equal(issue.open, true);
    assert.equal(issue.body, `${issue.marker}\n\n${(await run("--format", "markdown")).text}`);
  });

  it("masks what is secret, in every format", async () => {
    const { steps } = await engine.previewDestroy(STACK);
    const secret = steps.find(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion");
    assert.ok(secret);
    await setDrift({ cwd: PROJECT, stateDir: stateDirectory }, secret.urn, "secretString", "nobody-sees-this");
    for (const format of ["table", "json", "markdown", "issue"]) {
      const { text } = await run("--format", format);
      assert.match(text, /secretString/);
      assert.ok(!/nobody-sees-this|worth-1/.test(text), text);
    }
  });

  const none: Engine = new Proxy({} as Engine, { get: () => () => assert.fail("the engine was asked") });
  const wrong: readonly [args: readonly string[], says: RegExp][] = [
    [["--format", "xml"], /"xml" is no format: there are table, json, markdown, issue/],
    [["--format", "constructor"], /is no format/],
    [["--state-dir", "x"], /add --sandbox/],
    [["--verbose"], /^there is no option --verbose: choose one of format, help/],
    [["staging"], /Unexpected argument 'staging'/],
  ];
  for (const [args, says] of wrong)
    it(`refuses ${JSON.stringify(args.join(" "))}, before anything is asked`, async () => {
      await assert.rejects(
        driftCommand(args, surroundings(none).given),
        (error) => error instanceof UserError && error.exitCode === 2 && says.test(error.message),
      );
    });

  it("does not take a failed comparison for no drift", async () => {
    const failing: Engine = {
      ...none,
      previewRefresh: (stack) =>
        Promise.resolve({ stack, result: "failed", steps: [], findings: [], errors: ["no access to us-east-1"] }),
    };
    const { given, printed } = surroundings(failing);
    await assert.rejects(
      driftCommand(["--json"], given),
      (error) => error instanceof UserError && error.exitCode === 1 && error.message.includes("no access to us-east-1"),
    );
    assert.deepEqual(printed, []);
  });

  it("is a command with help, and one line for a stack that is none", () => {
    const drift = (...args: string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, "../drift.ts"), ...args], { encoding: "utf8" });
    const help = drift("--help");
    assert.equal(help.status, 0);
    assert.ok(help.stdout.split("\n").every((line) => line.length <= 80));
    const { status, stderr } = drift("--stack", "qa", "--sandbox");
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^drift: [^\n]*qa[^\n]*\n$/);
  });
});
