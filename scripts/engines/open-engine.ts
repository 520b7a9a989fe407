import { join, resolve } from "node:path";
import type { Engine } from "./engine.ts";
import { pulumi } from "./pulumi-command.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { sandboxEngine } from "./sandbox-engine.ts";

export interface EngineRequest {
  /** true: the engine and the cloud of scripts/sandbox. false: the Pulumi CLI with real accounts. */
  readonly sandbox: boolean;
  /** Where the sandbox keeps states and cloud. Default: .sandbox in the project. */
  readonly stateDirectory?: string | undefined;
  /** The folder of Pulumi.yaml. Default: this repository's. */
  readonly root?: string;
  /** The environment of the Pulumi CLI. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

const repository = join(import.meta.dirname, "../..");

/** Throws a `UserError` that says how to install Pulumi where the CLI is asked for and missing. */
export async function openEngine(request: EngineRequest): Promise<Engine> {
  const root = request.root ?? repository;
  if (request.sandbox)
    return sandboxEngine({ root, stateDirectory: resolve(request.stateDirectory ?? join(root, ".sandbox")) });
  const env = request.env ?? process.env;
  await pulumi(["version"], { directory: root, env });
  return pulumiEngine({ root, env });
}
