import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseUnavailableError } from "../api/local/unavailable.ts";
import { runAs } from "./command-line.ts";
import { askOnTerminal } from "./drill/ask.ts";
import { atlasAdvice, atlasClient, AtlasError, ATLAS_URL } from "./drill/atlas/client.ts";
import { atlasKey } from "./drill/atlas/credentials.ts";
import { atlasRestoreDrill } from "./drill/atlas/drill.ts";
import { atlasProject } from "./drill/atlas/resources.ts";
import { databasePlace } from "./drill/atlas/stack.ts";
import { drillCommand } from "./drill/command.ts";
import { localRestoreDrill } from "./drill/local.ts";
import { rollbackDrill } from "./drill/rollback.ts";
import { openEngine } from "./engines/open-engine.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { UserError } from "./sandbox/user-error.ts";
import { targetOf } from "./target.ts";

function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  const reason = new UserError("interrupted; what it made is removed");
  // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not stop the removal.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => controller.abort(reason));
  return controller.signal;
}

/** In a sandbox of its own: whoever works in .sandbox finds it as it was. */
async function rollbackInSandbox(breakage: "heartbeat" | "canary", say: (line: string) => void) {
  const directory = await mkdtemp(join(tmpdir(), "groundwork-drill-"));
  try {
    const engine = await openEngine({ sandbox: true, stateDirectory: join(directory, "state") });
    return await rollbackDrill({ engine, directory, breakage, say });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const explained = (error: unknown): UserError | undefined => {
  if (error instanceof AtlasError) return atlasAdvice(error);
  return error instanceof DatabaseUnavailableError ? new UserError(error.message) : undefined;
};

await runAs(
  "drill",
  () => {
    const { stdout, stderr, env } = process;
    return drillCommand(process.argv.slice(2), {
      colors: stdout.isTTY ? colors : noColors,
      print: (text) => stdout.write(`${text.trimEnd()}\n`),
      say: (line, json) => (json ? stderr : stdout).write(`${line}\n`),
      hasAtlasKey: () => atlasKey(env) !== undefined,
      localDrill: (environment, say) => localRestoreDrill({ environment, say, signal: stopOnInterrupt() }),
      atlasDrill: async ({ stack, address, yes }, say) => {
        const key = atlasKey(env);
        if (key === undefined) throw new Error("there is no key");
        const { project, environment } = targetOf(stack);
        const { projectId, clusterName } = await databasePlace(await openEngine({ sandbox: false }), stack);
        const signal = stopOnInterrupt();
        const url = env["MONGODB_ATLAS_BASE_URL"] ?? ATLAS_URL;
        return atlasRestoreDrill({
          atlas: atlasProject(atlasClient({ key, projectId, url }), projectId),
          ...{ project, environment, clusterName, address, say, signal },
          confirm: (question) => (yes ? Promise.resolve(true) : askOnTerminal(question, signal)),
        });
      },
      rollbackDrill: rollbackInSandbox,
    });
  },
  explained,
);
