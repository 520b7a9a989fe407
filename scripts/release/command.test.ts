import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../sandbox/user-error.ts";
import type { Engine } from "../engines/engine.ts";
import { outcomeLines, planLines, type ReleaseAround, runProof, runRelease } from "./command.ts";
import { memoryEngine } from "./memory-engine.ts";
import { releaseOptions, rollbackOptions } from "./options.ts";
import { practiceRecord } from "./practice-records.ts";
import { RELEASE_USAGE, ROLLBACK_USAGE } from "./usage.ts";

const root = join(import.meta.dirname, "../..");
const image = `sha256:${"a".repeat(64)}`;

describe("npm run release and rollback", () => {
  const wrong: Readonly<Record<string, { read: (args: readonly string[]) => unknown; args: readonly string[] }>> = {
    "there is no environment: give --env staging or --env production": {
      read: releaseOptions,
      args: ["--image", image],
    },
    '--env "preview-login" has no releases: they are of staging and production; `npm run up` is for the others': {
      read: rollbackOptions,
      args: ["--env", "preview-login"],
    },
    "there is no image: give --image sha256:DIGEST, which the build has printed": {
      read: releaseOptions,
      args: ["--env", "staging"],
    },
    '--image "api:latest" is no digest: sha256: and 64 hexadecimal digits; a tag may become another image': {
      read: releaseOptions,
      args: ["--env", "staging", "--image", "api:latest"],
    },
    '--version "a b" is no version such as 1.4.0': {
      read: releaseOptions,
      args: ["--env", "staging", "--image", image, "--version", "a b"],
    },
    '--wait "soon" is not a number of seconds from 0 to 7200': {
      read: rollbackOptions,
      args: ["--env", "staging", "--wait", "soon"],
    },
    'there is no option --imgae: did you mean "image"?': {
      read: releaseOptions,
      args: ["--env", "staging", "--imgae", image],
    },
    'there is no command "prove"; --help shows what is possible': {
      read: releaseOptions,
      args: ["prove", "--env", "staging", "--image", image],
    },
  };
  for (const [line, { read, args }] of Object.entries(wrong))
    it(`refuses ${args.join(" ").replace(image, "IMAGE")}`, () => {
      assert.throws(
        () => read(args),
        (error: unknown) => {
          assert.ok(error instanceof UserError);
          assert.deepEqual([error.message, error.exitCode], [line, 2]);
          return true;
        },
      );
    });

  it("asks nobody where nobody is", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, "scripts/rollback.ts"), "--env", "production", "--sandbox"],
      { encoding: "utf8", input: "" },
    );
    assert.deepEqual([status, stderr], [2, "rollback: nobody sits at a terminal to be asked: add --yes to go on\n"]);
  });

  describe("with real accounts", () => {
    const around = (engine: Engine): ReleaseAround => ({
      root,
      env: {},
      say: () => undefined,
      ask: undefined,
      open: () => Promise.resolve(engine),
    });
    it("say how a stack gets its bucket for records", async () => {
      const options = releaseOptions(["proof", "--env", "staging"]);
      assert.ok(options?.command === "proof");
      await assert.rejects(
        runProof(options, around(memoryEngine())),
        /stack staging has no bucket for release records yet: `npm run up -- --stack staging` makes it/,
      );
    });

    it("take staging's proof for production from a file, and nothing else for one", async () => {
      const production = ["--env", "production", "--image", image, "--yes"];
      const run = (...more: readonly string[]) => {
        const options = releaseOptions([...production, ...more]);
        assert.ok(options?.command === "release");
        return runRelease(options, around(memoryEngine()));
      };
      await assert.rejects(run(), /production takes what staging has proven: give --proof FILE/);
      await assert.rejects(run("--proof", join(root, "package.json")), /package\.json is no release record of staging/);
      await assert.rejects(run("--proof", join(root, "nowhere.json")), /--proof: ENOENT/);
    });
  });

  it("shows what a rollback changes", () => {
    const [current, target] = [practiceRecord("2"), practiceRecord("1", { settingsHash: "b".repeat(64) })];
    const run = { stack: "staging", result: "succeeded", steps: [], findings: [], errors: [] } as const;
    const lines = planLines({ current, target, run });
    assert.deepEqual(lines.slice(0, 4), [
      "  version   2",
      "         to 1",
      `  commit    ${current.commit}`,
      `         to ${target.commit}`,
    ]);
    assert.match(lines.join("\n"), /settings {2}[0-9a-f]{12}\n {9}to b{12}\n {2}passed {4}its smoke on 2026-/);
    assert.equal(lines.at(-1), "nothing to change");
  });

  it("says how a release ended, and what to do next", () => {
    const failed = (step: "migrate" | "up" | "smoke") =>
      practiceRecord("2", { result: "failed", failure: { step, reason: "it was bad" } });
    assert.match(
      outcomeLines({ record: practiceRecord("2") })[0] ?? "",
      /^2 \(commit .*\) runs on staging, after 0 s$/,
    );
    assert.match(outcomeLines({ record: failed("migrate") })[1] ?? "", /^What ran before still runs\. Mend/);
    assert.match(
      outcomeLines({ record: failed("up") })[1] ?? "",
      /`npm run rollback -- --env staging` goes back instead/,
    );
    const rolledBack = outcomeLines({ record: failed("smoke"), rollback: practiceRecord("1") });
    assert.match(rolledBack[1] ?? "", /^1 \(commit .*\) runs on staging again$/);
    const stuck = outcomeLines({ record: failed("smoke"), notRolledBack: "nothing to go back to" });
    assert.equal(stuck[1], "It was not rolled back: nothing to go back to");
  });

  it("have names, and help of 80 columns", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const name of ["smoke", "release", "rollback"]) assert.equal(scripts[name], `node scripts/${name}.ts`);
    for (const usage of [RELEASE_USAGE, ROLLBACK_USAGE])
      for (const line of usage.split("\n").slice(1)) assert.ok(line.length <= 80, line);
  });
});
