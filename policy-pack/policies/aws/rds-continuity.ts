import { outOfSupport, type Lifecycle } from "../../support/data/lifecycle.ts";
import { joinTo } from "../../support/join.ts";
import {
  atLeast,
  elements,
  expects,
  expectsAsked,
  isNotTrue,
  isSet,
  isTrue,
  oneOf,
  orAbsent,
  textOf,
  unless,
  where,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";
import {
  CLUSTER,
  CLUSTER_INSTANCE,
  CLUSTER_PARAMETERS,
  INSTANCE,
  PARAMETERS,
  familyOf,
  isReplica,
  parameterOf,
} from "./rds.ts";

const kept = unless(isReplica, expectsAsked("days", "backupRetentionPeriod", atLeast));

/** Aurora clusters with one instance. A Multi-AZ cluster (with a class of its own) has three by itself. */
function singleInstances(stack: Stack): readonly Finding[] {
  const clusters = stack.ofType([CLUSTER]).filter(({ props }) => !isSet.is(props["dbClusterInstanceClass"]));
  const clusterOf = joinTo(stack.ofType([CLUSTER]));
  const members = stack
    .ofType([CLUSTER_INSTANCE])
    .flatMap((instance) => clusterOf(instance, "clusterIdentifier").map(({ urn }) => urn));
  const counts = Map.groupBy(members, (urn) => urn);
  return clusters
    .filter(({ urn }) => (counts.get(urn)?.length ?? 0) < 2)
    .map(({ urn, name }) => ({
      urn,
      property: "clusterIdentifier",
      wrong: `"${name}" has ${String(counts.get(urn)?.length ?? 0)} instances`,
      fix: "add an aws.rds.ClusterInstance in another zone, so that there are two",
    }));
}

/** Logs without which nobody can say what happened, by engine. */
const LOGS: ReadonlyMap<string, readonly string[]> = new Map([
  ["postgres", ["postgresql"]],
  ["mysql", ["error", "slowquery"]],
  ["mariadb", ["error", "slowquery"]],
  ["oracle", ["alert", "audit"]],
  ["sqlserver", ["error"]],
  ["db2", ["diag.log"]],
]);

/** Logs that stay on the instance. */
function unexportedLogs(resource: Resource): readonly Finding[] {
  const property = "enabledCloudwatchLogsExports";
  const engine = resource.props["engine"];
  const exported = elements({ property, value: resource.props[property] });
  const wanted = LOGS.get(familyOf(engine) ?? "") ?? [];
  const missing = wanted.filter((log) => !exported.some(({ value }) => value === log));
  const open = exported.find(({ value }) => value instanceof Unknown);
  if (wanted.length > 0 && missing.length === 0) return [];
  if (open?.value instanceof Unknown) return [{ property: open.property, unknown: open.value }];
  if (wanted.length === 0 && exported.length > 0) return [];
  const names = missing.length === 0 ? "every log" : missing.map((log) => `"${log}"`).join(", ");
  return [{ property, wrong: `${names} stays on the instance`, fix: `add ${names} to ${property}` }];
}

/** The parameter that logs slow statements, by the beginning of a parameter group's family. */
const SLOW: readonly (readonly [family: RegExp, parameter: string, value: string, on: RegExp])[] = [
  [/^(aurora-)?postgres/, "log_min_duration_statement", "1000", /^\d+$/],
  [/^(aurora-)?(mysql|mariadb)/, "slow_query_log", "1", /^(1|on|true)$/i],
];

/** Parameter groups that log no slow statement. */
function unloggedQueries(resource: Resource): readonly Finding[] {
  const family = resource.props["family"];
  if (family instanceof Unknown) return [{ property: "family", unknown: family }];
  const log = SLOW.find(([pattern]) => pattern.test(textOf(family) ?? ""));
  if (log === undefined) return [];
  const [, parameter, value, on] = log;
  const fix = `add { name: "${parameter}", value: "${value}" } to parameters`;
  const found = parameterOf(resource, parameter);
  const open = found.find((entry) => entry.value instanceof Unknown);
  if (found.some((entry) => isWritten(entry.value, on))) return [];
  if (open?.value instanceof Unknown) return [{ property: open.property, unknown: open.value }];
  const property = found[0]?.property ?? "parameters";
  return [{ property, wrong: found.length === 0 ? `${parameter} is not among them` : `${parameter} is off`, fix }];
}

const isWritten = (value: Plain, pattern: RegExp): boolean =>
  typeof value !== "object" && value !== undefined && pattern.test(String(value));

/** Last days of standard support; Aurora PostgreSQL has the same as RDS. */
const POSTGRES: Lifecycle = {
  "9": "2022-01-18",
  "10": "2023-04-17",
  "11": "2024-02-29",
  "12": "2025-02-28",
  "13": "2026-02-28",
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
};
const LIFECYCLES: ReadonlyMap<string, Lifecycle> = new Map([
  ["postgres", POSTGRES],
  ["aurora-postgresql", POSTGRES],
  ["mysql", { "5": "2024-02-29", "8.0": "2026-07-31", "8.4": "2029-07-31" }],
  ["aurora-mysql", { "5.7": "2024-10-31", "8.0": "2028-04-30" }],
  ["aurora", { "5": "2023-02-28" }],
  ["mariadb", { "10.6": "2026-08-31", "10.11": "2028-02-29", "11.4": "2029-05-31", "11.8": "2030-06-30" }],
]);
const SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-versions.html";

/** Engine versions that are past standard support. An absent one is the newest. */
function oldEngine({ props }: Resource): readonly Finding[] {
  const engine = props["engine"];
  if (engine instanceof Unknown) return [{ property: "engine", unknown: engine }];
  const lifecycle = LIFECYCLES.get((textOf(engine) ?? "").toLowerCase());
  return lifecycle === undefined
    ? []
    : outOfSupport({ property: "engineVersion", value: props["engineVersion"] }, lifecycle, SOURCE);
}

/** The key of Performance Insights, where they are on. */
const insightsKey = (resource: Resource): readonly Finding[] => {
  const on = resource.props["performanceInsightsEnabled"];
  if (on instanceof Unknown) return [{ property: "performanceInsightsEnabled", unknown: on }];
  if (!isTrue.is(on)) return [];
  return expects("performanceInsightsKmsKeyId", isSet, "set performanceInsightsKmsKeyId to a key's ARN")(resource, {});
};

export const rules: readonly Rule[] = [
  {
    name: "rds-backups-kept",
    description: "RDS keeps automatic backups for as many days as the environment asks.",
    why: "Without them a wrong statement cannot be undone.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_133", "FSBP RDS.11", "AwsSolutions-RDS13", "AWS-0077"],
    settings: { days: { type: "number", description: "Days for which a backup is kept at least.", default: 7 } },
    resources: [{ types: [INSTANCE, CLUSTER], unknown: "refuse", find: kept }],
  },
  {
    name: "rds-multi-az",
    description: "RDS has an instance in another zone, which takes over by itself.",
    why: "With one instance the loss of a zone takes the service with it.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_157", "FSBP RDS.5", "CIS 3.2.4", "AwsSolutions-RDS3"],
    resources: [
      {
        types: [INSTANCE],
        unknown: "refuse",
        find: unless(isReplica, expects("multiAz", isTrue, "set multiAz: true")),
      },
    ],
    stack: singleInstances,
  },
  {
    name: "rds-deletion-protection",
    description: "RDS refuses to be deleted until its protection is taken away.",
    why: "A replacement in a preview that nobody read would delete the data.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_293", "FSBP RDS.8", "AwsSolutions-RDS10", "AWS-0177"],
    resources: [
      {
        types: [INSTANCE, CLUSTER],
        unknown: "refuse",
        find: expects("deletionProtection", isTrue, "set deletionProtection: true"),
      },
    ],
    remedy: ({ type }) => ([INSTANCE, CLUSTER].includes(type) ? [{ path: ["deletionProtection"], value: true }] : []),
  },
  {
    name: "rds-final-snapshot",
    description: "RDS takes a last snapshot before it is deleted.",
    why: "Its automatic backups go with it.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [INSTANCE, CLUSTER],
        unknown: "refuse",
        find: unless(
          isReplica,
          expects("skipFinalSnapshot", isNotTrue, "set skipFinalSnapshot: false, and finalSnapshotIdentifier"),
        ),
      },
      {
        types: [INSTANCE, CLUSTER],
        unknown: "defer",
        find: unless(
          (resource) => isReplica(resource) || isTrue.is(resource.props["skipFinalSnapshot"]),
          expects("finalSnapshotIdentifier", isSet, "set finalSnapshotIdentifier to a name of its own"),
        ),
      },
    ],
  },
  {
    name: "rds-minor-upgrades",
    description: "RDS takes minor versions by itself.",
    why: "They carry the fixes of known holes.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_226", "FSBP RDS.13", "CIS 3.2.2"],
    resources: [
      {
        types: [INSTANCE, CLUSTER, CLUSTER_INSTANCE],
        unknown: "refuse",
        find: expects("autoMinorVersionUpgrade", orAbsent(isTrue), "set autoMinorVersionUpgrade: true, or remove it"),
      },
    ],
  },
  {
    name: "rds-engine-supported",
    description: "RDS runs a version in standard support.",
    why: "Extended support is paid by the vCPU, and afterwards AWS upgrades on its own day.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler rds_instance_deprecated_engine_version"],
    resources: [{ types: [INSTANCE, CLUSTER, CLUSTER_INSTANCE], unknown: "refuse", find: oldEngine }],
  },
  {
    name: "rds-extended-support-refused",
    description: "RDS does not enter paid extended support by itself.",
    why: "Otherwise the bill doubles on the day after standard support, and nothing says so.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: [INSTANCE, CLUSTER],
        unknown: "refuse",
        find: where(
          ({ props }) => ["postgres", "mysql", undefined].includes(familyOf(props["engine"])),
          expects(
            "engineLifecycleSupport",
            oneOf("open-source-rds-extended-support-disabled"),
            'set engineLifecycleSupport: "open-source-rds-extended-support-disabled"',
          ),
        ),
      },
    ],
  },
  {
    name: "rds-logs-exported",
    description: "RDS sends its logs to CloudWatch.",
    why: "On the instance they are gone after days, and with the instance.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_129", "FSBP RDS.9", "FSBP RDS.36", "cdk-nag RDSLoggingEnabled"],
    resources: [{ types: [INSTANCE, CLUSTER], unknown: "refuse", find: unexportedLogs }],
  },
  {
    name: "rds-slow-queries-logged",
    description: "RDS parameter groups log slow statements.",
    why: "They are the only trace of which statement stalled the database.",
    severity: "low",
    level: "advisory",
    standards: ["CKV2_AWS_30"],
    resources: [{ types: [PARAMETERS, CLUSTER_PARAMETERS], unknown: "refuse", find: unloggedQueries }],
  },
  {
    name: "rds-enhanced-monitoring",
    description: "RDS measures the operating system of its instances at least every minute.",
    why: "Metrics of the hypervisor do not show which process takes the CPU.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_118", "FSBP RDS.6", "cdk-nag RDSEnhancedMonitoring"],
    resources: [
      {
        types: [INSTANCE, CLUSTER_INSTANCE],
        unknown: "refuse",
        find: expects(
          "monitoringInterval",
          oneOf(1, 5, 10, 15, 30, 60),
          "set monitoringInterval: 60, and monitoringRoleArn",
        ),
      },
    ],
  },
  {
    name: "rds-performance-insights",
    description: "RDS collects Performance Insights.",
    why: "Seven days of them are free, and show which statement waits for what.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_353", "AWS-0133"],
    resources: [
      {
        types: [INSTANCE, CLUSTER_INSTANCE],
        unknown: "refuse",
        find: expects("performanceInsightsEnabled", isTrue, "set performanceInsightsEnabled: true"),
      },
    ],
  },
  {
    name: "rds-performance-insights-customer-key",
    description: "A key of the account encrypts Performance Insights.",
    why: "They show the text of statements, and with it data.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_354", "AWS-0078"],
    resources: [{ types: [INSTANCE, CLUSTER_INSTANCE], unknown: "defer", find: insightsKey }],
  },
  {
    name: "rds-tags-on-snapshots",
    description: "RDS copies its tags to its snapshots.",
    why: "Otherwise nobody can say whose a snapshot is, and what it costs.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV2_AWS_60", "FSBP RDS.17"],
    resources: [
      {
        types: [INSTANCE, CLUSTER],
        unknown: "refuse",
        find: expects("copyTagsToSnapshot", isTrue, "set copyTagsToSnapshot: true"),
      },
    ],
    remedy: ({ type }) => ([INSTANCE, CLUSTER].includes(type) ? [{ path: ["copyTagsToSnapshot"], value: true }] : []),
  },
];
