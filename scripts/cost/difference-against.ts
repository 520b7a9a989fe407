import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGiven } from "../sandbox/cli/commands/state-commands.ts";
import { isJsonObject } from "../sandbox/state/deployment.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import { branchFolder, isRevision, nearestBranch } from "./difference-worktree.ts";
import type { StackCost } from "./model.ts";
import { stacksOfReport } from "./report-reading.ts";
import { type Estimated, estimated, type GivenStack, type Reading } from "./report-sources.ts";

/** What is compared: with what, and, where it has to be read in a way of its own, what is now. */
export interface Baseline {
  readonly against: string;
  readonly before: readonly StackCost[];
  readonly after?: readonly Estimated[];
}

/** `against` is a file, else a branch. Throws a UserError where it is neither, or cannot be read. */
export async function baselineOf(against: string, given: readonly GivenStack[], reading: Reading): Promise<Baseline> {
  if (existsSync(against)) return { against, before: await stacksIn(against, reading) };
  if (!(await isRevision(reading.place.cwd, against)))
    throw new UserError(
      `--against ${JSON.stringify(against)} is neither a file nor a branch: ${await nearestBranch(reading.place.cwd, against)}`,
      2,
    );
  return ofBranch(against, given, reading);
}

async function stacksIn(file: string, reading: Reading): Promise<readonly StackCost[]> {
  const json = parsed(await readGiven(file), file);
  if (!isJsonObject(json) || !("deployment" in json)) return stacksOfReport(json, file);
  return (await estimated([{ kind: "export", file }], reading)).map(({ cost }) => cost);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not JSON: give a report in JSON, or what \`pulumi stack export\` wrote`, 2);
  }
}

/** Both programs are previewed on an empty state, so that neither knows what the other does not. */
async function ofBranch(branch: string, given: readonly GivenStack[], reading: Reading): Promise<Baseline> {
  const previews = given.map((each): GivenStack =>
    each.kind === "export" ? each : { kind: "preview", stack: each.stack },
  );
  const names = previews.flatMap((each) => (each.kind === "export" ? [] : [each.stack]));
  const now = await withEmptyState((stateDir) =>
    estimated(previews, { ...reading, place: { ...reading.place, stateDir } }),
  );
  const stacks = names.length > 0 ? names : now.map(({ cost }) => cost.stack);
  const before = await branchFolder(reading.place.cwd, branch, (cwd) =>
    withEmptyState((stateDir) =>
      estimated(
        stacks.map((stack) => ({ kind: "preview", stack })),
        { ...reading, place: { cwd, stateDir } },
      ),
    ).catch((error: unknown) => {
      throw new UserError(
        `branch ${branch}: ${briefly(error, cwd)}; check it out to see more, or compare with a report in JSON`,
      );
    }),
  );
  return { against: branch, before: before.map(({ cost }) => cost), after: now };
}

/** What a program says when it fails has many lines, of which two tell; and it names files that are gone by then. */
const briefly = (error: unknown, folder: string): string =>
  messageOf(error).replaceAll(`${folder}/`, "").split("\n").slice(0, 2).join(" ");

async function withEmptyState<T>(work: (stateDirectory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "groundwork-cost-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
