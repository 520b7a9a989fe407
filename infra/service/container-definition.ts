import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { contract } from "../../api/src/environment.ts";

export type ContainerDefinition = aws.ecs.ContainerDefinition;

/** Where containers log to. */
export interface ContainerLogs {
  readonly groupName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
}

/** The image's container in a task of the API or of a migration. */
export interface WorkloadContainer {
  readonly image: pulumi.Input<string>;
  /** `uid:gid`, by number: a name would be looked up in the image. */
  readonly user: pulumi.Input<string>;
  /** Variable to value. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variable to the ARN of a secret. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly cpuUnits: pulumi.Input<number>;
  readonly memoryMegabytes: pulumi.Input<number>;
}

/** The names by which services and scripts find the containers. */
export const apiContainerName = "api";
export const migrationContainerName = "migration";

/**
 * Non-blocking: a container whose lines CloudWatch does not take in time would stop at its next line, health checks and
 * all. 25 MB of lines are kept meanwhile; beyond that they are lost.
 */
export function logConfiguration({ groupName, region }: ContainerLogs, streamPrefix: string): aws.ecs.LogConfiguration {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": groupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": streamPrefix,
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}

/** The image has no curl and needs none: Node asks, and ends with 0 where the answer is a success. */
const probe = `fetch("http://127.0.0.1:${contract.port}${contract.paths.live}").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

/** The API: restarted by ECS, with the whole task, once three checks in a row have failed. */
export function apiContainer(container: WorkloadContainer, logs: ContainerLogs): ContainerDefinition {
  return {
    ...confined(container, logs, apiContainerName),
    portMappings: [{ containerPort: contract.port, hostPort: contract.port, protocol: "tcp" }],
    healthCheck: { command: ["CMD", "node", "-e", probe], interval: 15, timeout: 5, retries: 3, startPeriod: 30 },
    stopTimeout: contract.stopTimeoutSeconds,
  };
}

/** The same image with another command; it ends by itself, so that nobody asks for its health. */
export function migrationContainer(container: WorkloadContainer, logs: ContainerLogs): ContainerDefinition {
  return {
    ...confined(container, logs, migrationContainerName),
    command: [...contract.migrateCommand],
    // The longest that Fargate allows: a migration that is stopped may finish its step.
    stopTimeout: 120,
  };
}

/** No root, no capability, no file system to write to, and a first process that forwards signals and reaps children. */
function confined(container: WorkloadContainer, logs: ContainerLogs, name: string): ContainerDefinition {
  return {
    name,
    image: container.image,
    essential: true,
    user: container.user,
    cpu: container.cpuUnits,
    memory: container.memoryMegabytes,
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    ulimits: [{ name: "nofile", softLimit: openFiles, hardLimit: openFiles }],
    environment: Object.entries(container.environment).map(([variable, value]) => ({ name: variable, value })),
    secrets: Object.entries(container.secrets).map(([variable, valueFrom]) => ({ name: variable, valueFrom })),
    logConfiguration: logConfiguration(logs, name),
  };
}

/** Each connection is a file; this is what Fargate gives by default today, said so that it stays. */
const openFiles = 65_535;
