import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budgetsOf } from "../cost/budget.ts";
import { differenceOf } from "../cost/difference.ts";
import { branchFolder, isRevision, nearestBranch } from "../cost/difference-worktree.ts";
import { estimate } from "../cost/estimate.ts";
import type { StackCost } from "../cost/model.ts";
import { pricesFrom, readPriceRows } from "../cost/prices.ts";
import { costSourceOf } from "../cost/source-world.ts";
import { usages } from "../cost/usage.ts";
import type { Engine, EngineRun } from "../engines/engine.ts";
import { sandboxEngine } from "../engines/sandbox-engine.ts";
import { judge } from "../policy/judge.ts";
import { OWN_PACK } from "../policy/pack.ts";
import { previewSource } from "../preview-source.ts";
import { openSession } from "../sandbox/cli/session.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import { sandboxSource, type Source } from "../state-source.ts";
import { lossesIn } from "../stateful/losses.ts";
import { assembled, fitted, type Gathered } from "./assemble.ts";
import { bounded, fileName, type PullRequestReport, reportSchema } from "./schema.ts";

export interface BuildRequest {
  /** The project's folder, absolute. */
  readonly root: string;
  /** A revision: what the change is measured against. */
  readonly base: string;
  readonly stacks: readonly string[];
  /** Whether whoever made the change says that losses are meant. */
  readonly allowLosses: boolean;
  readonly say: (line: string) => void;
}

/**
 * Brings the base up in an empty sandbox and previews the change on top of it: what it does to resources, what the
 * policy pack says of it, what would be lost, and what it costs. No account, no credential, no network.
 */
export async function buildReport(request: BuildRequest): Promise<PullRequestReport> {
  const { root, base, stacks, say } = request;
  if (!(await isRevision(root, base)))
    throw new UserError(`--base ${JSON.stringify(base)} is no revision: ${await nearestBranch(root, base)}`, 2);
  const stateDirectory = mkdtempSync(join(tmpdir(), "groundwork-report-"));
  try {
    say(`bringing ${base} up in an empty sandbox`);
    const baseFailed = await branchFolder(root, base, (folder) => bringUp(folder, stateDirectory, stacks));
    say("previewing the change on top of it");
    const place = { cwd: root, stateDir: stateDirectory };
    const engine = sandboxEngine({ root, stateDirectory });
    const gathered: Gathered[] = [];
    // One after the other: previews share the sandbox's cloud.
    for (const stack of stacks) gathered.push(await gather({ ...request, stack, place, engine }));
    return fitted(
      reportSchema.parse({
        version: 1,
        baseFailed: baseFailed === undefined ? null : bounded(baseFailed),
        stacks: gathered.map(assembled),
      }),
    );
  } finally {
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

/** Why it did not come up; undefined where it did. What had come up by then is compared with all the same. */
async function bringUp(folder: string, stateDirectory: string, stacks: readonly string[]): Promise<string | undefined> {
  try {
    const engine = sandboxEngine({ root: folder, stateDirectory, policy: false });
    const runs = await Promise.all(stacks.map((stack) => engine.up(stack, { skipPreview: true })));
    const failed = runs.find(({ result }) => result === "failed");
    return failed && `${failed.stack}: ${failed.errors[0] ?? "no reason given"}`.replaceAll(`${folder}/`, "");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return messageOf(error).replaceAll(`${folder}/`, "");
  }
}

interface OneStack extends BuildRequest {
  readonly stack: string;
  readonly place: { readonly cwd: string; readonly stateDir: string };
  readonly engine: Engine;
}

async function gather({ stack, place, engine, allowLosses }: OneStack): Promise<Gathered> {
  const run = await orItsFailure(stack, () => engine.preview(stack));
  const source = await readable(() => previewSource(place, stack));
  const before = await readable(() => sandboxSource(place, stack));
  const judged = source && (await judge(OWN_PACK, source, { environment: undefined, configFile: undefined }));
  return {
    stack,
    result: run.result,
    errors: run.errors,
    steps: run.steps,
    said: run.findings,
    judged,
    losses: lossesIn(run).map(({ urn, op, lost, backup }) => ({ urn, op, lost, backup, allowed: allowLosses })),
    cost: source && (await costOf(place.cwd, before, source)),
  };
}

async function orItsFailure(stack: string, run: () => Promise<EngineRun>): Promise<EngineRun> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { stack, result: "failed", steps: [], findings: [], errors: messageOf(error).split("\n") };
  }
}

/** Undefined where there is nothing to read; why, the run's own errors say. */
async function readable(read: () => Promise<Source>): Promise<Source | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

async function costOf(root: string, before: Source | undefined, after: Source): Promise<Gathered["cost"]> {
  const { project } = await openSession({ cwd: root, stateDir: undefined });
  const prices = pricesFrom(readPriceRows());
  const estimated = (source: Source): StackCost => {
    const { resources, world, placeOf } = costSourceOf(source, project.name, usages);
    return estimate({ resources, world, placeOf, prices });
  };
  const now = estimated(after);
  const { stacks } = differenceOf(before === undefined ? [] : [estimated(before)], [now], "the base");
  const [change] = stacks;
  return change && { change, overBudget: budgetsOf([now]).some(({ broken }) => broken) };
}

export function writeReport(directory: string, report: PullRequestReport): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, fileName), JSON.stringify(report));
}
