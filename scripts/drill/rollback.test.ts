import assert from "node:assert/strict";
import { join } from "node:path";
import type { Engine } from "../engines/engine.ts";
import { openEngine } from "../engines/open-engine.ts";
import { memoryEngine } from "../release/memory-engine.ts";
import { type PracticeRepository, practiceRepository } from "../release/practice-repository.ts";
import { type Breakage, breakages, rollbackDrill } from "./rollback.ts";

const api = join(import.meta.dirname, "../../api");

describe("the rollback drill", () => {
  let practice: PracticeRepository;
  before(() => {
    practice = practiceRepository();
  });
  after(() => practice.remove());

  // The engine makes no difference to what is broken: the sandbox's once.
  const engines: Readonly<Record<Breakage, (root: string, stateDirectory: string) => Promise<Engine>>> = {
    heartbeat: (root, stateDirectory) => openEngine({ sandbox: true, root, stateDirectory }),
    canary: () => Promise.resolve(memoryEngine()),
  };
  for (const breakage of breakages)
    it(`sees a bad ${breakage}, and the release before it come back`, async () => {
      const { root } = practice;
      const stateDirectory = join(root, ".sandbox", breakage);
      const engine = await engines[breakage](root, stateDirectory);
      const drill = await rollbackDrill({
        engine,
        directory: join(stateDirectory, "drill"),
        root,
        breakage,
        retries: { attempts: 2, firstDelayMs: 50, attemptMs: 10_000 },
        apiOf: () => api,
      });
      assert.deepEqual(
        drill.steps.map(({ name, holds }) => [name, holds]),
        [
          ["good release", true],
          ["bad release", true],
          ["rollback", true],
          ["smoke after it", true],
        ],
        JSON.stringify(drill.steps),
      );
      assert.ok(drill.holds && drill.recoverySeconds !== undefined);
      assert.match(
        drill.steps[1]?.found ?? "",
        breakage === "heartbeat" ? /commit 0+ runs, not/ : /canary map: answers 401/,
      );
      assert.equal((await engine.outputs("staging"))?.["version"], "0.0.0-drill.good");
      assert.equal(practice.git("worktree", "list").split("\n").length, 1);
    });
});
