import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SmokeReport } from "../smoke/report.ts";
import type { Deployer, Deployment } from "./deploy.ts";
import { fileObjects } from "./file-objects.ts";
import { type MemoryEngine, memoryEngine } from "./memory-engine.ts";
import type { ObjectStore } from "./objects.ts";
import { practiceName, practiceRecord, practiceTree } from "./practice-records.ts";
import { configOf, type ReleaseEnvironment, type ReleaseRecord, type ReleaseStep } from "./record.ts";
import { release, type ReleaseOutcome } from "./release.ts";
import { rollback } from "./rollback.ts";
import { releaseStore } from "./store.ts";

const report = (passed: boolean): SmokeReport => ({
  url: "http://127.0.0.1:1",
  environment: "staging",
  local: true,
  passed,
  checks: [{ name: "heartbeat", result: passed ? "passed" : "failed", detail: "practice", attempts: 1, seconds: 0 }],
  seconds: 0,
});

describe("a release", () => {
  let directory: string;
  let objects: ObjectStore;
  let engine: MemoryEngine;
  /** What was done, in order. */
  let done: string[];
  let said: string[];
  /** Versions whose smoke fails. */
  let bad: Set<string>;
  let broken: { migrate?: Error; smoke?: Error };
  let minute = 0;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "groundwork-deploy-"));
    objects = fileObjects(directory);
    engine = memoryEngine();
    [done, said, bad, broken] = [[], [], new Set(), {}];
  });
  afterEach(() => rm(directory, { recursive: true }));

  const failing = (step: "migrate" | "smoke"): void => {
    const { [step]: error } = broken;
    delete broken[step];
    if (error !== undefined) throw error;
  };
  const deployer = (over: Partial<Deployer> = {}): Deployer => ({
    engine,
    objects,
    refusal: () => undefined,
    migrate: async ({ name }) => {
      failing("migrate");
      done.push(`migrate ${name.version}`);
      return Promise.resolve("migrated");
    },
    smoke: async ({ environment, name }) => {
      failing("smoke");
      // What is looked at is what was brought up last.
      assert.deepEqual(await engine.outputs(environment), configOf(name));
      done.push(`smoke ${name.version}`);
      return report(!bad.has(name.version));
    },
    checkout: (_commit, work) => work(directory),
    say: (line) => said.push(line),
    now: () => new Date(Date.UTC(2026, 3, 1) + minute++ * 60_000),
    waitMs: 0,
    lockTimes: { beatMs: 1_000, expiryMs: 60_000, pollMs: 5 },
    ...over,
  });
  const deploymentOf = (version: string, over: Partial<Deployment> = {}): Deployment => ({
    environment: "staging",
    name: practiceName(version),
    tree: practiceTree(version),
    settingsHash: "0".repeat(64),
    migrations: [],
    directory,
    ...over,
  });
  const released = (version: string, over: Partial<Deployment> = {}, by = deployer()): Promise<ReleaseOutcome> =>
    release({ deployment: deploymentOf(version, over), staging: [] }, by);
  const records = (environment: ReleaseEnvironment = "staging"): Promise<readonly ReleaseRecord[]> =>
    releaseStore(objects).records(environment);

  it("previews, migrates, brings up, looks, and is written down with the good one before it", async () => {
    await released("1");
    const { record } = await released("2");
    assert.deepEqual(engine.asked, ["preview staging 1", "up staging 1", "preview staging 2", "up staging 2"]);
    assert.deepEqual(done, ["migrate 1", "smoke 1", "migrate 2", "smoke 2"]);
    assert.deepEqual([record.result, record.previousGood], ["good", practiceName("1")]);
    assert.deepEqual((await records()).at(-1), record);
  });

  it("whose smoke fails is written down as failed, and the last good comes back, not the one before", async () => {
    await released("1");
    for (const version of ["2", "3"]) {
      bad.add(version);
      const { record, rollback: back } = await released(version);
      assert.deepEqual([record.result, record.failure], ["failed", { step: "smoke", reason: "heartbeat: practice" }]);
      assert.deepEqual([back?.version, back?.result, back?.rolledBackFrom], ["1", "good", practiceName(version)]);
    }
    assert.deepEqual(await engine.outputs("staging"), configOf(practiceName("1")));
    // A rollback migrates nothing.
    assert.deepEqual(
      done.filter((what) => what.startsWith("migrate")),
      ["migrate 1", "migrate 2", "migrate 3"],
    );
  });

  it("that is the first and bad stays, and says that nothing is there to go back to", async () => {
    bad.add("1");
    const { rollback: back, notRolledBack } = await released("1");
    assert.equal(back, undefined);
    assert.match(notRolledBack ?? "", /no good release but 1: bring the fix/);
  });

  it("that is bad and has migrated what cannot be undone stays, with the reason", async () => {
    await released("1");
    bad.add("2");
    const migrations = [{ fileName: "2-drop.ts", irreversible: "the field is gone" }];
    const { notRolledBack } = await released("2", { migrations });
    assert.match(notRolledBack ?? "", /migration 2-drop\.ts cannot be undone, the field is gone\. Bring the fix/);
    assert.deepEqual(await engine.outputs("staging"), configOf(practiceName("2")));
  });

  it("of production is one that staging has proven: the same tree and image, whatever the commit", async () => {
    const proven = practiceRecord("1", { commit: practiceName("branch").commit });
    const production = (version: string) =>
      release({ deployment: deploymentOf(version, { environment: "production" }), staging: [proven] }, deployer());
    await assert.rejects(production("2"), /staging never ran the git tree/);
    assert.deepEqual(engine.asked, []);
    assert.equal((await production("1")).record.result, "good");
    assert.equal((await records("production")).length, 1);
  });

  describe("that fails at", () => {
    const fail: Readonly<Record<ReleaseStep, () => void>> = {
      migrate: () => (broken = { migrate: new Error("a step was told to fail\nand more") }),
      up: () => engine.fail("up"),
      smoke: () => (broken = { smoke: new Error("a step was told to fail") }),
    };
    for (const [step, breakIt] of Object.entries(fail))
      it(`${step} leaves what the same command completes`, async () => {
        await released("1");
        breakIt();
        const { record } = await released("2");
        assert.deepEqual([record.result, record.failure?.step], ["failed", step]);
        assert.match(record.failure?.reason ?? "", /^(a step|up) was told to fail$/);
        assert.equal((await released("2")).record.result, "good");
        assert.deepEqual(await engine.outputs("staging"), configOf(practiceName("2")));
        assert.equal((await records()).at(-1)?.version, "2");
      });

    const before: Readonly<Record<string, { over: () => Partial<Deployer>; says: RegExp }>> = {
      "the preview": {
        over: () => (engine.fail("preview"), {}),
        says: /preview of staging fails, and nothing was changed/,
      },
      "what would be lost": {
        over: () => ({ refusal: () => "a database would be lost" }),
        says: /a database would be lost/,
      },
    };
    for (const [what, { over, says }] of Object.entries(before))
      it(`${what} has changed and written down nothing`, async () => {
        await released("1");
        await assert.rejects(released("2", {}, deployer(over())), says);
        assert.deepEqual([(await records()).length, done.length], [1, 2]);
        assert.equal((await released("2")).record.result, "good");
      });

    /** As a kill does it: nothing is written any more. */
    const deaf = (): ObjectStore => ({
      ...objects,
      put: (key, text, over) =>
        key.startsWith("releases/") ? Promise.reject(new Error("no bucket")) : objects.put(key, text, over),
    });

    it("its record runs, says so, and is completed by the same command", async () => {
      await assert.rejects(
        released("1", {}, deployer({ objects: deaf() })),
        /1 \(commit [0-9a-f]{12}\) is good on staging, and that could not be written down \(no bucket\): run the same command again/,
      );
      assert.equal((await released("1")).record.result, "good");
      assert.deepEqual(
        (await records()).map(({ result, failure }) => [result, failure?.reason]),
        [
          ["failed", "it was broken off before its end"],
          ["good", undefined],
        ],
      );
    });

    it("some moment without a word is known to have run: a rollback goes to the good one before it", async () => {
      await released("1");
      await released("2");
      await assert.rejects(released("3", {}, deployer({ objects: deaf() })));
      const agree = (): Promise<boolean> => Promise.resolve(true);
      const back = await rollback({ environment: "staging", agree }, deployer());
      assert.deepEqual([back?.version, back?.rolledBackFrom], ["2", practiceName("3")]);
      assert.ok(said.some((line) => /^3 \(commit .*\) was broken off on staging: written down as failed$/.test(line)));
    });

    it("its rollback leaves the last good to be brought back by the next one", async () => {
      await released("1");
      bad.add("2");
      const failsOnce = deployer({
        checkout: (_commit, work) => {
          engine.fail("up");
          return work(directory);
        },
      });
      const { rollback: back } = await released("2", {}, failsOnce);
      assert.deepEqual([back?.version, back?.failure?.step], ["1", "up"]);
      const agree = (): Promise<boolean> => Promise.resolve(true);
      const again = await rollback({ environment: "staging", agree }, deployer());
      assert.deepEqual([again?.version, again?.result, again?.rolledBackFrom], ["1", "good", practiceName("2")]);
    });
  });

  describe("beside another of the same environment", () => {
    /** Holds a release inside its migration. */
    const held = () => {
      const { promise: isIn, resolve: enter } = Promise.withResolvers<undefined>();
      const { promise: mayGo, resolve: go } = Promise.withResolvers<undefined>();
      const first = released(
        "1",
        {},
        deployer({
          migrate: async () => {
            enter(undefined);
            await mayGo;
            return "migrated";
          },
        }),
      );
      return { first, isIn, go: () => go(undefined) };
    };

    it("is refused in one line where it does not wait", async () => {
      const { first, isIn, go } = held();
      await isIn;
      await assert.rejects(released("2"), /^UserError: staging is being changed: release 1 by [^\n]*$/);
      assert.deepEqual(engine.asked, ["preview staging 1"]);
      go();
      assert.equal((await first).record.result, "good");
    });

    it("waits for it, and then runs on what it left", async () => {
      const { first, isIn, go } = held();
      await isIn;
      const second = released("2", {}, deployer({ waitMs: 60_000 }));
      while (!said.some((line) => line.includes("is being changed")))
        await new Promise((resolve) => setTimeout(resolve, 5));
      go();
      assert.equal((await first).record.result, "good");
      assert.deepEqual((await second).record.previousGood, practiceName("1"));
      assert.deepEqual(engine.asked, ["preview staging 1", "up staging 1", "preview staging 2", "up staging 2"]);
    });

    it("does not keep another environment waiting", async () => {
      const { first, isIn, go } = held();
      await isIn;
      const proven = practiceRecord("2");
      const production = deploymentOf("2", { environment: "production" });
      assert.equal((await release({ deployment: production, staging: [proven] }, deployer())).record.result, "good");
      go();
      await first;
    });
  });

  describe("that is rolled back by hand", () => {
    it("shows what changes, asks, and changes nothing without a yes", async () => {
      await released("1");
      await released("2");
      const count = engine.asked.length;
      const back = await rollback(
        {
          environment: "staging",
          agree: ({ current, target, run }) => {
            assert.deepEqual([current.version, target.version, run.stack], ["2", "1", "staging"]);
            return Promise.resolve(false);
          },
        },
        deployer(),
      );
      assert.equal(back, undefined);
      assert.deepEqual(engine.asked.slice(count), ["preview staging 1"]);
    });

    it("goes back, and a later rollback does not bring it again", async () => {
      for (const version of ["1", "2", "3"]) await released(version);
      const agree = (): Promise<boolean> => Promise.resolve(true);
      const request = { environment: "staging", agree } as const;
      assert.equal((await rollback(request, deployer()))?.version, "2");
      assert.equal((await rollback(request, deployer()))?.version, "1");
      await assert.rejects(rollback(request, deployer()), /no good release but 1/);
      assert.equal((await rollback({ ...request, version: "3" }, deployer()))?.version, "3");
    });
  });
});
