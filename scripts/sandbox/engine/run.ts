import pLimit from "p-limit";
import { encrypting } from "../state/deployment.ts";
import { stackFiles, type StackFiles } from "../state/files.ts";
import { Journal } from "../state/journal.ts";
import { acquireLock } from "../state/lock.ts";
import type { Snapshot } from "../state/resource.ts";
import type { SecretsManager } from "../state/secrets-manager.ts";
import { foldRun, openSnapshot, readState, recoverState } from "../state/store.ts";
import { builtinProvider } from "./builtin-provider.ts";
import { Callbacks } from "./callbacks.ts";
import type { Context } from "./context.ts";
import { ordered } from "./dependency-graph.ts";
import { destroy } from "./destroy.ts";
import { evaluate } from "./evaluate.ts";
import { ENGINE_SERVICE, engineService } from "./engine-service.ts";
import type { RunResult } from "./events.ts";
import { listen, newServer } from "../protocol/grpc.ts";
import { Hooks } from "./hooks.ts";
import type { RunOptions, RunRequest } from "./options.ts";
import { PolicyPacks } from "./policy-packs.ts";
import { launchProgram } from "./launch.ts";
import { Providers } from "./providers.ts";
import { Recorder } from "./recorder.ts";
import { refresh } from "./refresh.ts";
import { Report } from "./report.ts";
import { policyCount, resultOf } from "./result.ts";
import { settlePending } from "./settle.ts";
import { stackOutputsOf } from "./stack-outputs.ts";
import { targetTest } from "./targets.ts";
import { makeUrn, STACK_TYPE } from "../protocol/urn.ts";
import { withoutTwins } from "./twins.ts";

/** Runs one command on one stack. Rejects with a UserError where it cannot even begin. */
export async function run(options: RunRequest): Promise<RunResult> {
  const begun = performance.now();
  const files = stackFiles(options.stateDirectory, options.project.name, options.stack);
  const release = isDry(options) ? () => undefined : acquireLock(files.lock, options.stack);
  try {
    return await runLocked(options, files, begun);
  } finally {
    release();
  }
}

/** Whether nothing is changed, neither the state nor the cloud. */
const isDry = ({ command, dryRun }: RunRequest | RunOptions): boolean => command === "preview" || dryRun === true;

/** Of a preview of a stack that does not exist: nothing is sealed yet, and nothing will be. */
const NO_SECRETS: SecretsManager = {
  type: "passphrase",
  state: {},
  encrypt: () => {
    throw new TypeError("a preview seals nothing");
  },
  decrypt: () => {
    throw new TypeError("a stack without state has nothing to open");
  },
};

async function runLocked(request: RunRequest, files: StackFiles, begun: number): Promise<RunResult> {
  const dry = isDry(request);
  const loaded = dry ? readState(files) : recoverState(files);
  const report = new Report(request.onEvent);
  const server = newServer();
  server.addService(ENGINE_SERVICE, engineService(report));
  const engineAddress = `127.0.0.1:${await listen(server)}`;
  const evaluates = request.command === "preview" || request.command === "up";
  // Loading the program takes longest: it begins first, and its calls wait until the engine can take them.
  const program = evaluates ? await launchProgram(request, report, engineAddress) : undefined;
  const packs = new PolicyPacks(request, engineAddress);
  const callbacks = new Callbacks();
  let providers: Providers | undefined;
  let journal: Journal | undefined;
  try {
    const secrets = dry && loaded.text === "" ? NO_SECRETS : await request.secrets();
    const options: RunOptions = { ...request, secrets, providers: await request.providers };
    const { project } = options;
    providers = new Providers(
      options.providers,
      builtinProvider(stackOutputsOf(options)),
      engineAddress,
      project.root,
      project.main,
    );
    const snapshot = openSnapshot(loaded.deployment, secrets);
    const seal = encrypting(secrets);
    if (!dry)
      journal = new Journal(files.journal, loaded.text, seal, { type: secrets.type, state: { ...secrets.state } });
    const context = await makeContext(options, { snapshot, report, callbacks, providers, packs, journal });
    if (program !== undefined) await evaluate(context, program);
    else if (options.command === "refresh") await refresh(context);
    else await destroy(context);
    if (options.expectNoChanges) checkNoChanges(report);
    report.closing(options.command === "preview");
    journal?.close();
    if (!dry) foldRun(files, loaded, secrets);
    options.onResources?.([...context.news.values()]);
    return resultOf(context, await policyCount(packs), begun);
  } finally {
    await program?.close();
    callbacks.close();
    await Promise.allSettled([packs.close(), providers?.close()]);
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
  const recorder = new Recorder(parts.snapshot.resources, parts.journal);
  const olds = ordered(withoutTwins(parts.snapshot.resources, recorder));
  const preview = isDry(options);
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

function checkNoChanges(report: Report): void {
  const changed = Object.entries(report.changes).filter(([op, count]) => op !== "same" && count > 0);
  if (changed.length > 0)
    report.error(
      "",
      `no changes were expected, but changes were ${changed.map(([op, count]) => `${count} ${op}`).join(", ")}`,
    );
}
