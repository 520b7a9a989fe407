import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "../checked.ts";
import type { DatadogAgentArgs } from "./datadog-agent.ts";
import type { CapacityProvider } from "../settings/environments.ts";
import type { Hours } from "../settings/hours.ts";
import { scalingBounds, type ScalingBounds } from "./scaling.ts";
import { sizeProblem } from "./task-definition.ts";
import type { TaskAccess } from "./task-permissions.ts";
import type { WorkloadRole } from "../workload-roles.ts";

/** What is no `Input` decides which resources, containers, or permissions there are. */
export interface ServiceArgs {
  readonly region: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  /** `REPOSITORY@sha256:...`: what was tested is what runs. */
  readonly image: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
  /** `uid:gid`. Default: 1000:1000, the user `node` of Node's image. */
  readonly user?: pulumi.Input<string>;
  readonly executionRole: pulumi.Input<WorkloadRole>;
  readonly taskRole: pulumi.Input<WorkloadRole>;
  readonly migrationRole: pulumi.Input<WorkloadRole>;
  /** 1,024 are one virtual CPU. Default: 512. */
  readonly cpuUnits?: pulumi.Input<number>;
  /** Default: 1,024. */
  readonly memoryMegabytes?: pulumi.Input<number>;
  /** How many tasks run at least; 0 stops the service. Default: 2. */
  readonly desiredCount?: pulumi.Input<number>;
  /** How many tasks run at most. Default: 4. */
  readonly maximumCount?: pulumi.Input<number>;
  /** CPU in per cent that auto-scaling keeps to. Default: 60, which leaves room while a task starts. */
  readonly scaleAtCpuPercent?: pulumi.Input<number>;
  /** Requests per minute and task that auto-scaling keeps to. Default: 6,000, which is 100 a second. */
  readonly scaleAtRequestsPerMinute?: pulumi.Input<number>;
  /** Tasks run on weekdays within these hours alone, as many whatever the load. Default: always, by the load. */
  readonly hours?: Hours;
  /** With `hours`: from when on no task is started, as `2026-11-28T20:00:00Z`. Default: never. */
  readonly until?: string;
  /** Whether alarms roll a deployment back, beside the circuit breaker, which always does. Default: true. */
  readonly rollbackAlarms?: boolean;
  /** Default: FARGATE. A task on FARGATE_SPOT costs up to 70 % less and may be stopped at two minutes' notice. */
  readonly capacityProvider?: CapacityProvider;
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets, in two zones or more. */
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroupId: pulumi.Input<string>;
  /** `api.example.com`: the DNS record, and what the load balancer forwards. */
  readonly host: pulumi.Input<string>;
  /** The Cloudflare zone of the host. */
  readonly zoneId: pulumi.Input<string>;
  readonly httpsListenerArn: pulumi.Input<string>;
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly loadBalancerDnsName: pulumi.Input<string>;
  /** Variable to value. No secret: whoever may read the task definition reads it. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same for migrations. */
  readonly migrationEnvironment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variable to the ARN of the secret whose value it gets when a task starts. Default: none. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The key of those secrets, and of what the task reads itself. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /** What the API may do. Default: nothing. */
  readonly access?: TaskAccess;
  /** Default: no agent. */
  readonly datadog?: DatadogAgentArgs;
  /** The key that encrypts the logs; its policy must let CloudWatch Logs use it. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Default: 30. */
  readonly logRetentionDays?: pulumi.Input<number>;
  /** Told of the alarms that roll a deployment back. Default: nobody else. */
  readonly alarmTopicArn?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What the whole task has, or one of its containers. */
export interface TaskSizes {
  readonly cpuUnits: pulumi.Output<number>;
  readonly memoryMegabytes: pulumi.Output<number>;
}

export interface CheckedArgs {
  readonly sizes: TaskSizes;
  readonly counts: { readonly desired: pulumi.Output<number>; readonly bounds: pulumi.Output<ScalingBounds> };
  readonly image: pulumi.Output<string>;
  readonly user: pulumi.Output<string>;
}

/** The arguments with their defaults. What the service could not run with is refused, by the input's name. */
export function checkedArgs(component: pulumi.Resource, args: ServiceArgs): CheckedArgs {
  const { cpuUnits = 512, memoryMegabytes = 1024, desiredCount = 2, maximumCount = 4, secrets = {} } = args;
  checked(component, "environment", Object.keys(args.environment), variableNames);
  checked(component, "migrationEnvironment", Object.keys(args.migrationEnvironment), variableNames);
  checked(component, "secrets", Object.keys(secrets), variableNames);
  const twice = Object.keys(secrets).filter((variable) => variable in args.environment);
  checked(
    component,
    "secrets",
    twice,
    z.array(z.string()).max(0, "must name no variable that `environment` gives too"),
  );
  const size = checked(component, "cpuUnits, memoryMegabytes", both(cpuUnits, memoryMegabytes), sizePair);
  const count = checked(component, "desiredCount, maximumCount", both(desiredCount, maximumCount), countPair);
  return {
    sizes: { cpuUnits: size.apply(([cpu]) => cpu), memoryMegabytes: size.apply(([, memory]) => memory) },
    counts: {
      desired: count.apply(([desired]) => desired),
      bounds: count.apply(([desired, maximum]) => scalingBounds(desired, maximum)),
    },
    image: checked(component, "image", args.image, pinned),
    user: checked(component, "user", args.user ?? "1000:1000", numericUser),
  };
}

/** Plain where both are, so that they are refused at once. */
const both = (first: pulumi.Input<number>, second: pulumi.Input<number>): pulumi.Input<[number, number]> =>
  typeof first === "number" && typeof second === "number" ? [first, second] : pulumi.all([first, second]);

const variableNames = z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, "must be a variable such as LOG_LEVEL"));
const pinned = z.string().regex(/@sha256:[0-9a-f]{64}$/, "must end with the digest of the image: @sha256:...");
const numericUser = z.string().regex(/^[1-9]\d*:\d+$/, "must be uid:gid by number, and not root");

const sizePair = z.tuple([z.number(), z.number()]).superRefine(([cpu, memory], context) => {
  const message = sizeProblem(cpu, memory);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

const wholeCount = z.int().min(0, "must be 0 or more");
const countPair = z
  .tuple([wholeCount, wholeCount])
  .refine(([desired, maximum]) => desired <= maximum, "the least number of tasks is above the largest");
