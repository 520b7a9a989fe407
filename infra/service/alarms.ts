import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../naming.ts";

export interface ServiceAlarmsArgs {
  /** The ends of the ARNs of load balancer and target group. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly targetGroupArnSuffix: pulumi.Input<string>;
  /** The SNS topic that is told. Default: nobody but the deployment that the alarm ends. */
  readonly topicArn?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

type DeploymentAlarm = "target-5xx" | "unhealthy-tasks";

interface AlarmChoice {
  readonly description: string;
  readonly metricName: string;
  readonly statistic: "Sum" | "Maximum";
  readonly threshold: number;
  /** Of three minutes, how many must be above the threshold. */
  readonly minutes: number;
}

/**
 * Quicker than the alarms that page (10 errors in 5 minutes): while a deployment runs, what is new is to blame.
 * A task that starts counts as unhealthy for less than three minutes, or it never becomes healthy.
 */
const choices: Readonly<Record<DeploymentAlarm, AlarmChoice>> = {
  "target-5xx": {
    description: "The API answers with errors: a deployment in progress is rolled back.",
    metricName: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    threshold: 10,
    minutes: 2,
  },
  "unhealthy-tasks": {
    description: "A task of the API stays unhealthy: a deployment in progress is rolled back.",
    metricName: "UnHealthyHostCount",
    statistic: "Maximum",
    threshold: 0,
    minutes: 3,
  },
};

/** The alarms at which ECS rolls a deployment back. */
export function deploymentAlarms(
  name: string,
  args: ServiceAlarmsArgs,
  parent: pulumi.Resource,
): Record<DeploymentAlarm, aws.cloudwatch.MetricAlarm> {
  const told = args.topicArn === undefined ? [] : [args.topicArn];
  const alarms = Object.entries(choices).map(
    ([purpose, { description, metricName, statistic, threshold, minutes }]) => {
      const alarm = new aws.cloudwatch.MetricAlarm(
        physicalName("aws:cloudwatch/metricAlarm:MetricAlarm", name, purpose),
        {
          alarmDescription: description,
          namespace: "AWS/ApplicationELB",
          metricName,
          dimensions: { LoadBalancer: args.loadBalancerArnSuffix, TargetGroup: args.targetGroupArnSuffix },
          statistic,
          period: 60,
          evaluationPeriods: 3,
          datapointsToAlarm: minutes,
          comparisonOperator: "GreaterThanThreshold",
          threshold,
          // No request is no error, and a service without a task has none that is unhealthy.
          treatMissingData: "notBreaching",
          alarmActions: told,
          okActions: told,
          ...(args.tags && { tags: args.tags }),
        },
        { parent },
      );
      return [purpose, alarm] as const;
    },
  );
  return Object.fromEntries(alarms) as Record<DeploymentAlarm, aws.cloudwatch.MetricAlarm>;
}
