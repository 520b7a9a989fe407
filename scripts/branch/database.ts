import { z } from "zod";
import { createAwsCredentials } from "../../api/src/dependencies/aws-credentials.ts";
import { contract } from "../../api/src/environment.ts";
import { migrationContainerName } from "../../infra/service/container-definition.ts";
import { type OneOffTask, runOneOff, stopService, type TaskSurroundings } from "../aws/one-off-task.ts";
import type { Engine } from "../engines/engine.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";

// A preview's database lies in staging's cluster, which answers inside staging's network alone, to IAM roles alone. So
// nobody's machine can drop it, and no job: a task can, in that network and with the preview's role for migrations.

const ownOutputs = z.object({
  databaseName: z.string().startsWith("preview-"),
  clusterName: z.string(),
  serviceName: z.string(),
  migrationTaskDefinitionArn: z.string(),
});

const around = (): TaskSurroundings => ({
  credentials: createAwsCredentials(),
  environment: process.env,
  deadlineMilliseconds: 20_000,
  pollMilliseconds: 5_000,
  patienceMilliseconds: 600_000,
});

/** Stops the preview's tasks, so that none writes again, and drops its database. */
export async function dropDatabase(
  target: Target,
  engine: Engine,
  say: (line: string) => void,
  surroundings: TaskSurroundings = around(),
): Promise<void> {
  const own = ownOutputs.safeParse(await engine.outputs(target.stack)).data;
  if (own === undefined) {
    // The outputs are there since the first up that came to its end.
    say(`${target.stack} was never completed: if it ran all the same, its database is left in staging's cluster`);
    return;
  }
  const task: OneOffTask = {
    region: target.region,
    clusterName: own.clusterName,
    serviceName: own.serviceName,
    taskDefinitionArn: own.migrationTaskDefinitionArn,
    containerName: migrationContainerName,
    command: [...contract.migrateCommand, "--drop"],
    startedBy: "npm run down",
  };
  say(`stopping ${own.serviceName}, and dropping database ${own.databaseName}`);
  try {
    if (await stopService(task, surroundings)) await runOneOff(task, surroundings);
    // A run that was cut off had dropped the database before it destroyed the first resource.
    else say(`${own.serviceName} is gone already, and its database before it`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `database ${own.databaseName} cannot be dropped, and nothing was destroyed (${error.message}); --keep-database leaves it`,
    );
  }
}
