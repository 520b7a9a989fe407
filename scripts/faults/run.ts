import { rmSync } from "node:fs";
import { join } from "node:path";
import { exportText } from "../sandbox/cli/commands/state-commands.ts";
import { silentDisplay } from "../sandbox/cli/display/display.ts";
import { redactor } from "../sandbox/cli/display/redact.ts";
import { runStacks } from "../sandbox/cli/run.ts";
import { NO_CONFIG_OPTIONS } from "../sandbox/cli/session.ts";
import { held } from "../sandbox/end-to-end/held.ts";
import type { RunResult } from "../sandbox/engine/events.ts";
import { exportedResources } from "./compare.ts";
import { type Left, problemsOf } from "./judge.ts";

export interface FaultResult {
  readonly type: string;
  /** Empty where the stack recovers. */
  readonly problems: readonly string[];
}

export interface FaultCheck {
  readonly stack: string;
  readonly type: string;
  /** What an undisturbed run leaves. */
  readonly expected: Left;
  /** Where states of runs may stand. */
  readonly directory: string;
}

const CAUSE = "ServiceUnavailable: told to fail once";

/** One run in which the first operation on the type fails, and one that goes on from there. */
export async function checkFault({ stack, type, expected, directory }: FaultCheck): Promise<FaultResult> {
  const stateDir = join(directory, type.replaceAll(/[^\w]+/g, "-"));
  const hidden: string[] = [];
  const hide = (secrets: readonly string[]): void => void hidden.push(...secrets);
  try {
    const failed = await up(stack, stateDir, { faults: [`${type}@1:${CAUSE}`], hide });
    const resumed = await up(stack, stateDir, { hide });
    const left = await leftBy(stack, stateDir);
    const problems = problemsOf({ type, cause: CAUSE, failed, resumed, expected, left });
    return { type, problems: problems.map(redactor(hidden)) };
  } catch (error) {
    return { type, problems: [`a run could not begin: ${error instanceof Error ? error.message : String(error)}`] };
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

interface UpOptions {
  readonly faults?: readonly string[];
  /** Is told the secrets that an error could hold. */
  readonly hide?: (secrets: readonly string[]) => void;
}

/** One `up` in this process: the engine and the cloud are loaded, and compiled, once for all of them. */
export async function up(
  stack: string,
  stateDir: string,
  { faults = [], hide = () => undefined }: UpOptions = {},
): Promise<RunResult> {
  const [result] = await runStacks(
    {
      cwd: import.meta.dirname,
      stateDir,
      ...NO_CONFIG_OPTIONS,
      command: "up",
      stacks: [stack],
      policyPacks: [],
      policyPackConfigs: [],
      policy: false,
      skipPreview: true,
      excludeProtected: false,
      targets: [],
      parallel: 16,
      expectNoChanges: false,
      faults,
      latencyMilliseconds: 0,
      signal: new AbortController().signal,
    },
    { display: silentDisplay(() => undefined), hide },
  );
  if (result === undefined) throw new Error(`${stack} did not run`);
  return result;
}

/** What the stack's last run left; secrets are in clear, to be compared and never printed. */
export async function leftBy(stack: string, stateDir: string): Promise<Left> {
  const text = await exportText({ cwd: import.meta.dirname, stateDir }, stack, true);
  return { resources: exportedResources(text), cloud: held(stateDir) };
}
