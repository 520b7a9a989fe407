import type { MigrationFacts } from "../../api/src/migrations/rollback.ts";
import type { Engine, EngineRun } from "../engines/engine.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import type { SmokeReport } from "../smoke/report.ts";
import { lastGood } from "./choose.ts";
import { defaultLockTimes, type DeployLock, type LockTimes, takeDeployLock } from "./lock.ts";
import type { ObjectStore } from "./objects.ts";
import {
  configOf,
  nameOf,
  type ReleaseEnvironment,
  type ReleaseName,
  type ReleaseRecord,
  type ReleaseStep,
  releaseText,
} from "./record.ts";
import { releaseStore } from "./store.ts";

/** A release as it is to run in an environment. */
export interface Deployment {
  readonly environment: ReleaseEnvironment;
  readonly name: ReleaseName;
  readonly tree: string;
  readonly settingsHash: string;
  /** Those of its code. */
  readonly migrations: readonly MigrationFacts[];
  /** The folder of its Pulumi.yaml. */
  readonly directory: string;
  /** Of a rollback, which migrates nothing: what it takes away. */
  readonly rolledBackFrom?: ReleaseName;
}

/** What deploys have to do with. Effects may reject: that is their step's failure. */
export interface Deployer {
  readonly engine: Engine;
  /** Where records and locks are. */
  readonly objects: ObjectStore;
  /** Says in a few words what would be lost and is not named in `allowDestroy`; undefined where nothing is. */
  readonly refusal: (run: EngineRun) => string | undefined;
  /** Brings the database up to date, and says in a few words what it did. */
  readonly migrate: (deployment: Deployment) => Promise<string>;
  /** Looks at the environment once it runs the release. */
  readonly smoke: (deployment: Deployment) => Promise<SmokeReport>;
  /** Does work in a folder with the files of a commit. */
  readonly checkout: <T>(commit: string, work: (directory: string) => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
  readonly now: () => Date;
  /** How long another deploy is waited for. */
  readonly waitMs: number;
  readonly lockTimes?: LockTimes;
}

/** Does work while no other deploy of the environment runs. */
export async function locked<T>(
  deployer: Deployer,
  environment: ReleaseEnvironment,
  purpose: string,
  work: (lock: DeployLock) => Promise<T>,
): Promise<T> {
  const { objects, waitMs, say, lockTimes = defaultLockTimes } = deployer;
  const lock = await takeDeployLock(objects, environment, { purpose, waitMs, times: lockTimes, onWait: say });
  try {
    const broken = await releaseStore(objects).settle(environment);
    if (broken !== undefined) say(`${releaseText(broken)} was broken off on ${environment}: written down as failed`);
    return await work(lock);
  } finally {
    // What fails here is taken over by whoever comes next.
    await lock.release().catch((error: unknown) => say(`the lock was not handed back: ${messageOf(error)}`));
  }
}

/** What the deployment would do. Throws a `UserError` where it cannot be, or where it must not: nothing has changed then. */
export async function previewed(deployer: Deployer, deployment: Deployment): Promise<EngineRun> {
  const { environment, name, directory } = deployment;
  deployer.say(`preview of ${environment} with ${releaseText(name)}`);
  const run = await deployer.engine.preview(environment, { config: configOf(name), directory });
  if (run.result === "failed")
    throw new UserError(`the preview of ${environment} fails, and nothing was changed: ${firstOf(run.errors)}`);
  const refusal = deployer.refusal(run);
  if (refusal !== undefined) throw new UserError(refusal);
  return run;
}

const firstOf = (errors: readonly string[]): string => errors[0] ?? "no reason given";

interface Failed {
  readonly step: ReleaseStep;
  readonly reason: string;
}

/**
 * Migrates, brings the environment up, looks at it, and writes down what came of it: each step only where the one before
 * has succeeded, and each may run again. Resolves with the record, good or failed. Rejects where the lock was lost, or the
 * record could not be written: the same deployment may then be made again.
 */
export async function deploy(deployer: Deployer, deployment: Deployment, lock: DeployLock): Promise<ReleaseRecord> {
  const { engine, say, now } = deployer;
  const { environment, name, directory, rolledBackFrom } = deployment;
  const store = releaseStore(deployer.objects);
  const startedAt = now();
  const previousGood = lastGood(await store.records(environment));
  const recordOf = (finishedAt: Date, failure: Failed | undefined, report?: SmokeReport): ReleaseRecord => ({
    environment,
    ...name,
    tree: deployment.tree,
    settingsHash: deployment.settingsHash,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    durationSeconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    result: failure === undefined ? "good" : "failed",
    ...(failure && { failure }),
    ...(report && { smoke: report }),
    migrations: deployment.migrations.map(({ fileName, irreversible }) => ({
      fileName,
      ...(irreversible !== undefined && { irreversible }),
    })),
    ...(previousGood && { previousGood: nameOf(previousGood) }),
    ...(rolledBackFrom && { rolledBackFrom }),
  });
  await store.begin(recordOf(startedAt, { step: "up", reason: "it was broken off before its end" }));
  let report: SmokeReport | undefined;

  const steps: Readonly<Record<ReleaseStep, () => Promise<string | undefined>>> = {
    async migrate() {
      say(rolledBackFrom === undefined ? await deployer.migrate(deployment) : "a rollback undoes no migration");
      return undefined;
    },
    async up() {
      say(`up of ${environment} with ${releaseText(name)}`);
      const run = await engine.up(environment, { config: configOf(name), directory, skipPreview: true });
      if (run.result === "failed") return firstOf(run.errors);
      const image = (await engine.outputs(environment))?.["image"];
      return typeof image === "string" && !image.endsWith(name.imageDigest)
        ? `the stack runs the image ${image}, not ${name.imageDigest}`
        : undefined;
    },
    async smoke() {
      say(`smoke of ${environment}`);
      report = await deployer.smoke(deployment);
      const failed = report.checks.filter(({ result }) => result === "failed");
      return report.passed ? undefined : failed.map(({ name: of, detail }) => `${of}: ${detail}`).join("; ");
    },
  };

  let failure: Failed | undefined;
  for (const step of ["migrate", "up", "smoke"] as const) {
    await lock.check();
    // What an effect throws is its step's failure, written down like any other.
    const reason = await steps[step]().catch((error: unknown) => messageOf(error).split("\n")[0] ?? "");
    if (reason === undefined) continue;
    failure = { step, reason };
    break;
  }
  const record = recordOf(now(), failure, report);
  await lock.check();
  await store.add(record).catch((error: unknown) => {
    throw new UserError(
      `${releaseText(name)} is ${record.result} on ${environment}, and that could not be written down (${messageOf(error)}): run the same command again`,
    );
  });
  return record;
}
