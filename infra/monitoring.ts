import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { announced, type Announcer, titleOf } from "./monitoring/announcement.ts";
import { dashboardOf } from "./monitoring/dashboard.ts";
import { connectionLimits } from "./monitoring/data-monitors.ts";
import { datadogTags } from "./monitoring/datadog-tags.ts";
import {
  delaySecondsOf,
  isGrouped,
  type MonitorRow,
  monitorsOf,
  needsFullWindow,
  queryOf,
  type Scope,
  thresholdsOf,
} from "./monitoring/monitors.ts";
import type { CheckName } from "./monitoring/synthetics.ts";
import { Objectives } from "./objectives.ts";
import { handle, UptimeCheck } from "./uptime-check.ts";

export interface CheckTarget {
  /** `api.example.com` */
  readonly host: pulumi.Input<string>;
  /** `/heartbeat` */
  readonly path: pulumi.Input<string>;
}

export interface MonitoringArgs {
  /** The tags `env` and `service` of the API's traces. */
  readonly environment: pulumi.Input<string>;
  readonly serviceTag?: pulumi.Input<string>;
  /** What is asked from outside. */
  readonly checks: Readonly<Record<CheckName, CheckTarget>>;
  /** `app/NAME/ID`: the end of the load balancer's ARN. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** The name of the Atlas cluster. */
  readonly databaseClusterName: pulumi.Input<string>;
  /** The cluster's smallest size, which decides how many connections a node takes. Default: M10. */
  readonly databaseInstanceSize?: pulumi.Input<string>;
  readonly replicationGroupId: pulumi.Input<string>;
  /** The vault of AWS Backup. Its presence decides whether backups are watched. */
  readonly backupVaultName?: pulumi.Input<string>;
  /** The AWS budget that the dashboard shows. Default: none. */
  readonly budgetName?: pulumi.Input<string>;
  /** Seconds that 95 of 100 requests may take. Default: 0.5. */
  readonly p95Seconds?: pulumi.Input<number>;
  /** Seconds between two uptime checks. Default: 300. */
  readonly checkIntervalSeconds?: pulumi.Input<number>;
  /** Datadog's locations, two or more. */
  readonly checkLocations: pulumi.Input<string[]>;
  /** The page that explains every monitor: `https://...`. */
  readonly runbookUrl: pulumi.Input<string>;
  /** Handles of Datadog: those that page, and those that merely tell. */
  readonly pageHandles: pulumi.Input<string[]>;
  readonly noticeHandles: pulumi.Input<string[]>;
  /** The whole tag set: Datadog has no default tags of ours. */
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A node that has just been made is not judged by its first five minutes. */
const newGroupDelay = 300;

/**
 * Datadog's view of one environment: uptime checks of API, storefront, and admin; the monitors of monitoring/monitors.ts;
 * objectives for availability and response time; and one dashboard.
 *
 * Every monitor says what happened and what to do, links to its section of the runbook, and has the whole tag set.
 * Priorities 1 and 2 page, the others tell. Throws where there is no handle, the database's size is none
 * of Atlas's, a number is not positive, or the runbook has no https address.
 */
export class Monitoring extends pulumi.ComponentResource {
  readonly availabilityObjectiveId: pulumi.Output<string>;
  readonly latencyObjectiveId: pulumi.Output<string>;
  readonly dashboardUrl: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:Monitoring", name, {}, options);
    const handles = z.array(handle).min(1, "must name somebody");
    const announcer: Announcer = {
      handles: pulumi.output({
        page: checked(this, "pageHandles", args.pageHandles, handles),
        notice: checked(this, "noticeHandles", args.noticeHandles, handles),
      }),
      runbookUrl: checked(this, "runbookUrl", args.runbookUrl, z.url({ protocol: /^https$/ })),
      tags: pulumi.output(args.tags),
    };
    const scope = this.#scope(args);

    this.#checks(name, args);
    for (const [key, row] of monitorsOf(args.backupVaultName !== undefined))
      this.#monitor(name, key, row, scope, announcer);
    const objectives = new Objectives(`${name}-objectives`, { ...announcer, scope }, { parent: this });

    const { availabilityId, latencyId } = objectives;
    const dashboard = new datadog.DashboardJson(
      name,
      {
        dashboard: pulumi
          .output({
            scope,
            availabilityId,
            latencyId,
            title: titleOf(announcer.tags, "API, data, and cost"),
            team: announcer.tags.apply((all) => datadogTags(all).filter((tag) => tag.startsWith("team:"))),
            runbookUrl: announcer.runbookUrl,
            budgetName: args.budgetName ?? "",
          })
          .apply((parts) => JSON.stringify(dashboardOf(parts))),
      },
      { parent: this },
    );

    this.availabilityObjectiveId = availabilityId;
    this.latencyObjectiveId = latencyId;
    this.dashboardUrl = dashboard.url;
    this.registerOutputs({
      availabilityObjectiveId: availabilityId,
      latencyObjectiveId: latencyId,
      dashboardUrl: this.dashboardUrl,
    });
  }

  #scope(args: MonitoringArgs): pulumi.Output<Scope> {
    const positive = z.number().positive("must be above 0");
    const sizes = Object.keys(connectionLimits);
    const size = checked(
      this,
      "databaseInstanceSize",
      args.databaseInstanceSize ?? "M10",
      z.string().refine((known) => sizes.includes(known), `must be one of ${sizes.join(", ")}`),
    );
    return pulumi.output({
      environment: args.environment,
      service: args.serviceTag ?? "api",
      loadBalancer: args.loadBalancerArnSuffix,
      clusterName: args.clusterName,
      serviceName: args.serviceName,
      databaseCluster: args.databaseClusterName,
      databaseConnectionLimit: size.apply((known) => connectionLimits[known] ?? 0),
      replicationGroupId: args.replicationGroupId,
      backupVault: args.backupVaultName ?? "",
      p95Seconds: checked(this, "p95Seconds", args.p95Seconds ?? 0.5, positive),
    });
  }

  #checks(name: string, args: MonitoringArgs): void {
    for (const [check, { host, path }] of Object.entries(args.checks) as [CheckName, CheckTarget][])
      new UptimeCheck(
        `${name}-uptime-${check}`,
        {
          check,
          host,
          path,
          intervalSeconds: args.checkIntervalSeconds ?? 300,
          locations: args.checkLocations,
          runbookUrl: args.runbookUrl,
          pageHandles: args.pageHandles,
          tags: args.tags,
        },
        { parent: this },
      );
  }

  #monitor(name: string, key: string, row: MonitorRow, scope: pulumi.Output<Scope>, announcer: Announcer): void {
    const query = scope.apply((known) => queryOf(row, known));
    const measured = row.type === "query alert";
    new datadog.Monitor(
      `${name}-${key}`,
      {
        ...announced(announcer, {
          ...row,
          key,
          hasWarning: row.warning !== undefined,
          hasNoData: row.noDataMinutes !== undefined,
          measured,
        }),
        type: row.type,
        query,
        monitorThresholds: scope.apply((known) => thresholdsOf(row, known)).apply(texts),
        ...(measured && {
          evaluationDelay: query.apply((text) => delaySecondsOf(text) ?? 0),
          requireFullWindow: query.apply(needsFullWindow),
          newGroupDelay: query.apply((text) => (isGrouped(text) ? newGroupDelay : 0)),
          ...(row.noDataMinutes === undefined
            ? { notifyNoData: false }
            : { notifyNoData: true, noDataTimeframe: row.noDataMinutes }),
        }),
      },
      { parent: this },
    );
  }
}

/** Datadog's provider takes thresholds as texts. */
const texts = (numbers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(numbers).map(([bound, value]) => [bound, String(value)]));
