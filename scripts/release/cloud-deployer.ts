import { createAwsCredentials } from "../../api/src/dependencies/aws-credentials.ts";
import type { Engine } from "../engines/engine.ts";
import { tokenVariable } from "../smoke/canary.ts";
import { smokeTargetOfStack } from "../smoke/command.ts";
import { smoke } from "../smoke/run.ts";
import { targetOf } from "../target.ts";
import type { Deployer } from "./deploy.ts";
import { runMigrationTask } from "./migrate-task.ts";
import { cloudObjects } from "./places.ts";
import type { ReleaseEnvironment } from "./record.ts";
import { lossRefusal } from "./refusal.ts";
import { inWorktree } from "./worktree.ts";

export interface CloudDeployerRequest {
  readonly engine: Engine;
  readonly environment: ReleaseEnvironment;
  /** The git repository. */
  readonly root: string;
  readonly say: (line: string) => void;
  readonly waitMs: number;
  /** URNs that may be lost. */
  readonly allowed: readonly string[];
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/** Real accounts: the stack's own cluster migrates, its own addresses are looked at, its own bucket keeps the records. */
export async function cloudDeployer(request: CloudDeployerRequest): Promise<Deployer> {
  const { engine, environment, root, say, waitMs, allowed, env } = request;
  const target = targetOf(environment, root);
  return {
    engine,
    objects: await cloudObjects(engine, environment, target.region),
    say,
    waitMs,
    refusal: (run) => lossRefusal(run, allowed, say),
    migrate: async ({ name }) =>
      runMigrationTask(
        {
          region: target.region,
          outputs: (await engine.outputs(environment)) ?? {},
          imageDigest: name.imageDigest,
        },
        {
          credentials: createAwsCredentials(),
          environment: env,
          deadlineMilliseconds: 20_000,
          pollMilliseconds: 5_000,
          patienceMilliseconds: 3_600_000,
        },
      ),
    smoke: ({ name }) =>
      smoke(smokeTargetOfStack(target, { version: name.version, commit: name.commit }, env[tokenVariable])),
    checkout: (commit, work) => inWorktree(root, commit, work),
    now: () => new Date(),
  };
}
