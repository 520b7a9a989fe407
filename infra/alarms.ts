import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { alarmInputs } from "./monitoring/alarm-inputs.ts";
import { alarmsOf, type AlarmScope, descriptionOf } from "./monitoring/alarms.ts";
import { eventsOf, templateOf } from "./monitoring/alarm-events.ts";
import { cloudWatchDashboard } from "./monitoring/cloudwatch-dashboard.ts";
import { physicalName } from "./naming.ts";

/** What is optional is watched where it is given: its presence decides which alarms there are. */
export interface AlarmsArgs {
  /** Where alarms and events are told: an `AlarmTopic`. */
  readonly topicArn: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** `app/NAME/ID` and `targetgroup/NAME/ID`: the ends of the ARNs. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly targetGroupArnSuffix: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** Whether the service is meant to have tasks. Default: true. False until the first image runs. */
  readonly tasksExpected?: pulumi.Input<boolean>;
  /** Ids of the cache's nodes. */
  readonly cacheNodeIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly rotationFunctionName?: pulumi.Input<string>;
  /** Where messages lie that `Paging` could not page. */
  readonly unpagedQueueName?: pulumi.Input<string>;
  /** Of this region. */
  readonly certificateArn?: pulumi.Input<string>;
  readonly backupVaultName?: pulumi.Input<string>;
  /** Whether Container Insights counts the cluster's tasks; plain. Default: true. */
  readonly containerInsights?: boolean;
  /** The page that explains every alarm: `https://...`. */
  readonly runbookUrl: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * CloudWatch alarms for what must page even when Datadog is down, events that leave no metric (a deployment that failed,
 * a task that ended, a backup that failed), and a dashboard.
 *
 * Each alarm tells the topic when it begins and when it ends, names its section of the runbook, and says what silence
 * means. An alarm costs 0.10 USD a month per metric, the dashboard 3 USD from the fourth on.
 * Throws where the account is none, the runbook has no https address, or the cache has no nodes.
 */
export class Alarms extends pulumi.ComponentResource {
  /** Key of the runbook to the alarm's ARN. */
  readonly alarmArns: pulumi.Output<Record<string, string>>;
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: AlarmsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:Alarms", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const runbookUrl = checked(this, "runbookUrl", args.runbookUrl, z.url({ protocol: /^https$/ }));
    const nodes = pulumi.output(args.cacheNodeIds);
    const cacheNodes = checked(this, "cacheNodeIds", nodes, z.array(z.string()).min(1, "must name a node or more"));
    const tags = args.tags && { tags: args.tags };
    const has = partsOf(args);
    const scope = scopeOf(args, cacheNodes);

    const alarms = alarmsOf(has).map(([key, row]) => {
      const inputs = scope.apply((known) => alarmInputs(row, known));
      const alarm = new aws.cloudwatch.MetricAlarm(
        physicalName("aws:cloudwatch/metricAlarm:MetricAlarm", name, key),
        {
          alarmDescription: runbookUrl.apply((url) => descriptionOf(row, `${url}#${key}`)),
          comparisonOperator: row.comparison,
          threshold: row.threshold,
          evaluationPeriods: row.periods,
          datapointsToAlarm: inputs.datapointsToAlarm,
          treatMissingData: inputs.treatMissingData,
          metricQueries: inputs.metricQueries,
          alarmActions: [args.topicArn],
          okActions: [args.topicArn],
          ...tags,
        },
        { parent: this },
      );
      return [key, alarm.arn] as const;
    });

    const events = pulumi.all([args.region, accountId, args.clusterName, args.serviceName]);
    for (const [key, row] of eventsOf(has)) {
      const rule = new aws.cloudwatch.EventRule(
        physicalName("aws:cloudwatch/eventRule:EventRule", name, key),
        {
          description: row.means,
          eventPattern: events.apply(([region, account, clusterName, serviceName]) =>
            JSON.stringify(row.pattern({ region, accountId: account, clusterName, serviceName })),
          ),
          ...tags,
        },
        { parent: this },
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${key}`,
        {
          rule: rule.name,
          arn: args.topicArn,
          inputTransformer: {
            inputPaths: row.words,
            inputTemplate: runbookUrl.apply((url) => templateOf(row, `${url}#${key}`)),
          },
        },
        { parent: this },
      );
    }

    const arns = pulumi.all(alarms.map(([, arn]) => arn));
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: name,
        dashboardBody: pulumi
          .all([scope, args.region, runbookUrl, arns])
          .apply(([known, region, url, all]) => JSON.stringify(cloudWatchDashboard(known, region, url, all))),
      },
      { parent: this },
    );

    this.alarmArns = pulumi.output(Object.fromEntries(alarms));
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ alarmArns: this.alarmArns, dashboardName: this.dashboardName });
  }
}

const partsOf = (args: AlarmsArgs): ReadonlySet<string> =>
  new Set([
    ...(args.rotationFunctionName === undefined ? [] : ["rotation"]),
    ...(args.unpagedQueueName === undefined ? [] : ["paging"]),
    ...(args.certificateArn === undefined ? [] : ["certificate"]),
    ...(args.backupVaultName === undefined ? [] : ["backups"]),
    ...(args.containerInsights === false ? [] : ["insights"]),
  ]);

const scopeOf = (args: AlarmsArgs, cacheNodes: pulumi.Output<string[]>): pulumi.Output<AlarmScope> =>
  pulumi.output({
    loadBalancer: args.loadBalancerArnSuffix,
    targetGroup: args.targetGroupArnSuffix,
    clusterName: args.clusterName,
    serviceName: args.serviceName,
    tasksExpected: args.tasksExpected ?? true,
    cacheNodes,
    rotationFunction: args.rotationFunctionName ?? "",
    unpagedQueue: args.unpagedQueueName ?? "",
    certificateArn: args.certificateArn ?? "",
    backupVault: args.backupVaultName ?? "",
  });
