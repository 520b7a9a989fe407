import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportText } from "../cli/commands/state-commands.ts";
import type { JsonObject } from "../state/deployment.ts";

const MAIN = join(import.meta.dirname, "../main.ts");
export const PROJECT = join(import.meta.dirname, "fixtures/workshop");
export const STACK = "dev";
const PASSPHRASE_NAME = "PULUMI_CONFIG_PASSPHRASE";
const PASSPHRASE = "workshop";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line on the workshop. `onStart` gets a way to kill it. */
export function sandbox(
  stateDirectory: string,
  args: readonly string[],
  onStart?: (kill: () => void) => void,
): Promise<Ended> {
  const [command = "", ...rest] = args;
  const child = spawn(
    process.execPath,
    [MAIN, command, "--cwd", PROJECT, "--state-dir", stateDirectory, "--stack", STACK, ...rest],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, [PASSPHRASE_NAME]: PASSPHRASE } },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  onStart?.(() => child.kill("SIGKILL"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

export const up = (step: number, ...args: string[]): string[] => [
  "up",
  "--no-policy",
  "--skip-preview",
  "--json",
  "--config",
  `step=${step}`,
  ...args,
];

/** For a suite of mocha's, from its `before` to its `after`. */
export function knowPassphrase(): void {
  let former: string | undefined;
  before(() => {
    former = process.env[PASSPHRASE_NAME];
    process.env[PASSPHRASE_NAME] = PASSPHRASE;
  });
  after(() => {
    if (former === undefined) delete process.env[PASSPHRASE_NAME];
    else process.env[PASSPHRASE_NAME] = former;
  });
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * The exported resources by URN, without times and ids that are made anew on every run. Read in this process, which
 * must know the passphrase as `sandbox` does: `knowPassphrase`.
 */
export async function exported(stateDirectory: string): Promise<Record<string, JsonObject[]>> {
  const { deployment } = JSON.parse(await exportText({ cwd: PROJECT, stateDir: stateDirectory }, STACK, true)) as {
    deployment: { resources: JsonObject[]; pending_operations?: JsonObject[] };
  };
  const byUrn: Record<string, JsonObject[]> = { pending: deployment.pending_operations ?? [] };
  for (const { created: _created, modified: _modified, ...resource } of deployment.resources) {
    const plain = JSON.parse(JSON.stringify(resource).replaceAll(UUID, "ID")) as JsonObject;
    (byUrn[plain["urn"] as string] ??= []).push(plain);
  }
  return Object.fromEntries(Object.entries(byUrn).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The stack's journal; undefined where no command has begun one, or the last one has ended. */
export function journalFile(stateDirectory: string): string | undefined {
  const directory = join(stateDirectory, "stacks", "workshop");
  try {
    const journal = readdirSync(directory).find((file) => file.endsWith(".journal"));
    return journal && join(directory, journal);
  } catch {
    return undefined;
  }
}

/** How many lines the running command has written to the stack's journal. */
export function journalLines(stateDirectory: string): number {
  const journal = journalFile(stateDirectory);
  try {
    return journal === undefined ? 0 : readFileSync(journal, "utf8").split("\n").length - 1;
  } catch {
    // Gone in between.
    return 0;
  }
}
