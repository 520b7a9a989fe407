import { z } from "zod";
import { contract } from "../../api/src/environment.ts";
import { migrationContainerName } from "../../infra/service/container-definition.ts";
import { ecsCall } from "../aws/ecs.ts";
import { runOneOff, type TaskSurroundings } from "../aws/one-off-task.ts";
import { UserError } from "../sandbox/user-error.ts";

/** What a migration needs of the stack's outputs. */
const outputsForm = z.object({
  clusterName: z.string(),
  serviceName: z.string(),
  migrationTaskDefinitionArn: z.string(),
});

export interface MigrationTask {
  readonly region: string;
  /** Of the stack. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly imageDigest: string;
}

const container = z.looseObject({ name: z.string(), image: z.string() });
/** What a definition is registered with, of what one that is described says. */
const definition = z.object({
  family: z.string(),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
  networkMode: z.string().optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  volumes: z.array(z.unknown()).optional(),
  runtimePlatform: z.record(z.string(), z.unknown()).optional(),
  requiresCompatibilities: z.array(z.string()).optional(),
  containerDefinitions: z.array(container).min(1),
});
const described = z.object({ taskDefinition: definition, tags: z.array(z.unknown()).default([]) });
const registered = z.object({ taskDefinition: z.object({ taskDefinitionArn: z.string() }) });

/** `repository@sha256:...`, or with a tag: the registry stays, the digest becomes another. */
export const withDigest = (image: string, digest: string): string =>
  `${image.split("@")[0]?.replace(/:[^:/]+$/, "") ?? ""}@${digest}`;

/**
 * Runs the migrations of an image as a task of the stack's cluster, before any task of the service has the image: with a
 * copy of the stack's own definition that names the new digest, and that is given back afterwards. Resolves with what was
 * done; rejects with a `UserError` where the task failed.
 */
export async function runMigrationTask(
  { region, outputs, imageDigest }: MigrationTask,
  around: TaskSurroundings,
): Promise<string> {
  const stack = outputsForm.safeParse(outputs);
  if (!stack.success)
    throw new UserError(
      `the stack has no output ${stack.error.issues[0]?.path.join(".") ?? ""}: bring it up once, with \`npm run up\`, before its first release`,
    );
  const { clusterName, serviceName, migrationTaskDefinitionArn } = stack.data;
  const call = ecsCall(region, around);
  const { taskDefinition: known, tags } = await call(
    "DescribeTaskDefinition",
    { taskDefinition: migrationTaskDefinitionArn, include: ["TAGS"] },
    described,
  );
  const containerDefinitions = known.containerDefinitions.map((one) => ({
    ...one,
    image: withDigest(one.image, imageDigest),
  }));
  const { taskDefinition: copy } = await call(
    "RegisterTaskDefinition",
    { ...known, containerDefinitions, ...(tags.length > 0 && { tags }) },
    registered,
  );
  try {
    await runOneOff(
      {
        region,
        clusterName,
        serviceName,
        taskDefinitionArn: copy.taskDefinitionArn,
        containerName: migrationContainerName,
        command: contract.migrateCommand,
        startedBy: "npm run release",
      },
      around,
    );
    return "migrations have run in a task of their own";
  } finally {
    // One that stays costs nothing, and nobody uses it: no reason to call the migration failed.
    await call("DeregisterTaskDefinition", { taskDefinition: copy.taskDefinitionArn }, z.unknown()).catch(
      () => undefined,
    );
  }
}
