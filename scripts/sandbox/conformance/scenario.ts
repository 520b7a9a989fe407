import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, startNode, stop } from "../engine/child.ts";
import { compileCacheDirectory } from "../cli/paths.ts";
import type { Command, RunResult } from "../engine/events.ts";
import type { RunRequest } from "../engine/options.ts";
import type { SecretsManager } from "../state/secrets-manager.ts";
import { run } from "../engine/run.ts";
import { isJsonObject, type JsonObject, propertiesToJson, showing, snapshotToDeployment } from "../state/deployment.ts";
import { stackFiles } from "../state/files.ts";
import { openSnapshot, readState } from "../state/store.ts";
import type { Call, Expectation, Finding, Scenario, ScenarioStep, StepResult } from "./expectation.ts";

export const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));
const PROGRAMS = join(FIXTURES, "scenarios");

export const scenarios = (): Readonly<Record<string, Scenario>> =>
  JSON.parse(readFileSync(join(FIXTURES, "scenarios.json"), "utf8")) as Record<string, Scenario>;

export const expectation = (name: string): Expectation =>
  JSON.parse(readFileSync(join(FIXTURES, "expected", `${name}.json`), "utf8")) as Expectation;

/** Seals nothing: the scenarios' secrets are part of what is compared. */
const openSecrets: SecretsManager = {
  type: "passphrase",
  state: { salt: "" },
  encrypt: (plaintext) => Buffer.from(plaintext).toString("base64"),
  decrypt: (ciphertext) => Buffer.from(ciphertext, "base64").toString("utf8"),
};

/** A scenario's program and provider, where they are not those of the recorded ones. */
export interface Fixtures {
  /** The folder of the program, NAME.ts. */
  readonly programs: string;
  /** A script that is called as provider.mjs is. */
  readonly provider: string;
}

const RECORDED: Fixtures = { programs: PROGRAMS, provider: join(FIXTURES, "provider.mjs") };

/** Runs every step of a scenario under the sandbox's engine, with the scenario's own provider. */
export async function playScenario(
  name: string,
  scenario: Scenario,
  fixtures: Fixtures = RECORDED,
): Promise<StepResult[]> {
  const directory = mkdtempSync(join(tmpdir(), `scenario-${name}-`));
  const store = join(directory, "store.json");
  const calls = join(directory, "calls.jsonl");
  const provider = new ScenarioProvider(fixtures.provider, [store, calls]);
  try {
    const results: StepResult[] = [];
    for (const [index, step] of scenario.steps.entries()) {
      if (step.store !== undefined) editStore(store, step.store);
      writeFileSync(calls, "");
      const port = await provider.port();
      const options = runOptions(name, scenario, step, index + 1, directory, fixtures.programs, port);
      const result = await run(options);
      results.push({ ...observed(result), calls: readCalls(calls), ...exported(options) });
    }
    return results;
  } finally {
    await provider.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The provider's process. One that has died is started again for the next step. */
class ScenarioProvider {
  readonly #script: string;
  readonly #args: readonly string[];
  #running: { readonly child: Child; readonly port: Promise<number> } | undefined;

  constructor(script: string, args: readonly string[]) {
    this.#script = script;
    this.#args = args;
  }

  port(): Promise<number> {
    const running = this.#running?.child.process.exitCode === null ? this.#running : this.#start();
    this.#running = running;
    return running.port;
  }

  #start(): { child: Child; port: Promise<number> } {
    let announce: (port: number) => void = () => undefined;
    const port = new Promise<number>((resolve) => {
      announce = resolve;
    });
    const child = startNode(this.#script, this.#args, {
      directory: process.cwd(),
      environment: {},
      onLine: (_stream, line) => announce(Number(line)),
    });
    return { child, port };
  }

  async stop(): Promise<void> {
    if (this.#running !== undefined) await stop(this.#running.child);
  }
}

function editStore(file: string, changes: Readonly<Record<string, JsonObject>>): void {
  const store: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { made: {}, things: {} };
  if (!isJsonObject(store) || !isJsonObject(store["things"])) throw new TypeError(`${file} holds no things`);
  const things = store["things"];
  for (const [id, change] of Object.entries(changes)) {
    if (!isJsonObject(change)) {
      things[id] = null;
      continue;
    }
    const former = things[id];
    const merged = { ...(isJsonObject(former) ? former : {}), ...change };
    things[id] = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  }
  store["things"] = Object.fromEntries(Object.entries(things).filter(([, thing]) => thing !== null));
  writeFileSync(file, JSON.stringify(store));
}

function runOptions(
  name: string,
  scenario: Scenario,
  step: ScenarioStep,
  number: number,
  directory: string,
  programs: string,
  port: number,
): RunRequest {
  const values = new Map([["scenario:step", String(number)]]);
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(scenario.config ?? {})) {
    const qualified = key.includes(":") ? key : `scenario:${key}`;
    values.set(qualified, typeof value === "string" ? value : value.secret);
    if (typeof value !== "string") secretKeys.add(qualified);
  }
  const args = step.args ?? [];
  const argument = (flag: string): string[] =>
    args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ""] : []));
  return {
    command: step.command as Command,
    project: { name: "scenario", root: programs, main: join(programs, `${name}.ts`), organization: "organization" },
    stack: step.stack ?? "dev",
    config: { values, secretKeys },
    stateDirectory: directory,
    secrets: () => Promise.resolve(openSecrets),
    openSecrets: () => Promise.resolve(openSecrets),
    providers: new Map([["thing", port]]),
    policyPacks: argument("--policy-pack").map((pack) => ({ directory: join(programs, pack), config: {} })),
    targets: argument("--target"),
    parallel: Number(argument("--parallel")[0] ?? 16),
    compileCache: compileCacheDirectory(directory),
    expectNoChanges: args.includes("--expect-no-changes"),
    onEvent: () => undefined,
  };
}

function observed(result: RunResult): Omit<StepResult, "calls" | "resources" | "pending"> {
  const findings: Finding[] = result.findings.map(({ policy, level, urn, message }) => ({
    policy,
    level,
    urn,
    message,
  }));
  return {
    exit: result.result === "succeeded" ? 0 : 1,
    operations: result.steps.map(({ op, urn, diffs, keys }) => ({
      op,
      urn,
      ...(diffs.length === 0 ? {} : { diffs: [...diffs] }),
      ...(keys.length === 0 ? {} : { keys: [...keys] }),
    })),
    failed: result.failed.map(({ op, urn }) => ({ op, urn })),
    changes: { ...result.changes },
    errors: result.errors.map(({ urn, message }) => ({ ...(urn === "" ? {} : { urn }), message })),
    policy: [
      ...findings,
      ...result.remediations.map(({ policy, urn, before, after }) => ({
        policy,
        urn,
        before: propertiesToJson(before, showing),
        after: propertiesToJson(after, showing),
      })),
    ],
  };
}

const readCalls = (file: string): Call[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call);

function exported(options: RunRequest): Pick<StepResult, "resources" | "pending"> {
  const { deployment } = readState(stackFiles(options.stateDirectory, options.project.name, options.stack));
  const shown = snapshotToDeployment(openSnapshot(deployment, openSecrets), showing, openSecrets, "");
  return { resources: [...shown.deployment.resources], pending: [...(shown.deployment.pending_operations ?? [])] };
}
