import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Engine } from "../engines/engine.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Retries } from "../smoke/run.ts";
import type { Deployment } from "../release/deploy.ts";
import { fileObjects } from "../release/file-objects.ts";
import { loopbackEnvironments } from "../release/loopback.ts";
import { isSameRelease, nameOf, type ReleaseName } from "../release/record.ts";
import { release, type ReleaseOutcome } from "../release/release.ts";
import { sandboxDeployer } from "../release/sandbox-deployer.ts";
import { sourceOf } from "../release/source.ts";

/** What is wrong with the bad release: it says it is another one, or it refuses the canary. */
export type Breakage = "heartbeat" | "canary";

export const breakages: readonly Breakage[] = ["heartbeat", "canary"];

export interface RollbackDrillOptions {
  /** The sandbox's: a drill makes no bad release in real accounts. */
  readonly engine: Engine;
  /** Where the drill's own release records go. */
  readonly directory: string;
  /** The git repository whose HEAD is the good release. Default: this one. */
  readonly root?: string;
  /** Default: the heartbeat. */
  readonly breakage?: Breakage;
  /** How long a bad release may take to come right. Default: half a second. */
  readonly retries?: Retries;
  /** The folder of the API among a release's files. Default: its api. */
  readonly apiOf?: (directory: string) => string;
  readonly say?: (line: string) => void;
}

/** One thing that the drill expects. */
export interface DrillStep {
  readonly name: "good release" | "bad release" | "rollback" | "smoke after it";
  readonly holds: boolean;
  readonly found: string;
  readonly seconds: number;
}

export interface RollbackDrill {
  readonly environment: typeof ENVIRONMENT;
  readonly breakage: Breakage;
  readonly holds: boolean;
  /** As far as it came, in order. */
  readonly steps: readonly DrillStep[];
  /** From the bad release's failed smoke until the smoke after the rollback has passed; undefined where it did not. */
  readonly recoverySeconds: number | undefined;
}

/** Where every bad release should be met. */
const ENVIRONMENT = "staging";
const repository = join(import.meta.dirname, "../..");

/** Variables that make a release bad: the process starts, and is alive. */
const broken: Readonly<Record<Breakage, Readonly<Record<string, string>>>> = {
  heartbeat: { COMMIT: "0".repeat(40) },
  canary: { JWT_ISSUER: "somebody-else" },
};

/**
 * Deploys a good release and a bad one; sees the smoke fail, the rollback bring the good one back, and the smoke pass.
 * Rejects with a `UserError` where it cannot begin; whatever does not hold is a result.
 */
export async function rollbackDrill(options: RollbackDrillOptions): Promise<RollbackDrill> {
  const { engine, directory, root = repository, breakage = "heartbeat" } = options;
  const { say = () => undefined, retries, apiOf = (folder) => join(folder, "api") } = options;
  if (engine.kind !== "sandbox")
    throw new UserError("the rollback drill makes a bad release, and so runs in the sandbox alone: add --sandbox", 2);
  const { commit, tree } = await sourceOf(root);
  const named = (which: "good" | "bad"): ReleaseName => ({
    version: `0.0.0-drill.${which}`,
    commit,
    imageDigest: `sha256:${createHash("sha256").update(`${which} ${commit}`).digest("hex")}`,
  });
  const [good, bad] = [named("good"), named("bad")];
  const loopback = await loopbackEnvironments({
    variablesOf: (name) => (isSameRelease(name, bad) ? broken[breakage] : {}),
  });
  try {
    // Of each drill its own: what an earlier one left must not be rolled back to.
    const objects = fileObjects(join(directory, `rollback-${randomUUID()}`));
    const deployer = sandboxDeployer({
      engine,
      objects,
      loopback,
      root,
      say,
      waitMs: 0,
      apiOf,
      ...(retries && { retries }),
    });
    const deploymentOf = (name: ReleaseName): Deployment => ({
      environment: ENVIRONMENT,
      name,
      tree,
      settingsHash: createHash("sha256").update("drill").digest("hex"),
      migrations: [],
      directory: root,
    });
    const deployed = async (name: ReleaseName): Promise<[ReleaseOutcome, number]> => {
      const began = performance.now();
      const outcome = await release({ deployment: deploymentOf(name), staging: [] }, deployer);
      return [outcome, secondsSince(began)];
    };

    const steps: DrillStep[] = [];
    const [first, firstSeconds] = await deployed(good);
    steps.push({
      name: "good release",
      holds: first.record.result === "good",
      found: first.record.failure?.reason ?? "passed its smoke",
      seconds: firstSeconds,
    });
    if (first.record.result !== "good") return ended(options, steps, undefined);

    const [second, secondSeconds] = await deployed(bad);
    const { failure } = second.record;
    const rollbackSeconds =
      second.rollback === undefined
        ? 0
        : (Date.parse(second.rollback.finishedAt) - Date.parse(second.record.finishedAt)) / 1000;
    steps.push({
      name: "bad release",
      holds: failure?.step === "smoke",
      found: failure === undefined ? "passed its smoke, and should not have" : `failed: ${failure.reason}`,
      seconds: secondSeconds - rollbackSeconds,
    });
    const { rollback } = second;
    if (rollback === undefined) {
      const found = second.notRolledBack ?? "there was none";
      steps.push({ name: "rollback", holds: false, found, seconds: 0 });
      return ended(options, steps, undefined);
    }
    steps.push({
      name: "rollback",
      holds: rollback.result === "good" && isSameRelease(rollback, good),
      found: rollback.failure?.reason ?? `brought back ${rollback.version}`,
      seconds: rollbackSeconds,
    });
    const began = performance.now();
    const after = await loopback.smoke(ENVIRONMENT, nameOf(good), retries);
    const failed = after.checks
      .filter(({ result }) => result === "failed")
      .map(({ name, detail }) => `${name}: ${detail}`);
    steps.push({
      name: "smoke after it",
      holds: after.passed,
      found: after.passed ? "passed" : failed.join("; "),
      seconds: secondsSince(began),
    });
    return ended(options, steps, rollbackSeconds + secondsSince(began));
  } finally {
    await loopback.stop();
  }
}

function ended(
  { breakage = "heartbeat" }: RollbackDrillOptions,
  steps: readonly DrillStep[],
  seconds: number | undefined,
): RollbackDrill {
  const holds = steps.length === 4 && steps.every((step) => step.holds);
  return {
    environment: ENVIRONMENT,
    breakage,
    holds,
    steps: steps.map((step) => ({ ...step, seconds: rounded(step.seconds) })),
    recoverySeconds: holds && seconds !== undefined ? rounded(seconds) : undefined,
  };
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;
const rounded = (seconds: number): number => Number(seconds.toFixed(1));
