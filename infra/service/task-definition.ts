import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerDefinition } from "./container-definition.ts";
import type { WorkloadRole } from "../workload-roles.ts";

export interface TaskDefinitionArgs {
  readonly cpuUnits: pulumi.Input<number>;
  readonly memoryMegabytes: pulumi.Input<number>;
  readonly executionRole: pulumi.Input<WorkloadRole>;
  readonly taskRole: pulumi.Input<WorkloadRole>;
  readonly containers: readonly ContainerDefinition[];
  /** Empty when the task starts, gone when it ends. */
  readonly volumes?: readonly { readonly name: string }[];
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const gigabytes = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);

/** CPU units to the memory in MB that Fargate pairs with them. Source: "Fargate task sizes" in the ECS guide. */
const fargateSizes: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: gigabytes(1, 4),
  1024: gigabytes(2, 8),
  2048: gigabytes(4, 16),
  4096: gigabytes(8, 30),
  8192: gigabytes(16, 60, 4),
  16384: gigabytes(32, 120, 8),
};

/** What is wrong with a pair of sizes, or undefined where Fargate has it. */
export function sizeProblem(cpuUnits: number, memoryMegabytes: number): string | undefined {
  const memories = fargateSizes[cpuUnits];
  if (memories === undefined)
    return `Fargate has no ${cpuUnits} CPU units, only ${Object.keys(fargateSizes).join(", ")}`;
  return memories.includes(memoryMegabytes)
    ? undefined
    : `Fargate pairs ${cpuUnits} CPU units with ${memories.join(", ")} MB, not with ${memoryMegabytes}`;
}

/** A task of Fargate on ARM64, which costs a fifth less than x86 for the same size. */
export function taskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  options: pulumi.CustomResourceOptions,
): aws.ecs.TaskDefinition {
  return new aws.ecs.TaskDefinition(
    name,
    {
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      cpu: pulumi.output(args.cpuUnits).apply(String),
      memory: pulumi.output(args.memoryMegabytes).apply(String),
      executionRoleArn: pulumi.output(args.executionRole).arn,
      taskRoleArn: pulumi.output(args.taskRole).arn,
      containerDefinitions: pulumi.jsonStringify(args.containers),
      ...(args.volumes && { volumes: [...args.volumes] }),
      // A deployment that fails goes back to the revision before, and ECS goes back to no revision that was deregistered.
      skipDestroy: true,
      ...(args.tags && { tags: args.tags }),
    },
    options,
  );
}
