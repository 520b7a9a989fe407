import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startNode, stop } from "../engine/child.ts";
import type { Command, RunResult } from "../engine/events.ts";
import type { RunOptions, SecretsManager } from "../engine/options.ts";
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

/** Runs every step of a scenario under the sandbox's engine, with the scenario's own provider. */
export async function playScenario(name: string, scenario: Scenario): Promise<StepResult[]> {
  const directory = mkdtempSync(join(tmpdir(), `scenario-${name}-`));
  const store = join(directory, "store.json");
  const calls = join(directory, "calls.jsonl");
  let announce: (port: number) => void = () => undefined;
  const port = new Promise<number>((resolve) => {
    announce = resolve;
  });
  const provider = startNode(join(FIXTURES, "provider.mjs"), [store, calls], {
    directory: process.cwd(),
    environment: {},
    onLine: (_stream, line) => announce(Number(line)),
  });
  try {
    const results: StepResult[] = [];
    for (const [index, step] of scenario.steps.entries()) {
      if (step.store !== undefined) editStore(store, step.store);
      writeFileSync(calls, "");
      const options = runOptions(name, scenario, step, index + 1, directory, await port);
      const result = await run(options);
      results.push({ ...observed(result), calls: readCalls(calls), ...exported(options) });
    }
    return results;
  } finally {
    await stop(provider);
    rmSync(directory, { recursive: true, force: true });
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
  port: number,
): RunOptions {
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
    project: { name: "scenario", root: PROGRAMS, main: join(PROGRAMS, `${name}.ts`), organization: "organization" },
    stack: "dev",
    config: { values, secretKeys },
    stateDirectory: directory,
    secrets: openSecrets,
    openSecrets: () => Promise.resolve(openSecrets),
    providers: new Map([["thing", port]]),
    policyPacks: argument("--policy-pack").map((pack) => ({ directory: join(PROGRAMS, pack), config: {} })),
    targets: argument("--target"),
    parallel: 16,
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

function exported(options: RunOptions): Pick<StepResult, "resources" | "pending"> {
  const { deployment } = readState(stackFiles(options.stateDirectory, options.project.name, options.stack));
  const shown = snapshotToDeployment(openSnapshot(deployment, options.secrets), showing, options.secrets, "");
  return { resources: [...shown.deployment.resources], pending: [...(shown.deployment.pending_operations ?? [])] };
}
