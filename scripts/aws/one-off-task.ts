import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../sandbox/user-error.ts";
import { type EcsCall, ecsCall } from "./ecs.ts";
import type { AwsSurroundings } from "./signed-request.ts";

/** A task that runs once, in the network of a service, and ends by itself. */
export interface OneOffTask {
  readonly region: string;
  readonly clusterName: string;
  /** Lends its subnets and security groups. */
  readonly serviceName: string;
  readonly taskDefinitionArn: string;
  readonly containerName: string;
  /** In place of the container's own. */
  readonly command: readonly string[];
  /** Shown with the task: who started it. At most 36 characters. */
  readonly startedBy: string;
}

export interface TaskSurroundings extends AwsSurroundings {
  /** Between two looks at the task, in milliseconds. */
  readonly pollMilliseconds: number;
  /** How long the task may take, start included, in milliseconds. */
  readonly patienceMilliseconds: number;
}

const services = z.object({
  services: z.array(
    z.object({
      /** ACTIVE, DRAINING, INACTIVE. */
      status: z.string().optional(),
      networkConfiguration: z.record(z.string(), z.unknown()).optional(),
      runningCount: z.number().optional(),
      pendingCount: z.number().optional(),
    }),
  ),
});
const failures = z.array(z.object({ reason: z.string().optional() })).optional();
const started = z.object({ tasks: z.array(z.object({ taskArn: z.string() })), failures });
const described = z.object({
  tasks: z.array(
    z.object({
      lastStatus: z.string(),
      stoppedReason: z.string().optional(),
      containers: z.array(
        z.object({ name: z.string(), exitCode: z.number().optional(), reason: z.string().optional() }),
      ),
    }),
  ),
});

/** Every call here is about one cluster. */
function ecsIn({ region, clusterName }: Pick<OneOffTask, "region" | "clusterName">, around: AwsSurroundings): EcsCall {
  const call = ecsCall(region, around);
  return (operation, body, answer) => call(operation, { cluster: clusterName, ...body }, answer);
}

/** Runs it to its end. Throws a `UserError` where it cannot be run, takes too long, or ends with anything but 0. */
export async function runOneOff(task: OneOffTask, surroundings: TaskSurroundings): Promise<void> {
  const { clusterName: cluster, serviceName, containerName } = task;
  const call = ecsIn(task, surroundings);

  const [service] = (await call("DescribeServices", { services: [serviceName] }, services)).services;
  if (service?.networkConfiguration === undefined)
    throw new UserError(`cluster ${cluster} has no service ${serviceName}, whose network a task needs`);
  const run = await call(
    "RunTask",
    {
      taskDefinition: task.taskDefinitionArn,
      launchType: "FARGATE",
      count: 1,
      startedBy: task.startedBy,
      networkConfiguration: service.networkConfiguration,
      overrides: { containerOverrides: [{ name: containerName, command: task.command }] },
    },
    started,
  );
  const [first] = run.tasks;
  if (first === undefined)
    throw new UserError(`no task was started in ${cluster}: ${run.failures?.[0]?.reason ?? "no reason given"}`);

  const deadline = performance.now() + surroundings.patienceMilliseconds;
  for (;;) {
    const [now] = (await call("DescribeTasks", { tasks: [first.taskArn] }, described)).tasks;
    if (now?.lastStatus === "STOPPED") {
      const container = now.containers.find(({ name }) => name === containerName);
      if (container?.exitCode === 0) return;
      const reason = container?.reason ?? now.stoppedReason ?? "no reason given";
      throw new UserError(
        container?.exitCode === undefined
          ? `task ${first.taskArn} never ran: ${reason}`
          : `task ${first.taskArn} ended with ${container.exitCode}: its lines are in the log stream ${containerName}`,
      );
    }
    if (performance.now() > deadline)
      throw new UserError(`task ${first.taskArn} still runs after ${surroundings.patienceMilliseconds / 1000} seconds`);
    await sleep(surroundings.pollMilliseconds);
  }
}

/**
 * Stops a service's tasks and waits until none is left, so that nothing writes any more. False where there is no such
 * service, or one that is deleted already.
 */
export async function stopService(
  task: Pick<OneOffTask, "region" | "clusterName" | "serviceName">,
  surroundings: TaskSurroundings,
): Promise<boolean> {
  const { clusterName, serviceName } = task;
  const call = ecsIn(task, surroundings);
  const [found] = (await call("DescribeServices", { services: [serviceName] }, services)).services;
  if (found?.status !== "ACTIVE") return false;
  await call("UpdateService", { service: serviceName, desiredCount: 0 }, z.unknown());
  const deadline = performance.now() + surroundings.patienceMilliseconds;
  for (;;) {
    const [now] = (await call("DescribeServices", { services: [serviceName] }, services)).services;
    const left = (now?.runningCount ?? 0) + (now?.pendingCount ?? 0);
    if (left === 0) return true;
    if (performance.now() > deadline)
      throw new UserError(`service ${serviceName} in ${clusterName} still has ${left} tasks`);
    await sleep(surroundings.pollMilliseconds);
  }
}
