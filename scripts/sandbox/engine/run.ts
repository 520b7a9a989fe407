import pLimit from "p-limit";
import { encrypting, snapshotToDeployment } from "../state/deployment.ts";
import { stackFiles, type StackFiles } from "../state/files.ts";
import { Journal } from "../state/journal.ts";
import { acquireLock } from "../state/lock.ts";
import type { ResourceState, Snapshot } from "../state/resource.ts";
import { openSnapshot, readState, recoverState, writeDeployment } from "../state/store.ts";
import type { Properties } from "../values/value.ts";
import { builtinProvider } from "./builtin-provider.ts";
import { Callbacks } from "./callbacks.ts";
import { stop } from "./child.ts";
import type { Context } from "./context.ts";
import { deleteLeftovers } from "./deletions.ts";
import { ordered } from "./dependency-graph.ts";
import { destroy } from "./destroy.ts";
import { ENGINE_SERVICE, engineService } from "./engine-service.ts";
import type { RunResult } from "./events.ts";
import { listen, newServer, serviceMessage } from "./grpc.ts";
import { checkStackPolicies } from "./guard.ts";
import { Hooks } from "./hooks.ts";
import { ResourceInvokes } from "./invokes.ts";
import { Monitor, MONITOR_SERVICE } from "./monitor.ts";
import type { RunOptions } from "./options.ts";
import { PolicyPacks } from "./policy-packs.ts";
import { startProgram } from "./program.ts";
import { Providers } from "./providers.ts";
import { Recorder } from "./recorder.ts";
import { refresh } from "./refresh.ts";
import { Registrations } from "./registrations.ts";
import { Report } from "./report.ts";
import { settlePending } from "./settle.ts";
import { stackOutputsOf } from "./stack-outputs.ts";
import { targetTest } from "./targets.ts";
import { isDefaultProvider, makeUrn, STACK_TYPE } from "./urn.ts";

/** The program said this code for "my error is printed already". */
const EXIT_LOGGED = 32;
/** How long a program may take to end after the run has failed, in milliseconds. */
const EXIT_GRACE = 10_000;

/** Runs one command on one stack. Rejects with a UserError where it cannot even begin. */
export async function run(options: RunOptions): Promise<RunResult> {
  const begun = performance.now();
  const files = stackFiles(options.stateDirectory, options.project.name, options.stack);
  const preview = options.command === "preview";
  const release = preview || options.dryRun === true ? () => undefined : acquireLock(files.lock, options.stack);
  try {
    return await runLocked(options, files, begun);
  } finally {
    release();
  }
}

async function runLocked(options: RunOptions, files: StackFiles, begun: number): Promise<RunResult> {
  const dry = options.command === "preview" || options.dryRun === true;
  const loaded = dry ? readState(files) : recoverState(files);
  const snapshot = openSnapshot(loaded.deployment, options.secrets);
  const report = new Report(options.onEvent);
  const server = newServer();
  server.addService(ENGINE_SERVICE, engineService(report));
  const engineAddress = `127.0.0.1:${await listen(server)}`;
  const callbacks = new Callbacks();
  const providers = new Providers(
    options.providers,
    builtinProvider(stackOutputsOf(options)),
    engineAddress,
    options.project.root,
    options.project.main,
  );
  const packs = new PolicyPacks(options, engineAddress);
  let journal: Journal | undefined;
  try {
    if (!dry)
      journal = new Journal(files.journal, loaded.text, encrypting(options.secrets), {
        type: options.secrets.type,
        state: { ...options.secrets.state },
      });
    const context = await makeContext(options, { snapshot, report, callbacks, providers, packs, journal });
    await COMMANDS[options.command](context, engineAddress);
    if (options.expectNoChanges) checkNoChanges(report);
    report.closing(options.command === "preview");
    journal?.close();
    if (!dry) finish(files, options);
    return toResult(context, await policyCount(packs), begun);
  } finally {
    callbacks.close();
    await Promise.allSettled([packs.close(), providers.close()]);
    server.forceShutdown();
  }
}

interface Parts {
  readonly snapshot: Snapshot;
  readonly report: Report;
  readonly callbacks: Callbacks;
  readonly providers: Providers;
  readonly packs: PolicyPacks;
  readonly journal: Journal | undefined;
}

async function makeContext(options: RunOptions, parts: Parts): Promise<Context> {
  const olds = ordered(parts.snapshot.resources);
  const recorder = new Recorder(parts.snapshot.resources, parts.journal);
  const preview = options.command === "preview" || options.dryRun === true;
  const context: Context = {
    options,
    preview,
    stackUrn: makeUrn(options.stack, options.project.name, "", STACK_TYPE, `${options.project.name}-${options.stack}`),
    olds,
    oldByUrn: new Map(olds.filter((state) => !state.delete).map((state) => [state.urn, state])),
    registered: new Set(),
    planned: new Set(),
    takenOver: new Map(),
    formerUrns: new Map(),
    claimed: new Set(),
    deletedFirst: new Map(),
    replaced: new Set(),
    deleted: new Set(),
    news: new Map(),
    goals: new Map(),
    skipped: new Set(),
    recorder,
    providers: parts.providers,
    callbacks: parts.callbacks,
    hooks: new Hooks(parts.callbacks),
    packs: parts.packs,
    report: parts.report,
    slots: pLimit(Math.max(1, options.parallel)),
    isTarget: targetTest(options.targets),
    now: () => new Date().toISOString(),
  };
  options.signal?.addEventListener("abort", () => {
    parts.report.bail("", "the run was interrupted");
    parts.providers.cancelAll();
  });
  return settlePending(context, parts.snapshot.pending);
}

const COMMANDS: Readonly<Record<RunOptions["command"], (context: Context, engineAddress: string) => Promise<void>>> = {
  preview: evaluate,
  up: evaluate,
  refresh,
  destroy,
};

/** Runs the program to its end, then deletes what it no longer wants, then judges the whole. */
async function evaluate(context: Context, engineAddress: string): Promise<void> {
  const { report, options } = context;
  const registrations = new Registrations(context);
  let deletions: Promise<void> | undefined;
  const finishUp = async (): Promise<void> => {
    await registrations.idle();
    if (report.failing && report.stopped) return;
    deletions ??= report.errors.length > 0 && !context.preview ? Promise.resolve() : deleteLeftovers(context);
    await deletions;
  };
  const monitor = new Monitor(context, registrations, new ResourceInvokes(context), finishUp);
  const server = newServer();
  server.addService(MONITOR_SERVICE, monitor.service());
  const address = `127.0.0.1:${await listen(server)}`;
  monitor.listenAt(address);
  const lines: string[] = [];
  const program = startProgram(options, { monitor: address, engine: engineAddress }, (stream, line) => {
    if (stream === "stderr") lines.push(line);
    report.log("info", "", line);
  });
  const watchdog = setInterval(() => {
    if (!report.stopped) return;
    clearInterval(watchdog);
    // A program that waits for an answer it will never get is ended once what was begun is done.
    setTimeout(() => void registrations.idle().then(() => stop(program)), EXIT_GRACE).unref();
  }, 100);
  watchdog.unref();
  try {
    const code = await program.exited;
    await registrations.idle();
    if (code !== 0 && !report.failing) {
      if (code === EXIT_LOGGED) report.bail("", "the program failed");
      else report.bail("", exitMessage(code, lines));
    } else if (code !== 0 && code !== EXIT_LOGGED && report.errors.length === 0) {
      report.bail("", exitMessage(code, lines));
    }
    if (code === 0) await finishUp();
    registrations.settleStackOutputs();
    if (!report.failing && (await checkStackPolicies(context))) report.failAtEnd();
  } catch (error) {
    report.bail("", serviceMessage(error));
  } finally {
    clearInterval(watchdog);
    await stop(program);
    server.forceShutdown();
  }
}

function exitMessage(code: number | string, lines: readonly string[]): string {
  const reason = lines.find((line) => /\b\w*Error\b.*:/.test(line))?.trim();
  return `the program ended with ${typeof code === "number" ? `exit code ${code}` : code}${reason === undefined ? "" : `: ${reason}`}`;
}

function checkNoChanges(report: Report): void {
  const changed = Object.entries(report.changes).filter(([op, count]) => op !== "same" && count > 0);
  if (changed.length > 0)
    report.error(
      "",
      `no changes were expected, but changes were ${changed.map(([op, count]) => `${count} ${op}`).join(", ")}`,
    );
}

/** Puts the journal's result in the snapshot's place. */
function finish(files: StackFiles, options: RunOptions): void {
  const { deployment } = readState(files);
  const empty = snapshotToDeployment(
    { resources: [], pending: [] },
    encrypting(options.secrets),
    options.secrets,
    new Date().toISOString(),
  );
  writeDeployment(files, {
    version: 3,
    deployment: {
      ...deployment,
      manifest: empty.deployment.manifest,
      secrets_providers: empty.deployment.secrets_providers,
    },
  });
  recoverState(files);
}

/** A pack that does not load asked nothing; the run has failed by it. */
async function policyCount(packs: PolicyPacks): Promise<number> {
  const loaded = await packs.loaded().catch(() => []);
  return loaded.reduce((sum, pack) => sum + pack.policyCount, 0);
}

function toResult(context: Context, policiesChecked: number, begun: number): RunResult {
  const { report, options } = context;
  const resources = context.recorder.current();
  return {
    stack: options.stack,
    command: options.command,
    result: report.failing ? "failed" : "succeeded",
    changes: report.changes,
    steps: report.steps,
    failed: report.failed,
    findings: report.findings,
    remediations: report.remediations,
    policiesChecked,
    errors: report.errors,
    outputs: outputsOf(context, resources),
    resourceCount: countResources(context, resources),
    seconds: (performance.now() - begun) / 1000,
  };
}

function outputsOf(context: Context, resources: readonly ResourceState[]): Properties {
  const stack = context.news.get(context.stackUrn) ?? resources.find((state) => state.urn === context.stackUrn);
  return stack?.outputs ?? {};
}

/** As Pulumi counts: without providers that the engine made by itself. */
const countResources = (context: Context, resources: readonly ResourceState[]): number =>
  (context.preview ? [...context.news.values()] : resources).filter(
    (state) => !state.delete && !isDefaultProvider(state.urn),
  ).length;
