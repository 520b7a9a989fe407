import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { practiceName } from "../release/practice-records.ts";
import { configOf, releaseText } from "../release/record.ts";
import { UserError } from "../sandbox/user-error.ts";
import { runOn } from "./command.ts";
import { type BranchCommand, branchOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { Surroundings } from "./surroundings.ts";
import { usage } from "../previews/command.ts";
import { usageOf } from "./usage.ts";
import { bucketStep, bucketUrn, type Told, toldEngine } from "./told-engine.ts";

const ROOT = join(import.meta.dirname, "../..");

/** One run of a command, on an engine that does what it is told. */
class Run {
  readonly said: string[] = [];
  readonly questions: string[] = [];
  readonly asked: readonly string[];
  readonly #around: Surroundings;

  constructor(told: Told, answers?: readonly string[], dropDatabase?: Surroundings["dropDatabase"]) {
    const { engine, asked } = toldEngine(told);
    this.asked = asked;
    this.#around = {
      root: ROOT,
      say: (line) => this.said.push(line),
      answer: () => undefined,
      ask: answers && ((question) => Promise.resolve(answers[this.questions.push(question) - 1] ?? "")),
      open: () => Promise.resolve(engine),
      running: () => Promise.resolve(undefined),
      dropDatabase:
        dropDatabase ??
        (({ stack }) => {
          asked.push(`drop ${stack}`);
          return Promise.resolve();
        }),
    };
  }

  async of(command: BranchCommand, ...args: readonly string[]): Promise<Outcome> {
    const options = branchOptions(command, args, () => "fix-login");
    assert.ok(options);
    return runOn(command, options, this.#around);
  }
}

const replaced = (stack: string): Told => ({ stacks: [stack], change: { steps: [bucketStep(stack, "replace")] } });
const deleted = (stack: string): Told => ({ stacks: [stack], destroy: { steps: [bucketStep(stack, "delete")] } });

describe("preview, up, and down", () => {
  it("keep the release that an environment runs, and give a preview none", async () => {
    const { engine, configs } = toldEngine({ stacks: ["staging"] });
    const said: string[] = [];
    const around: Surroundings = {
      root: ROOT,
      say: (line) => said.push(line),
      answer: () => undefined,
      ask: undefined,
      open: () => Promise.resolve(engine),
      running: (_engine, { environment }) =>
        Promise.resolve(environment === "preview" ? undefined : practiceName("1.4.0")),
      dropDatabase: () => Promise.resolve(),
    };
    for (const args of [
      ["--stack", "staging", "--yes"],
      ["--stack", "preview-login", "--yes"],
    ]) {
      const options = branchOptions("up", args, () => "login");
      assert.ok(options);
      assert.equal((await runOn("up", options, around)).result, "succeeded");
    }
    assert.deepEqual(configs.slice(0, 2), [configOf(practiceName("1.4.0")), configOf(practiceName("1.4.0"))]);
    assert.deepEqual(Object.keys(configs[2] ?? {}), ["expiresAt"]);
    assert.ok(said.includes(`  keeps release ${releaseText(practiceName("1.4.0"))}`));
  });

  it("say account, region, and stack before anything is asked of an account", async () => {
    for (const [args, expected] of [
      [
        [],
        [
          "stack preview-fix-login (preview)",
          "  AWS account 111122223333, us-east-1",
          "  https://api-fix-login.example.org",
        ],
      ],
      [
        ["--branch", "main"],
        ["stack production", "  AWS account 444455556666, us-east-1", "  https://api.example.com"],
      ],
    ] as const) {
      const run = new Run({});
      await run.of("preview", ...args);
      assert.deepEqual(run.said.slice(0, 3), expected);
    }
    const kept = new Run({ outputs: { "preview-fix-login": { expiresAt: "2099-01-01T00:00:00Z" } } });
    await kept.of("preview");
    assert.equal(kept.said[3], "  until 2099-01-01T00:00:00Z");
    const sandbox = new Run({});
    await sandbox.of("preview", "--stack", "staging", "--sandbox");
    assert.equal(sandbox.said[1], "  the sandbox, in place of AWS account 111122223333, us-east-1");
    const nowhere = new Run({});
    for (const command of ["up", "down"] as const)
      await assert.rejects(nowhere.of(command), (error) => {
        assert.ok(error instanceof UserError && error.exitCode === 2);
        assert.equal(error.message, "nobody sits at a terminal to be asked: add --yes to go on");
        return true;
      });
    assert.deepEqual(nowhere.asked, []);
  });

  it("want production's name, and a yes for every other", async () => {
    for (const [args, answer, question, result] of [
      [["--stack", "production"], "yes", "Type production to bring production up: ", "declined"],
      [["--stack", "production"], "production", "Type production to bring production up: ", "succeeded"],
      [["--stack", "staging"], "y", "Go on and bring staging up? [y/N] ", "succeeded"],
      [["--stack", "staging"], "", "Go on and bring staging up? [y/N] ", "declined"],
    ] as const) {
      const run = new Run({}, [answer]);
      assert.equal((await run.of("up", ...args)).result, result);
      assert.deepEqual(run.questions, [question]);
      const [preview, ...rest] = run.asked;
      assert.equal(preview, `preview ${args[1]}`);
      assert.deepEqual(rest, result === "succeeded" ? [`up ${args[1]}`] : []);
    }
    const yes = new Run({});
    assert.equal((await yes.of("up", "--stack", "production", "--yes")).result, "succeeded");
  });

  it("stop what replaces data until it is named", async () => {
    const told = replaced("production");
    for (const [command, ...args] of [
      ["preview"],
      ["up", "--yes"],
      ["up", "--yes", "--allow-destroy", bucketUrn("staging")],
    ] as const) {
      const run = new Run(told);
      const { result, losses } = await run.of(command, "--stack", "production", ...args);
      assert.equal(result, "stopped");
      assert.deepEqual(
        losses.stopping.map(({ urn, op, causes }) => ({ urn, op, causes })),
        [{ urn: bucketUrn("production"), op: "replace", causes: ["bucket"] }],
      );
      assert.deepEqual(run.asked, ["preview production"]);
      assert.ok(run.said.includes(`  --allow-destroy '${bucketUrn("production")}'`));
    }
    const named = new Run(told);
    const args = ["--stack", "production", "--yes", "--allow-destroy", bucketUrn("production")];
    assert.equal((await named.of("up", ...args)).result, "succeeded");
    assert.deepEqual(named.asked, ["preview production", "up production"]);
  });

  it("stop what deletes data when an environment is taken down", async () => {
    const run = new Run(deleted("staging"));
    assert.equal((await run.of("down", "--stack", "staging", "--yes")).result, "stopped");
    assert.deepEqual(run.asked, ["previewDestroy staging"]);
    const named = new Run(deleted("staging"));
    const { result } = await named.of("down", "--stack", "staging", "--yes", "--allow-destroy", bucketUrn("staging"));
    assert.equal(result, "succeeded");
    assert.deepEqual(named.asked, ["previewDestroy staging", "destroy staging"], "its stack and history stay");
  });

  it("meet an environment by its name, and never as the branch of a pull request", async () => {
    for (const [branch, stack] of [
      ["develop", "staging"],
      ["main", "production"],
    ] as const) {
      const run = new Run(deleted(stack));
      await assert.rejects(run.of("down", "--branch", branch, "--yes"), {
        message: `${stack} is no preview: only --stack ${stack} takes it down`,
      });
      await assert.rejects(run.of("up", "--branch", branch, "--yes"), {
        message: `${stack} is no preview: with --yes, name it with --stack ${stack}`,
      });
      assert.deepEqual(run.asked, []);
    }
    const run = new Run({ stacks: ["staging"] }, ["y"]);
    assert.equal((await run.of("down", "--stack", "staging")).result, "declined");
    assert.deepEqual(run.questions, ["Type staging to take staging down: "]);
  });

  it("let a preview lose what it has", async () => {
    const stack = "preview-fix-login";
    assert.equal((await new Run(replaced(stack)).of("up", "--yes")).result, "succeeded");
    const run = new Run(deleted(stack));
    assert.equal((await run.of("down", "--yes")).result, "succeeded");
    assert.deepEqual(run.asked, [`previewDestroy ${stack}`, `drop ${stack}`, `destroy ${stack}`, `remove ${stack}`]);
  });

  it("destroy nothing where a preview's database cannot be dropped, unless it is to be kept", async () => {
    const failing = (): Promise<void> => Promise.reject(new UserError("no way there"));
    const run = new Run(deleted("preview-fix-login"), undefined, failing);
    await assert.rejects(run.of("down", "--yes"), /no way there/);
    assert.deepEqual(run.asked, ["previewDestroy preview-fix-login"]);
    assert.equal((await run.of("down", "--yes", "--keep-database")).result, "succeeded");
    assert.ok(run.said.includes("database preview-fix-login is kept: drop it by hand"));
  });

  it("take down what is not there without a word too many, and keep the stack of what failed", async () => {
    const none = new Run({});
    assert.deepEqual((await none.of("down", "--yes")).run, undefined);
    assert.equal(none.said.at(-1), "there is no stack preview-fix-login: nothing to take down");
    const stack = "preview-fix-login";
    const failed = new Run({ stacks: [stack], destroy: { result: "failed", errors: ["it is protected"] } });
    assert.equal((await failed.of("down", "--yes")).result, "failed");
    assert.ok(failed.said.includes("error: it is protected"));
    assert.deepEqual(failed.asked, [`previewDestroy ${stack}`]);
  });

  it("go no further than a preview that fails, with its findings", async () => {
    const run = new Run({
      change: {
        result: "failed",
        errors: ["preview failed"],
        findings: [
          {
            policy: "s3-no-public-access",
            level: "mandatory",
            urn: bucketUrn("staging"),
            message: "Is public. Close it.",
          },
          { policy: "tags", level: "advisory", urn: "", message: "A tag is missing." },
        ],
      },
    });
    assert.equal((await run.of("up", "--stack", "staging", "--yes")).result, "failed");
    assert.deepEqual(run.said.slice(3), [
      "policy s3-no-public-access on groundwork-staging-media-objects",
      "  Is public. Close it.",
      "1 more finding is advice: npm run policy",
      "error: preview failed",
      "nothing to change",
    ]);
    assert.deepEqual(run.asked, ["preview staging"]);
  });

  it("run as commands, with what is wrong in one line", () => {
    const command = (name: string, ...args: string[]) =>
      spawnSync(process.execPath, [join(ROOT, "scripts", `${name}.ts`), ...args], {
        encoding: "utf8",
        env: { ...process.env, PATH: "/nowhere" },
      });
    const missing = command("preview", "--stack", "staging");
    assert.deepEqual([missing.status, missing.stderr.split("\n").length], [1, 2]);
    assert.match(missing.stderr, /^preview: the Pulumi CLI is not on the PATH\. .*--sandbox/);
    assert.match(missing.stdout, /^stack staging\n {2}AWS account 111122223333, us-east-1\n/);
    const unknown = command("up", "--stack", "prod", "--json");
    assert.deepEqual([unknown.status, unknown.stdout], [2, ""]);
    assert.match(unknown.stderr, /^up: Stack "prod" is none of this project's; the nearest is production/);
    const folder = mkdtempSync(join(tmpdir(), "branch-"));
    const none = command("down", "--branch", "x", "--sandbox", "--state-dir", folder, "--yes", "--json");
    rmSync(folder, { recursive: true });
    const { target, ...outcome } = JSON.parse(none.stdout) as Outcome;
    assert.equal(target.stack, "preview-x");
    assert.deepEqual(outcome, {
      command: "down",
      engine: "sandbox",
      result: "succeeded",
      losses: { stopping: [], allowed: [], idle: [] },
    });
    assert.match(none.stderr, /^stack preview-x \(preview\)\n {2}the sandbox/);
    const help = command("down", "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--keep-database/);
    for (const text of [...(["preview", "up", "down"] as const).map(usageOf), usage])
      for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  });
});
