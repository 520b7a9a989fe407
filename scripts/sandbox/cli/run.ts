import { enableCompileCache } from "node:module";
import { compileCacheDirectory } from "./paths.ts";
import type { Command, EngineEvent, RunResult, Step } from "../engine/events.ts";
import type { RunRequest as EngineRequest } from "../engine/options.ts";
import type { PolicyPackSource } from "../project/model.ts";
import { loadPolicyPacks } from "../project/policy-pack.ts";
import { requireKnownStack, stackNameOf } from "../project/stack-names.ts";
import { UserError } from "../user-error.ts";
import { startProviders } from "./cloud.ts";
import type { Display } from "./display/display.ts";
import { secretTexts } from "./display/redact.ts";
import type { SecretsManager } from "../state/secrets-manager.ts";
import { type Division, guardedNote, withoutProtected } from "./unprotected.ts";
import { type ConfigOptions, type Place, type Session, openSession, openStack } from "./session.ts";

/** What `up`, `preview`, `refresh`, and `destroy` are asked to do. */
export interface RunRequest extends Place, ConfigOptions {
  readonly command: Command;
  readonly stacks: readonly string[];
  /** Empty: the project's own `policy-pack`. */
  readonly policyPacks: readonly string[];
  readonly policyPackConfigs: readonly string[];
  readonly policy: boolean;
  readonly skipPreview: boolean;
  /** Of a refresh or a destroy: says what it would do, and does nothing. */
  readonly previewOnly?: boolean;
  /** Of a destroy: what is protected stays, with all that it needs. */
  readonly excludeProtected: boolean;
  readonly targets: readonly string[];
  readonly parallel: number;
  readonly expectNoChanges: boolean;
  /** `TYPE-or-URN-glob[@nth][:message]`. */
  readonly faults: readonly string[];
  readonly latencyMilliseconds: number;
  readonly signal: AbortSignal;
}

export interface RunHooks {
  readonly display: Display;
  /** Texts that must never be shown. */
  readonly hide: (secrets: readonly string[]) => void;
}

/** Commands that make a stack which is not known yet; the others need one. */
const MAKES_STACKS: ReadonlySet<Command> = new Set(["up", "preview"]);

/**
 * Runs the command on every stack side by side. A failure of one stack is its result; what concerns all of them
 * (no project, a wrong option) throws a UserError.
 */
export async function runStacks(request: RunRequest, hooks: RunHooks): Promise<RunResult[]> {
  const session = await openSession(request);
  // The engine, the cloud, and gRPC load from what Node compiled before.
  enableCompileCache(compileCacheDirectory(session.stateDirectory));
  const stacks = [...new Set(request.stacks.map(stackNameOf))];
  if (!MAKES_STACKS.has(request.command))
    for (const stack of stacks) await requireKnownStack(session.project, session.stateDirectory, stack);
  const packsOf = async (stack: string): Promise<readonly PolicyPackSource[]> =>
    request.policy
      ? loadPolicyPacks({
          directories: request.policyPacks,
          configFiles: request.policyPackConfigs,
          root: session.project.root,
          stack,
        })
      : [];
  // All of them first: a configuration that is wrong stops the command, not one stack of several.
  const judged = await Promise.all(stacks.map(async (stack) => ({ stack, policyPacks: await packsOf(stack) })));
  const providers = startProviders({
    project: session.project,
    stateDirectory: session.stateDirectory,
    faults: request.faults,
    latencyMilliseconds: request.latencyMilliseconds,
  });
  const ports = providers.then((started) => started.ports);
  // Each stack waits for it; this keeps a failure from going unheard if none gets that far.
  ports.catch(() => undefined);
  try {
    return await Promise.all(judged.map((one) => runStack({ request, hooks, session, ...one, ports })));
  } finally {
    await providers.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  }
}

interface StackRun {
  readonly request: RunRequest;
  readonly hooks: RunHooks;
  readonly session: Session;
  readonly stack: string;
  readonly policyPacks: readonly PolicyPackSource[];
  readonly ports: Promise<ReadonlyMap<string, number>>;
}

async function runStack(context: StackRun): Promise<RunResult> {
  const { request, hooks, session, stack, policyPacks } = context;
  const began = performance.now();
  try {
    const [{ run }, { config, secrets, openSecrets, notices }] = await Promise.all([
      import("../engine/run.ts"),
      openStack(session, stack, request),
    ]);
    hooks.hide([...config.secretKeys].flatMap((key) => secretTexts(config.values.get(key) ?? "")));
    for (const notice of notices) hooks.display.note(stack, notice);
    const division = request.excludeProtected ? await divisionOf(session, stack, await secrets()) : undefined;
    if (division !== undefined && division.guarded.length > 0) {
      hooks.display.note(stack, guardedNote(division.guarded));
      if (division.targets.length === 0) throw new UserError("nothing else is left to destroy");
    }
    const options: Omit<EngineRequest, "command" | "onEvent"> = {
      project: session.project,
      stack,
      config,
      secrets,
      openSecrets,
      stateDirectory: session.stateDirectory,
      providers: context.ports,
      policyPacks,
      compileCache: compileCacheDirectory(session.stateDirectory),
      targets: division === undefined || division.guarded.length === 0 ? request.targets : division.targets,
      parallel: request.parallel,
      expectNoChanges: request.expectNoChanges,
      signal: request.signal,
    };
    const phase = async (command: Command, dryRun: boolean, final: boolean): Promise<RunResult> => {
      const show = hooks.display.begin(stack, dryRun ? "preview" : command, final);
      const done = new Map<string, Step>();
      const onEvent = (event: EngineEvent): void => {
        if (event.kind === "step-done") done.set(stepKey(event.step), event.step);
        show(event);
      };
      const result = await run({ ...options, command, dryRun, onEvent });
      hooks.display.end(stack);
      // What a refresh found is known only when its step is done.
      return { ...result, steps: result.steps.map((step) => done.get(stepKey(step)) ?? step) };
    };
    if (request.previewOnly === true)
      return { ...(await phase(request.command, request.command !== "preview", true)), seconds: since(began) };
    const first = firstPhase(request);
    if (first !== undefined) {
      const previewed = await phase(first.command, first.dryRun, false);
      if (previewed.result === "failed") return { ...stopped(previewed, request.command), seconds: since(began) };
      if (request.signal.aborted) throw new UserError("interrupted after the preview: nothing was changed");
    }
    return { ...(await phase(request.command, false, true)), seconds: since(began) };
  } catch (error) {
    hooks.display.end(stack);
    if (!(error instanceof UserError) || error.exitCode === 2) throw error;
    return failedResult(stack, request.command, error.message, since(began));
  }
}

async function divisionOf(session: Session, stack: string, secrets: SecretsManager): Promise<Division> {
  const [{ openSnapshot, readState }, { stackFiles }] = await Promise.all([
    import("../state/store.ts"),
    import("../state/files.ts"),
  ]);
  const { deployment } = readState(stackFiles(session.stateDirectory, session.project.name, stack));
  return withoutProtected(openSnapshot(deployment, secrets).resources);
}

const stepKey = ({ op, urn }: Step): string => `${op} ${urn}`;
const since = (milliseconds: number): number => (performance.now() - milliseconds) / 1000;

/** What goes before the command itself: only a preview lets stack policies stop what is not made yet. */
export function firstPhase({
  command,
  skipPreview,
}: Pick<RunRequest, "command" | "skipPreview">): { command: Command; dryRun: boolean } | undefined {
  if (skipPreview || command === "preview") return undefined;
  return command === "up" ? { command: "preview", dryRun: false } : { command, dryRun: true };
}

/** A preview that failed is all that the command did: nothing was changed. */
const stopped = (preview: RunResult, command: Command): RunResult => ({
  ...preview,
  command,
  changes: {},
  steps: [],
});

export function failedResult(stack: string, command: Command, message: string, seconds: number): RunResult {
  return {
    stack,
    command,
    result: "failed",
    changes: {},
    steps: [],
    failed: [],
    findings: [],
    waiting: [],
    remediations: [],
    policiesChecked: 0,
    errors: [{ urn: "", message }],
    outputs: {},
    resourceCount: 0,
    seconds,
  };
}
