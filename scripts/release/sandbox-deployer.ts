import { join } from "node:path";
import type { Engine } from "../engines/engine.ts";
import type { Retries } from "../smoke/run.ts";
import type { Deployer } from "./deploy.ts";
import type { LoopbackEnvironments } from "./loopback.ts";
import type { ObjectStore } from "./objects.ts";
import { lossRefusal } from "./refusal.ts";
import { inWorktree } from "./worktree.ts";

export interface SandboxDeployerRequest {
  readonly engine: Engine;
  readonly objects: ObjectStore;
  readonly loopback: LoopbackEnvironments;
  /** The git repository. */
  readonly root: string;
  readonly say: (line: string) => void;
  readonly waitMs: number;
  /** URNs that may be lost. */
  readonly allowed?: readonly string[];
  readonly retries?: Retries;
  /** The folder of the API among a release's files. Default: its api. */
  readonly apiOf?: (directory: string) => string;
}

/** On loopback no task of the release before is drained: what is not right at once will not be. */
const fewRetries: Retries = { attempts: 2, firstDelayMs: 500, attemptMs: 15_000 };

/** Stacks in the sandbox, each environment's API on loopback, records in files. */
export function sandboxDeployer(request: SandboxDeployerRequest): Deployer {
  const { engine, objects, loopback, root, say, waitMs, allowed = [], retries = fewRetries } = request;
  const apiOf = request.apiOf ?? ((directory: string) => join(directory, "api"));
  return {
    engine,
    objects,
    say,
    waitMs,
    refusal: (run) => lossRefusal(run, allowed, say),
    migrate: ({ environment, directory }) => loopback.migrate(environment, apiOf(directory)),
    smoke: async ({ environment, name, directory }) => {
      await loopback.serve(environment, name, apiOf(directory));
      return loopback.smoke(environment, name, retries);
    },
    checkout: (commit, work) => inWorktree(root, commit, work),
    now: () => new Date(),
  };
}
