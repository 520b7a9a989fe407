import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../naming.ts";
import type { Hours } from "../settings/hours.ts";

/** Between how many tasks a service may be scaled. */
export interface ScalingBounds {
  readonly minimum: number;
  readonly maximum: number;
}

export interface ServiceScalingArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  readonly bounds: pulumi.Input<ScalingBounds>;
  /** Tasks run on weekdays within these hours alone, and as many as `bounds` say whatever the load. Plain. */
  readonly hours?: Hours;
  /** From when on they are not started again, as `2026-11-28T20:00:00Z`. Plain. Default: every weekday. */
  readonly until?: string;
  /** Percentage of the task's CPU, on average over all tasks, that scaling keeps to. */
  readonly cpuPercent: pulumi.Input<number>;
  /** Requests per minute and task that scaling keeps to. */
  readonly requestsPerMinute: pulumi.Input<number>;
  /** The ends of the ARNs of load balancer and target group: `app/NAME/ID` and `targetgroup/NAME/ID`. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly targetGroupArnSuffix: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A service that is to have no task may not be scaled at all, and one that runs is never scaled below what it was
 * asked for.
 *
 * It is these bounds that start a service, stop it, and change its least number: whenever they are registered,
 * Application Auto Scaling moves a count outside of them to the nearer one. Policies alone never start a service,
 * since no task reports a metric that they could follow.
 */
export function scalingBounds(desiredCount: number, maximumCount: number): ScalingBounds {
  return desiredCount === 0 ? { minimum: 0, maximum: 0 } : { minimum: desiredCount, maximum: maximumCount };
}

/**
 * Out as soon as CPU or requests ask for it (one minute between steps), in when both allow it (five minutes).
 * Or by the clock: a service that serves a few people needs no more tasks by day, and none by night.
 */
export function scaleService(name: string, args: ServiceScalingArgs, parent: pulumi.Resource): void {
  const bounds = pulumi.output(args.bounds);
  const target = new aws.appautoscaling.Target(
    name,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
      minCapacity: bounds.minimum,
      maxCapacity: bounds.maximum,
      ...(args.tags && { tags: args.tags }),
    },
    { parent },
  );
  if (args.hours !== undefined) {
    scaleByClock(name, target, bounds, { ...args.hours, until: args.until }, parent);
    return;
  }
  const keepTo = (
    purpose: string,
    targetValue: pulumi.Input<number>,
    metric: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
  ) =>
    new aws.appautoscaling.Policy(
      physicalName("aws:appautoscaling/policy:Policy", name, purpose),
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          predefinedMetricSpecification: metric,
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
      },
      { parent },
    );

  keepTo("cpu", args.cpuPercent, { predefinedMetricType: "ECSServiceAverageCPUUtilization" });
  keepTo("requests", args.requestsPerMinute, {
    predefinedMetricType: "ALBRequestCountPerTarget",
    resourceLabel: pulumi.interpolate`${args.loadBalancerArnSuffix}/${args.targetGroupArnSuffix}`,
  });
}

/** Stopped every evening, and started on weekdays' mornings as long as the service is to live. */
function scaleByClock(
  name: string,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  bounds: pulumi.Output<ScalingBounds>,
  { from, to, timeZone, until }: Hours & { readonly until: string | undefined },
  parent: pulumi.Resource,
): void {
  const at = (
    purpose: string,
    schedule: string,
    scalableTargetAction: aws.types.input.appautoscaling.ScheduledActionScalableTargetAction,
    end?: string,
  ) =>
    new aws.appautoscaling.ScheduledAction(
      physicalName("aws:appautoscaling/scheduledAction:ScheduledAction", name, purpose),
      {
        serviceNamespace,
        scalableDimension,
        resourceId,
        schedule,
        timezone: timeZone,
        scalableTargetAction,
        ...(end !== undefined && { endTime: end }),
      },
      { parent },
    );
  at("evening", cron(to, "*"), { minCapacity: 0, maxCapacity: 0 });
  at("morning", cron(from, "MON-FRI"), { minCapacity: bounds.minimum, maxCapacity: bounds.maximum }, until);
}

/** AWS's six fields: minute, hour, day of the month, month, day of the week, year. */
function cron(time: string, weekdays: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `cron(${minute} ${hour} ? * ${weekdays} *)`;
}
