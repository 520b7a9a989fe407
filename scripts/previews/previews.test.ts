import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { smallProject } from "../branch/small-project.ts";
import type { Surroundings } from "../branch/surroundings.ts";
import { toldEngine } from "../branch/told-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { openEngine } from "../engines/open-engine.ts";
import { UserError } from "../sandbox/user-error.ts";
import { ageText, durationOf, endOf, isDue } from "./age.ts";
import { branchesByStack } from "./branches.ts";
import { previews, previewsRequest } from "./command.ts";

const ROOT = join(import.meta.dirname, "../..");
const NOW = new Date("2026-11-20T12:00:00Z");
const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

describe("the age of a preview", () => {
  it("reads and writes durations", () => {
    assert.deepEqual(["7d", "12h", "30m"].map(durationOf), [7 * DAY, DAY / 2, 1_800_000]);
    for (const wrong of ["7", "d", "-1d", "1w", "1.5d", ""]) assert.throws(() => durationOf(wrong), /is no duration/);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 23 }), fc.constantFrom("h", "d"), (count, unit) => {
        assert.equal(ageText(durationOf(`${count}${unit}`)), `${count}${unit}`);
      }),
    );
  });

  it("ends where it was told to, else a week after its last change, and earlier where that is asked for", () => {
    for (const [changed, expiresAt, olderThan, due] of [
      [7, undefined, undefined, true],
      [6.9, undefined, undefined, false],
      [6.9, undefined, 6 * DAY, true],
      [90, new Date("2026-12-01"), undefined, false],
      [90, new Date("2026-12-01"), 7 * DAY, true],
      [1, new Date("2026-11-19"), 7 * DAY, true],
      [1, new Date("2026-11-21"), 0, true],
    ] as const)
      assert.equal(
        isDue({ updatedAt: daysAgo(changed), expiresAt }, olderThan, NOW),
        due,
        JSON.stringify([changed, expiresAt, olderThan]),
      );
    assert.equal(endOf({ updatedAt: undefined, expiresAt: undefined }), undefined);
    assert.equal(isDue({ updatedAt: undefined, expiresAt: undefined }, 0, NOW), false);
  });
});

describe("npm run previews", () => {
  let said: string[];
  let answered: string[];
  beforeEach(() => {
    said = [];
    answered = [];
  });
  const around = (engine: Engine, dropDatabase?: Surroundings["dropDatabase"]): Surroundings => ({
    root: ROOT,
    say: (line) => said.push(line),
    answer: (text) => answered.push(text),
    ask: undefined,
    open: () => Promise.resolve(engine),
    running: () => Promise.resolve(undefined),
    dropDatabase: dropDatabase ?? (() => Promise.resolve()),
  });
  const run = (args: readonly string[], surroundings: Surroundings): Promise<0 | 1> => {
    const request = previewsRequest(args);
    assert.ok(request);
    return previews(request, surroundings, NOW);
  };
  const old = { stacks: ["staging", "production", "preview-a", "preview-b"], updatedAt: daysAgo(8) };

  it("lists previews alone, with age, end, and branch", async () => {
    const { engine } = toldEngine({ ...old, outputs: { "preview-b": { expiresAt: "2026-12-01T00:00:00Z" } } });
    assert.equal(await run(["list", "--json"], around(engine)), 0);
    assert.equal(said[0], "previews in AWS account 111122223333, us-east-1");
    assert.deepEqual(
      said.slice(1).map((line) => line.split(/ {2,}/)),
      [
        ["stack", "changed", "expires (UTC)", "branch"],
        ["preview-a", "8d ago", "2026-11-19 12:00, due", "unknown here"],
        ["preview-b", "8d ago", "2026-12-01 00:00", "unknown here"],
      ],
    );
    assert.deepEqual((JSON.parse(answered.join("")) as object[])[0], {
      stack: "preview-a",
      branch: null,
      updatedAt: "2026-11-12T12:00:00.000Z",
      expiresAt: "2026-11-19T12:00:00.000Z",
      due: true,
    });
  });

  it("sweeps nothing without --yes", async () => {
    const { engine, asked } = toldEngine(old);
    assert.equal(await run(["sweep"], around(engine)), 0);
    assert.deepEqual(asked, []);
    assert.equal(said[1], "would sweep these; --yes does it:");
    assert.equal(said.length, 5);
    const young = toldEngine({ ...old, updatedAt: daysAgo(3) });
    await run(["sweep", "--older-than", "4d", "--yes"], around(young.engine));
    assert.deepEqual(young.asked, []);
    assert.equal(said.at(-1), "swept 0 previews");
  });

  it("drops, destroys, and removes each; one that fails does not keep the others", async () => {
    const { engine, asked } = toldEngine(old);
    const failing = around(engine, ({ stack }) =>
      stack === "preview-a"
        ? Promise.reject(new UserError("no way there"))
        : Promise.resolve(void asked.push(`drop ${stack}`)),
    );
    assert.equal(await run(["sweep", "--yes", "--json"], failing), 1);
    assert.deepEqual(asked, ["drop preview-b", "destroy preview-b", "remove preview-b"]);
    assert.deepEqual(said.slice(-3), [
      "swept 1 preview",
      "not swept: preview-a: no way there",
      "run the same command again: what is half done continues",
    ]);
    assert.deepEqual((JSON.parse(answered.join("")) as { swept: unknown }).swept, [
      { stack: "preview-a", failure: "no way there" },
      { stack: "preview-b", failure: null },
    ]);
    assert.equal(await run(["sweep", "--yes"], around(engine)), 0);
    assert.deepEqual(asked.slice(-2), ["destroy preview-a", "remove preview-a"]);
  });

  it("sweeps in the sandbox, and leaves what is no preview", async () => {
    const project = smallProject();
    try {
      const place = { sandbox: true, root: project.root, stateDirectory: project.stateDirectory };
      const engine = await openEngine(place);
      for (const stack of ["staging", "preview-a"])
        assert.equal((await engine.up(stack, { skipPreview: true })).result, "succeeded");
      const request = previewsRequest(["sweep", "--older-than", "0m", "--yes", "--sandbox"]);
      assert.ok(request);
      assert.equal(await previews(request, { ...around(engine), root: project.root }, new Date()), 0);
      assert.equal(said.at(-1), "swept 1 preview");
      assert.deepEqual(
        (await engine.stacks()).map(({ name }) => name),
        ["staging"],
      );
    } finally {
      project.remove();
    }
  }).timeout(60_000);

  for (const [args, expected] of [
    [[], /there is no command: list or sweep/],
    [["swep"], /there is no command "swep": did you mean "sweep"/],
    [["list", "--yes"], /--yes means nothing to list/],
    [["sweep", "--older-than", "week"], /"week" is no duration/],
    [["sweep", "--dry-run"], /there is no option --dry-run/],
  ] as const)
    it(`refuses ${JSON.stringify(args)}`, () => {
      assert.throws(
        () => previewsRequest(args),
        (error) => error instanceof UserError && error.exitCode === 2 && expected.test(error.message),
      );
    });
});

describe("the branches of stacks", () => {
  it("are those of git, here and as last fetched", () => {
    const folder = mkdtempSync(join(tmpdir(), "branches-"));
    try {
      const git = (...args: string[]): void => void execFileSync("git", args, { cwd: folder, stdio: "ignore" });
      assert.deepEqual([...branchesByStack(folder)], []);
      git("init", "--quiet", "--initial-branch=fix-login");
      git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--allow-empty", "-m", "first");
      git("update-ref", "refs/remotes/origin/Feature/Checkout", "HEAD");
      const found = branchesByStack(folder);
      assert.equal(found.get("preview-fix-login"), "fix-login");
      assert.deepEqual([...found.values()].sort(), ["Feature/Checkout", "fix-login"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
