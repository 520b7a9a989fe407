import type { Command, RunResult } from "../../engine/events.ts";
import { UserError } from "../../user-error.ts";
import { colors } from "../display/colors.ts";
import { type Display, silentDisplay, startDisplay } from "../display/display.ts";
import { redactor, secretsIn } from "../display/redact.ts";
import { stdoutScreen } from "../display/screen.ts";
import { type OptionValues, many } from "../options.ts";
import { resultJson } from "../result-json.ts";
import { type RunRequest, failedResult, runStacks } from "../run.ts";

const DEFAULT_STACKS = ["staging", "production"];

/** `up`, `preview`, `refresh`, `destroy`: runs, shows, and returns the exit code. */
export async function runCommand(command: Command, values: OptionValues): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write("interrupted: what is running is finished first; once more ends it now\n");
    interrupt.abort();
  };
  process.on("SIGINT", onInterrupt);
  try {
    const request = requestOf(command, values, interrupt.signal);
    return await (values.json === true ? runAsJson(request) : runForPeople(request, values.diff === true));
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

function requestOf(command: Command, values: OptionValues, signal: AbortSignal): RunRequest {
  const stacks = many(values.stack);
  return {
    command,
    cwd: values.cwd,
    stateDir: values.stateDir,
    stacks: stacks.length === 0 ? DEFAULT_STACKS : stacks,
    policyPacks: values.policyPack ?? [],
    policyPackConfigs: values.policyPackConfig ?? [],
    // Pulumi asks its packs only where something is to be made.
    policy: (values.policy ?? true) && (command === "up" || command === "preview"),
    configFile: values.configFile,
    config: values.config ?? [],
    secret: values.secret ?? [],
    skipPreview: values.skipPreview ?? false,
    excludeProtected: values.excludeProtected ?? false,
    targets: values.target ?? [],
    parallel: values.parallel ?? 16,
    expectNoChanges: values.expectNoChanges ?? false,
    faults: values.fail ?? [],
    latencyMilliseconds: values.latency ?? 0,
    signal,
  };
}

const exitCode = (results: readonly RunResult[]): number =>
  results.every(({ result }) => result === "succeeded") ? 0 : 1;

async function runForPeople(request: RunRequest, diff: boolean): Promise<number> {
  const hidden: string[] = [];
  let redact = redactor(hidden);
  const hide = (secrets: readonly string[]): void => {
    hidden.push(...secrets);
    redact = redactor(hidden);
  };
  const screen = await stdoutScreen((text) => redact(text));
  const display: Display = startDisplay({
    screen,
    colors,
    stacks: request.stacks,
    diff,
    steps: true,
    now: () => performance.now(),
  });
  try {
    const results = await runStacks(request, { display, hide });
    hide(results.flatMap(({ outputs }) => Object.values(outputs).flatMap(secretsIn)));
    for (const result of results) display.summary(result);
    return exitCode(results);
  } finally {
    display.close();
  }
}

async function runAsJson(request: RunRequest): Promise<number> {
  const hidden: string[] = [];
  const display = silentDisplay((text) => process.stderr.write(`${text}\n`));
  const results = await runStacks(request, { display, hide: (secrets) => hidden.push(...secrets) }).catch(
    (error: unknown) => {
      if (!(error instanceof UserError) || error.exitCode === 2) throw error;
      // What concerns the whole project failed each of its stacks.
      return request.stacks.map((stack) => failedResult(stack, request.command, error.message, 0));
    },
  );
  hidden.push(...results.flatMap(({ outputs }) => Object.values(outputs).flatMap(secretsIn)));
  const redact = redactor(hidden);
  const documents = results.map((result) => resultJson(result, redact));
  process.stdout.write(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  for (const { stack, errors } of documents)
    for (const { message } of errors) process.stderr.write(`${stack}: ${message}\n`);
  return exitCode(results);
}
