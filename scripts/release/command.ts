import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSteps } from "../../api/src/migrations/steps-on-disk.ts";
import { consented, requireConsent } from "../branch/confirm.ts";
import type { Surroundings } from "../branch/surroundings.ts";
import { previewLines, targetLines } from "../branch/words.ts";
import type { Engine } from "../engines/engine.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import { canaryFault, tokenVariable } from "../smoke/canary.ts";
import { type Target, targetOf } from "../target.ts";
import { cloudDeployer } from "./cloud-deployer.ts";
import type { Deployer, Deployment } from "./deploy.ts";
import { loopbackEnvironments } from "./loopback.ts";
import type { DeployOptions, ProofOptions, ReleaseOptions, RollbackOptions } from "./options.ts";
import { cloudObjects, sandboxObjects } from "./places.ts";
import { configOf, type ReleaseRecord, releaseRecord, releaseText } from "./record.ts";
import { proofOf, release, type ReleaseOutcome } from "./release.ts";
import { rollback, type RollbackPlan } from "./rollback.ts";
import { sandboxDeployer } from "./sandbox-deployer.ts";
import { environmentSettings, settingsHash } from "./settings-hash.ts";
import { sourceOf } from "./source.ts";
import { releaseStore } from "./store.ts";

export type ReleaseAround = Pick<Surroundings, "root" | "say" | "ask" | "open"> & {
  readonly env: Readonly<NodeJS.ProcessEnv>;
};

/** Runs work with what the environment's deploys have to do with, and ends whatever was started for it. */
async function deploying<T>(
  { environment, sandbox, stateDirectory, allowDestroy: allowed, waitMs }: DeployOptions,
  { root, say, open, env }: ReleaseAround,
  work: (deployer: Deployer, target: Target) => Promise<T>,
): Promise<T> {
  const target = targetOf(environment, root);
  targetLines(target, sandbox ? "sandbox" : "pulumi").forEach((line) => say(line));
  const engine = await open({ sandbox, stateDirectory, root });
  if (!sandbox) return work(await cloudDeployer({ engine, environment, root, say, waitMs, allowed, env }), target);
  const objects = sandboxObjects(root, stateDirectory);
  const loopback = await loopbackEnvironments();
  try {
    return await work(sandboxDeployer({ engine, objects, loopback, root, say, waitMs, allowed }), target);
  } finally {
    await loopback.stop();
  }
}

/** What the checked-out commit is as a release. Throws a `UserError` where files differ from it, in real accounts. */
async function deploymentOf(options: ReleaseOptions, { root, say }: ReleaseAround): Promise<Deployment> {
  const { environment, imageDigest, sandbox } = options;
  const { commit, tree, changed, version } = await sourceOf(root);
  if (changed) {
    const what = "files here differ from the commit, and a rollback could not bring them back";
    if (!sandbox) throw new UserError(`${what}: commit them first`);
    say(`${what}; the sandbox goes on`);
  }
  const name = { version: options.version ?? version, commit, imageDigest };
  return {
    environment,
    name,
    tree,
    settingsHash: settingsHash(environmentSettings(root, environment, configOf(name))),
    migrations: await readSteps(join(root, "api/src/migrations/steps")),
    directory: root,
  };
}

/** Staging's records, as far as a release of production needs them. */
async function stagingRecords(options: ReleaseOptions, { root }: ReleaseAround): Promise<readonly ReleaseRecord[]> {
  const { environment, proofFile, sandbox, stateDirectory } = options;
  if (environment !== "production") return [];
  if (proofFile !== undefined) return [await recordIn(proofFile)];
  if (sandbox) return releaseStore(sandboxObjects(root, stateDirectory)).records("staging");
  throw new UserError(
    "production takes what staging has proven: give --proof FILE, which `npm run release -- proof --env staging` prints",
    2,
  );
}

async function recordIn(file: string): Promise<ReleaseRecord> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError(`--proof: ${messageOf(error)}`, 2);
  });
  try {
    const record = releaseRecord.parse(JSON.parse(text));
    if (record.environment === "staging") return record;
  } catch {
    // Said below.
  }
  throw new UserError(
    `${file} is no release record of staging: write one with \`npm run release -- proof --env staging\``,
    2,
  );
}

export async function runRelease(options: ReleaseOptions, around: ReleaseAround): Promise<ReleaseOutcome> {
  const { say, env } = around;
  if (!options.sandbox) requireConsent(options.yes, around);
  const staging = await stagingRecords(options, around);
  const deployment = await deploymentOf(options, around);
  return deploying(options, around, async (deployer, target) => {
    const { environment, name } = deployment;
    say(`${releaseText(name)}, ${name.imageDigest}`);
    if (!options.sandbox) {
      // Without a token that counts, the smoke would fail, and a good release be rolled back.
      const fault = await canaryFault(new URL(target.apiUrl), env[tokenVariable]);
      if (fault !== undefined) throw new UserError(`the smoke ${fault}; nothing was changed`);
      if (!(await consented(`release ${name.version} to ${environment}`, target, options.yes, around)))
        throw new UserError("nothing was changed");
    }
    return release({ deployment, staging }, deployer);
  });
}

/** Staging's record that proves the checked-out tree, with the digest where one is given. Throws a `UserError` where there is none. */
export async function runProof(options: ProofOptions, around: ReleaseAround): Promise<ReleaseRecord> {
  const { environment, sandbox, stateDirectory, imageDigest } = options;
  if (environment !== "staging") throw new UserError("staging alone proves a release: give --env staging", 2);
  const { root, open } = around;
  const { tree } = await sourceOf(root);
  const objects = sandbox
    ? sandboxObjects(root, stateDirectory)
    : await cloudObjects(await engineOf(open, options, root), environment, targetOf(environment, root).region);
  return proofOf(objects, { tree, imageDigest });
}

const engineOf = (open: Surroundings["open"], { stateDirectory }: DeployOptions, root: string): Promise<Engine> =>
  open({ sandbox: false, stateDirectory, root });

/** Resolves with the record; undefined where it was not agreed to. */
export async function runRollback(options: RollbackOptions, around: ReleaseAround): Promise<ReleaseRecord | undefined> {
  requireConsent(options.yes, around);
  const { say, env } = around;
  return deploying(options, around, async (deployer, target) => {
    // Nobody waits for a token while a bad release runs.
    const fault = options.sandbox ? undefined : await canaryFault(new URL(target.apiUrl), env[tokenVariable]);
    if (fault !== undefined) say(`the smoke ${fault}: the rollback is made, and will be written down as failed`);
    return rollback(
      {
        environment: options.environment,
        version: options.to,
        agree: (plan) => {
          planLines(plan).forEach((line) => say(line));
          return consented(`roll ${options.environment} back to ${plan.target.version}`, target, options.yes, around);
        },
      },
      deployer,
    );
  });
}

/** What a rollback changes. */
export function planLines({ current, target, run }: RollbackPlan): string[] {
  const row = (label: string, from: string, to: string): string[] =>
    from === to
      ? [`  ${label.padEnd(9)} ${from}, as now`]
      : [`  ${label.padEnd(9)} ${from}`, `  ${"".padEnd(6)} to ${to}`];
  return [
    ...row("version", current.version, target.version),
    ...row("commit", current.commit, target.commit),
    ...row("image", current.imageDigest, target.imageDigest),
    ...row("settings", current.settingsHash.slice(0, 12), target.settingsHash.slice(0, 12)),
    `  ${"passed".padEnd(9)} its smoke on ${target.finishedAt}`,
    ...previewLines(run),
  ];
}

/** For people: how a release ended, and what to do next. */
export function outcomeLines({ record, rollback: back, notRolledBack }: ReleaseOutcome): string[] {
  const { environment, result, failure, durationSeconds } = record;
  if (result === "good")
    return [`${releaseText(record)} runs on ${environment}, after ${durationSeconds.toFixed(0)} s`];
  const again = "Mend what it says and run the same command again: it continues";
  return [
    `${releaseText(record)} failed on ${environment}, at ${failure?.step ?? "its end"}: ${failure?.reason ?? ""}`,
    ...(failure?.step === "migrate" ? [`What ran before still runs. ${again}.`] : []),
    ...(failure?.step === "up" ? [`${again}. \`npm run rollback -- --env ${environment}\` goes back instead.`] : []),
    ...(back === undefined ? [] : rollbackLines(back)),
    ...(notRolledBack === undefined ? [] : [`It was not rolled back: ${notRolledBack}`]),
  ];
}

export function rollbackLines(record: ReleaseRecord): string[] {
  const { environment, result, failure } = record;
  return result === "good"
    ? [`${releaseText(record)} runs on ${environment} again`]
    : [
        `the rollback to ${releaseText(record)} failed, at ${failure?.step ?? "its end"}: ${failure?.reason ?? ""}`,
        `\`npm run rollback -- --env ${environment} --to ${record.version}\` tries again`,
      ];
}
