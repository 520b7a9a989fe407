import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../naming.ts";

/** Between how many tasks a service may be scaled. */
export interface ScalingBounds {
  readonly minimum: number;
  readonly maximum: number;
}

export interface ServiceScalingArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  readonly bounds: pulumi.Input<ScalingBounds>;
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

/** Out as soon as CPU or requests ask for it (one minute between steps), in when both allow it (five minutes). */
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
