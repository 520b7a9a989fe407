import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { contract } from "../api/src/environment.ts";
import {
  apiContainer,
  apiContainerName,
  migrationContainer,
  type ContainerLogs,
} from "./service/container-definition.ts";
import { agentReserve, agentVolumes, datadogAgent } from "./service/datadog-agent.ts";
import { physicalName } from "./naming.ts";
import { deploymentAlarms } from "./service/alarms.ts";
import { serviceIngress } from "./service/ingress.ts";
import { checkedArgs, type ServiceArgs, type TaskSizes } from "./service/args.ts";
import { scaleService } from "./service/scaling.ts";
import { taskDefinition } from "./service/task-definition.ts";
import { executionPolicy, taskPolicy } from "./service/task-permissions.ts";
import type { WorkloadRole } from "./workload-roles.ts";

/**
 * The API on ECS Fargate (ARM64), behind a rule of the load balancer for its host, and the task definition of its
 * migrations, which a script runs before it lets the service have a new image.
 *
 * Deployments replace tasks one set by another (never fewer than before, at most twice as many), and go back to the
 * last good revision when tasks do not become healthy, or when an alarm on errors or unhealthy tasks goes off.
 * With `hours` the clock decides when tasks run.
 *
 * A count above 0 is where a service starts; from then on auto-scaling owns the count (`scalingBounds` says how a
 * change of `desiredCount`, from 0 or to 0, takes effect all the same).
 *
 * Paths, port, drain, and stop timeout are those of the API's contract. Throws where an image is not pinned, sizes are
 * no pair of Fargate's, counts contradict each other, a user is root, or a variable is both a value and a secret.
 */
export class Service extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** `targetgroup/NAME/ID`, as CloudWatch names it. */
  readonly targetGroupArnSuffix: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly migrationTaskDefinitionArn: pulumi.Output<string>;
  /** Goes off when the API answers with errors: what else is deployed to it can watch it too. Undefined without alarms. */
  readonly errorAlarmArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: ServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:Service", name, {}, options);
    const { region } = args;
    const secrets = args.secrets ?? {};
    const { sizes, counts, image, user } = checkedArgs(this, args);
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      physicalName("aws:cloudwatch/logGroup:LogGroup", `/${name}`, "containers", "/"),
      { retentionInDays: args.logRetentionDays ?? 30, kmsKeyId: args.logKeyArn, ...tags },
      parent,
    );
    const permissions = this.#permissions(name, args, logGroup.arn);
    const logs: ContainerLogs = { groupName: logGroup.name, region };

    const task = taskDefinition(
      name,
      {
        ...sizes,
        executionRole: args.executionRole,
        taskRole: args.taskRole,
        containers: [
          apiContainer(
            {
              image,
              user,
              environment: args.environment,
              secrets,
              ...(args.datadog ? without(sizes, agentReserve) : sizes),
            },
            logs,
          ),
          ...(args.datadog ? datadogAgent(args.datadog, logs) : []),
        ],
        ...(args.datadog && { volumes: agentVolumes }),
        ...tags,
      },
      parent,
    );
    const migration = taskDefinition(
      `${name}-migration`,
      {
        ...sizes,
        executionRole: args.executionRole,
        taskRole: args.migrationRole,
        containers: [
          migrationContainer({ image, user, environment: args.migrationEnvironment, secrets: {}, ...sizes }, logs),
        ],
        ...tags,
      },
      { parent: this, dependsOn: permissions },
    );

    const { targetGroup, rule } = serviceIngress(name, args, this);
    const watched = {
      loadBalancerArnSuffix: args.loadBalancerArnSuffix,
      targetGroupArnSuffix: targetGroup.arnSuffix,
      ...tags,
    };
    const alarms =
      (args.rollbackAlarms ?? true)
        ? deploymentAlarms(
            name,
            { ...watched, ...(args.alarmTopicArn !== undefined && { topicArn: args.alarmTopicArn }) },
            this,
          )
        : undefined;
    const service = new aws.ecs.Service(
      name,
      {
        cluster: args.clusterArn,
        taskDefinition: task.arn,
        desiredCount: counts.desired,
        capacityProviderStrategies: [{ capacityProvider: args.capacityProvider ?? "FARGATE", weight: 1 }],
        // Without it ECS refuses another capacity provider; what updates the service replaces its tasks anyway.
        forceNewDeployment: true,
        networkConfiguration: {
          subnets: args.subnetIds,
          securityGroups: [args.securityGroupId],
          assignPublicIp: false,
        },
        loadBalancers: [
          { targetGroupArn: targetGroup.arn, containerName: apiContainerName, containerPort: contract.port },
        ],
        // A task that has just started is not judged by the load balancer's checks.
        healthCheckGracePeriodSeconds: 60,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        ...(alarms && {
          alarms: { enable: true, rollback: true, alarmNames: Object.values(alarms).map((alarm) => alarm.name) },
        }),
        availabilityZoneRebalancing: "ENABLED",
        enableExecuteCommand: false,
        // Without both, a task carries no tag, and no cost of Fargate can be told apart.
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        // A deployment that was rolled back fails the update that began it.
        waitForSteadyState: true,
        ...tags,
      },
      {
        parent: this,
        dependsOn: [rule, ...permissions],
        // Auto-scaling owns the count; its bounds, which are registered below, start, stop, and limit the service.
        ignoreChanges: ["desiredCount"],
      },
    );
    scaleService(
      name,
      {
        ...watched,
        clusterName: args.clusterName,
        serviceName: service.name,
        bounds: counts.bounds,
        ...(args.hours && { hours: args.hours, ...(args.until !== undefined && { until: args.until }) }),
        cpuPercent: args.scaleAtCpuPercent ?? 60,
        requestsPerMinute: args.scaleAtRequestsPerMinute ?? 6000,
      },
      this,
    );

    this.name = service.name;
    this.errorAlarmArn = alarms?.["target-5xx"].arn;
    this.targetGroupArnSuffix = targetGroup.arnSuffix;
    this.logGroupName = logGroup.name;
    this.migrationTaskDefinitionArn = migration.arn;
    this.registerOutputs({
      name: this.name,
      targetGroupArnSuffix: this.targetGroupArnSuffix,
      logGroupName: this.logGroupName,
      migrationTaskDefinitionArn: this.migrationTaskDefinitionArn,
    });
  }

  /** A task starts with what its roles may do at that moment: whatever starts one waits for these. */
  #permissions(name: string, args: ServiceArgs, logGroupArn: pulumi.Output<string>): aws.iam.RolePolicy[] {
    const { region, repositoryArn, secretsKeyArn, datadog } = args;
    const secretArns = [...Object.values(args.secrets ?? {}), ...(datadog ? [datadog.apiKeySecretArn] : [])];
    const attach = (purpose: string, role: pulumi.Input<WorkloadRole>, policy: pulumi.Output<string>) =>
      new aws.iam.RolePolicy(
        physicalName("aws:iam/rolePolicy:RolePolicy", name, purpose),
        { role: pulumi.output(role).name, policy },
        { parent: this },
      );
    const ofTask = taskPolicy(args.access ?? {}, secretsKeyArn, region);
    return [
      attach(
        "execution",
        args.executionRole,
        executionPolicy({ region, repositoryArn, logGroupArn, secretArns, secretsKeyArn }),
      ),
      ...(ofTask === undefined ? [] : [attach("task", args.taskRole, ofTask)]),
    ];
  }
}

/** What is left of a task for the API beside the agent. */
function without(sizes: TaskSizes, reserve: typeof agentReserve): TaskSizes {
  return {
    cpuUnits: sizes.cpuUnits.apply((units) => units - reserve.cpuUnits),
    memoryMegabytes: sizes.memoryMegabytes.apply((megabytes) => megabytes - reserve.memoryMegabytes),
  };
}
