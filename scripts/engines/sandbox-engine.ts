import { rm } from "node:fs/promises";
import type { Engine, EngineOptions, EngineRun, PlannedStep, PropertyValues, StackSummary } from "./engine.ts";
import { oneLineEach } from "./one-line.ts";
import { noColors } from "../sandbox/cli/display/colors.ts";
import type { Display } from "../sandbox/cli/display/display.ts";
import { eventLine } from "../sandbox/cli/display/progress.ts";
import { redactor } from "../sandbox/cli/display/redact.ts";
import { UNKNOWN_TEXT, shown, valueText } from "../sandbox/cli/display/value-text.ts";
import { openState } from "../sandbox/cli/commands/state-commands.ts";
import { type RunRequest, runStacks } from "../sandbox/cli/run.ts";
import { NO_CONFIG_OPTIONS, type Place, openSession } from "../sandbox/cli/session.ts";
import type { Command, PropertyChange, RunResult, Step } from "../sandbox/engine/events.ts";
import { isDefaultProvider } from "../sandbox/protocol/urn.ts";
import { stackNameOf, stacksWithState } from "../sandbox/project/stack-names.ts";
import { stackFiles } from "../sandbox/state/files.ts";
import { acquireLock } from "../sandbox/state/lock.ts";
import { readState } from "../sandbox/state/store.ts";
import { UserError } from "../sandbox/user-error.ts";
import { Secret, type Value } from "../sandbox/values/value.ts";

export interface SandboxEngineRequest {
  /** The folder of Pulumi.yaml, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly stateDirectory: string;
  /** Asks the project's policy pack. Default: true. */
  readonly policy?: boolean;
}

const PARALLEL = 16;
const STACK_TYPE = "pulumi:pulumi:Stack";

/** The engine and the cloud of scripts/sandbox, in this process: no account, no network. */
export function sandboxEngine({ root, stateDirectory, policy = true }: SandboxEngineRequest): Engine {
  const placeOf = (directory: string): Place => ({ cwd: directory, stateDir: stateDirectory });
  const run =
    (command: Command, previewOnly = false) =>
    async (stack: string, options: EngineOptions = {}): Promise<EngineRun> => {
      const interrupt = new AbortController();
      const onInterrupt = (): void => interrupt.abort();
      process.once("SIGINT", onInterrupt);
      const secrets: string[] = [];
      const redact = (text: string): string => redactor(secrets)(text);
      try {
        const request: RunRequest = {
          ...NO_CONFIG_OPTIONS,
          ...placeOf(options.directory ?? root),
          command,
          stacks: [stack],
          config: Object.entries(options.config ?? {}).map(([key, value]) => `${key}=${value}`),
          policyPacks: [],
          policyPackConfigs: [],
          policy: policy && (command === "up" || command === "preview"),
          skipPreview: options.skipPreview ?? false,
          previewOnly,
          excludeProtected: false,
          targets: [],
          parallel: PARALLEL,
          expectNoChanges: false,
          faults: [],
          latencyMilliseconds: 0,
          signal: interrupt.signal,
        };
        const display = lineDisplay((line) => options.onLine?.(redact(line)));
        const [result] = await runStacks(request, { display, hide: (more) => secrets.push(...more) });
        if (result === undefined) throw new UserError(`stack ${stack} was not run`);
        return engineRun(result, redact);
      } finally {
        process.off("SIGINT", onInterrupt);
      }
    };
  return {
    kind: "sandbox",
    stacks: () => summaries(placeOf(root)),
    preview: run("preview"),
    up: run("up"),
    previewRefresh: run("refresh", true),
    previewDestroy: run("destroy", true),
    destroy: run("destroy"),
    remove: (stack) => forget(placeOf(root), stack),
    outputs: (stack) => plainOutputs(placeOf(root), stack),
  };
}

/** Steps of a resource and notes, a line each. */
const lineDisplay = (print: (line: string) => void): Display => ({
  begin: (_stack, phase, final) => (event) => {
    const line = final ? eventLine(event, phase, noColors) : undefined;
    line?.split("\n").forEach((one) => print(one));
  },
  end: () => undefined,
  note: (_stack, text) => text.split("\n").forEach((one) => print(one)),
  summary: () => undefined,
  close: () => undefined,
});

function engineRun(result: RunResult, redact: (text: string) => string): EngineRun {
  return {
    stack: result.stack,
    result: result.result,
    steps: result.steps
      .filter(({ urn }) => !isDefaultProvider(urn))
      .filter((step) => !result.failed.some(({ op, urn }) => op === step.op && urn === step.urn))
      .flatMap((step) => plannedStep(step, redact)),
    findings: result.findings.map(({ policy, level, urn, message }) => ({
      policy,
      level,
      urn,
      message: redact(message),
    })),
    errors: result.errors.flatMap(({ message }) => oneLineEach(redact(message))),
  };
}

/** A refresh says of every resource that it was looked at: what counts is what that found. */
function plannedStep(
  { op, urn, type, diffs, keys, changes, outcome }: Step,
  redact: (text: string) => string,
): PlannedStep[] {
  if (op === "refresh") {
    if (outcome === undefined || outcome === "same") return [];
    const changed = [...new Set(changes.map(({ path }) => path))].sort();
    return [{ op: outcome, urn, type, changed, replaces: [], values: values(changes, redact) }];
  }
  return op === "same" || op === "read" ? [] : [{ op, urn, type, changed: [...diffs], replaces: [...keys] }];
}

const VALUE_WIDTH = 200;

function values(changes: readonly PropertyChange[], redact: (text: string) => string): PropertyValues[] {
  const text = (value: Value | undefined): string | undefined =>
    value === undefined ? undefined : redact(valueText(value, VALUE_WIDTH));
  return changes
    .map(({ path, old, now }) => ({ path, was: text(old), is: text(now) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function summaries(place: Place): Promise<readonly StackSummary[]> {
  const { project, stateDirectory } = await openSession(place);
  const names = await stacksWithState(project.name, stateDirectory);
  return names.map((name) => {
    const { manifest, resources } = readState(stackFiles(stateDirectory, project.name, name)).deployment;
    const time = typeof manifest.time === "string" ? new Date(manifest.time) : undefined;
    // A state that was never written has Go's zero time.
    const updatedAt = time !== undefined && time.getFullYear() > 1 ? time : undefined;
    return { name, updatedAt, resourceCount: resources.length };
  });
}

async function forget(place: Place, name: string): Promise<void> {
  const stack = stackNameOf(name);
  const { project, stateDirectory } = await openSession(place);
  if (!(await stacksWithState(project.name, stateDirectory)).includes(stack))
    throw new UserError(`there is no stack ${stack} in the sandbox`);
  const { snapshot } = await openState(place, stack);
  if (snapshot.resources.length > 0)
    throw new UserError(`stack ${stack} still has ${snapshot.resources.length} resources: destroy them first`);
  const files = stackFiles(stateDirectory, project.name, stack);
  const release = acquireLock(files.lock, stack);
  try {
    await Promise.all([files.journal, files.snapshot].map((file) => rm(file, { force: true })));
  } finally {
    release();
  }
}

async function plainOutputs(place: Place, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const stack = stackNameOf(name);
  const { project, stateDirectory } = await openSession(place);
  if (!(await stacksWithState(project.name, stateDirectory)).includes(stack)) return undefined;
  const { snapshot } = await openState(place, stack);
  const outputs = snapshot.resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([key, value]) => {
      if (value instanceof Secret) return [];
      const plain = shown(value);
      return plain === UNKNOWN_TEXT ? [] : [[key, plain]];
    }),
  );
}
