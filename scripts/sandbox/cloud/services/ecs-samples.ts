import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { ecs } from "./ecs.ts";
import { CAPACITY_PROVIDERS, CLUSTER, TASK_DEFINITION } from "./ecs-lookup.ts";
import { iam } from "./iam.ts";
import { secretsmanager } from "./secretsmanager.ts";
import { PRODUCTION, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const ACCOUNT = PRODUCTION.account;
const REGION = PRODUCTION.region;
const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

export const image = `${registry}/api@sha256:${"0a".repeat(32)}`;

export const trust = (service = "ecs-tasks.amazonaws.com", account = ACCOUNT, source = "ecs"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:${source}:${REGION}:${account}:*` },
        },
      },
    ],
  });

export const allow = (...actions: string[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });

export const errorAlarm: Properties = {
  name: "errors",
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 3,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 10,
};

/** What a Fargate task of the API needs, and a task definition that takes it. */
export interface TaskWorld {
  readonly cloud: TinyWorld;
  readonly cluster: CloudResource;
  readonly execution: CloudResource;
  readonly secretArn: string;
  /** One container that is right in every way, with what a test changes. */
  readonly container: (over?: Properties) => Properties;
  /** Registers a task definition with these containers. */
  readonly register: (containers: readonly Properties[], over?: Properties) => CloudResource;
}

export function taskWorld(executionPolicy = allow("ecr:*", "logs:*", "secretsmanager:*")): TaskWorld {
  const cloud = tinyWorld(ecs, iam, cloudwatch, secretsmanager);
  const role = (name: string) => cloud.create("aws:iam/role:Role", name, { name, assumeRolePolicy: trust() });
  const [execution, task] = [role("execution"), role("task")];
  cloud.create("aws:iam/rolePolicy:RolePolicy", "execution", {
    name: "execution",
    role: execution.id,
    policy: executionPolicy,
  });
  cloud.create("aws:cloudwatch/logGroup:LogGroup", "api", { name: "/api" });
  cloud.create("aws:ecr/repository:Repository", "api", {
    name: "api",
    arn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/api`,
  });
  const secretArn = cloud.create("aws:secretsmanager/secret:Secret", "key", { name: "key" }).id;
  const cluster = cloud.create(CLUSTER, "main", { name: "main" });
  cloud.create(CAPACITY_PROVIDERS, "main", {
    clusterName: "main",
    capacityProviders: ["FARGATE"],
    defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
  });

  const container = (over: Properties = {}): Properties => ({
    name: "api",
    image,
    portMappings: [{ containerPort: 3000, hostPort: 3000 }],
    environment: [{ name: "A", value: "1" }],
    secrets: [{ name: "KEY", valueFrom: secretArn }],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "/api", "awslogs-region": REGION, "awslogs-stream-prefix": "api" },
    },
    ...over,
  });
  let count = 0;
  return {
    cloud,
    cluster,
    execution,
    secretArn,
    container,
    register: (containers, over = {}) =>
      cloud.create(TASK_DEFINITION, `task-${count++}`, {
        family: "api",
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "512",
        memory: "1024",
        executionRoleArn: textIn(execution.outputs, "arn"),
        taskRoleArn: textIn(task.outputs, "arn"),
        containerDefinitions: JSON.stringify(containers),
        ...over,
      }),
  };
}
