import {
  ADVANCED_CLUSTER,
  DEDICATED,
  FLEX_CLUSTER,
  LEGACY_CLUSTER,
  SERVERLESS_INSTANCE,
} from "../../support/data/atlas.ts";
import { joinTo, unnamed } from "../../support/join.ts";
import {
  at,
  atLeast,
  described,
  elements,
  expects,
  expectsAsked,
  isSet,
  isTrue,
  locate,
  numberOf,
} from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule";

const DAYS: ReadonlyMap<unknown, number> = new Map([
  ["days", 1],
  ["weeks", 7],
  ["months", 30],
  ["years", 365],
]);

/** Schedules whose daily snapshots do not live long enough. */
function shortRetention({ props }: Resource, config: Config): readonly Finding[] {
  const least = numberOf(config["days"]) ?? 0;
  const fix = `set policyItemDaily: { frequencyInterval: 1, retentionUnit: "days", retentionValue: ${String(least)} }`;
  const daily = props["policyItemDaily"];
  if (daily instanceof Unknown) return [{ property: "policyItemDaily", unknown: daily }];
  if (!isSet.is(daily)) return [{ property: "policyItemDaily", wrong: "no snapshot is taken each day", fix }];
  const unit = at(daily, "retentionUnit");
  const value = at(daily, "retentionValue");
  if (unit instanceof Unknown) return [{ property: "policyItemDaily.retentionUnit", unknown: unit }];
  const property = "policyItemDaily.retentionValue";
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const factor = DAYS.get(unit);
  if (factor === undefined) return [{ property: "policyItemDaily.retentionUnit", wrong: described(unit), fix }];
  const days = (numberOf(value) ?? 0) * factor;
  return days >= least
    ? []
    : [{ property, wrong: `a daily snapshot is kept for ${String(days)} days, and must be for ${String(least)}`, fix }];
}

/** Clusters about which no schedule of the program is: Atlas's own keeps a day's snapshot for a week, and copies none. */
function unscheduled(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType(DEDICATED), stack.ofType([SCHEDULE]), "clusterName").map(({ urn, name }) => ({
    urn,
    property: "name",
    wrong: `no mongodbatlas.CloudBackupSchedule is about "${name}"`,
    fix: "add one with its clusterName, and policyItemDaily and copySettings as the environment asks",
  }));
}

/** Copies that stand in a region of the cluster itself, so that its loss takes both. */
function copiesBeside(stack: Stack): readonly Finding[] {
  const clusterOf = joinTo(stack.ofType([ADVANCED_CLUSTER]));
  return stack.ofType([SCHEDULE]).flatMap((schedule): readonly Finding[] => {
    const own = new Set(
      clusterOf(schedule, "clusterName").flatMap((cluster) =>
        locate(cluster.props, "replicationSpecs[].regionConfigs[].regionName").map(({ value }) => value),
      ),
    );
    const copies = locate(schedule.props, "copySettings[].regionName");
    if (copies.length === 0 || own.size === 0) return [];
    if (copies.some(({ value }) => value instanceof Unknown || !own.has(value))) return [];
    return copies.slice(0, 1).map(({ property, value }) => ({
      urn: schedule.urn,
      property,
      wrong: `${described(value)}, where the cluster itself stands`,
      fix: "set it to another region",
    }));
  });
}

/** Copy settings that copy no snapshots. */
function emptyCopies({ props }: Resource): readonly Finding[] {
  const property = "copySettings";
  const copies = props[property];
  const fix = 'set copySettings: [{ cloudProvider: "AWS", regionName, copyPolicyItems: [...] }]';
  if (copies instanceof Unknown) return [{ property, unknown: copies }];
  if (!isSet.is(copies)) return [{ property, wrong: "no snapshot is copied to another region", fix }];
  return elements({ property, value: copies }).flatMap(({ property: place, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property: place, unknown: value }];
    const what = ["copyPolicyItems", "frequencies", "lastNumberOfSnapshots"].map((key) => at(value, key));
    // A list or a number that is not known yet is set to something.
    return what.some((part) => isSet.is(part))
      ? []
      : [{ property: place, wrong: "it says of no snapshot that it is copied", fix }];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "mongodbatlas-backups-on",
    description: "Atlas clusters are backed up.",
    why: "Without it a wrong command loses everything.",
    severity: "critical",
    level: "mandatory",
    standards: ["Prowler clusters_backup_enabled"],
    resources: [
      {
        types: [ADVANCED_CLUSTER],
        unknown: "refuse",
        find: expects("backupEnabled", isTrue, "set backupEnabled: true"),
      },
      { types: [LEGACY_CLUSTER], unknown: "refuse", find: expects("cloudBackup", isTrue, "set cloudBackup: true") },
    ],
    remedy: ({ type }) => (type === ADVANCED_CLUSTER ? [{ path: ["backupEnabled"], value: true }] : []),
  },
  {
    name: "mongodbatlas-point-in-time-recovery",
    description: "Atlas clusters can be restored to any moment of the last days.",
    why: "A snapshot loses all that was written since, up to a day.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: { days: { type: "number", description: "Days that can be restored to the second.", default: 7 } },
    resources: [
      { types: DEDICATED, unknown: "refuse", find: expects("pitEnabled", isTrue, "set pitEnabled: true") },
      {
        types: [SCHEDULE],
        unknown: "refuse",
        find: expectsAsked("days", "restoreWindowDays", atLeast),
      },
    ],
  },
  {
    name: "mongodbatlas-backups-kept",
    description: "Atlas takes a snapshot each day, and keeps it for as many days as the environment asks.",
    why: "A mistake that is found late must still be older than the oldest snapshot is.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      days: { type: "number", description: "Days for which a daily snapshot is kept at least.", default: 30 },
    },
    resources: [{ types: [SCHEDULE], unknown: "refuse", find: shortRetention }],
    stack: unscheduled,
  },
  {
    name: "mongodbatlas-backups-in-second-region",
    description: "Atlas copies snapshots to a region in which the cluster does not stand.",
    why: "A region that is lost takes the cluster and its snapshots at once.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SCHEDULE], unknown: "refuse", find: emptyCopies }],
    stack: (stack) => [...unscheduled(stack), ...copiesBeside(stack)],
  },
  {
    name: "mongodbatlas-backups-outlive-cluster",
    description: "The snapshots of an Atlas cluster stay when it is deleted.",
    why: "A replacement by mistake would delete the data and its backups together.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: DEDICATED,
        unknown: "refuse",
        find: expects("retainBackupsEnabled", isTrue, "set retainBackupsEnabled: true"),
      },
    ],
  },
  {
    name: "mongodbatlas-termination-protection",
    description: "Atlas clusters refuse to be deleted until their protection is taken away.",
    why: "A replacement in a preview that nobody read would delete the data.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [...DEDICATED, FLEX_CLUSTER, SERVERLESS_INSTANCE],
        unknown: "refuse",
        find: expects("terminationProtectionEnabled", isTrue, "set terminationProtectionEnabled: true"),
      },
    ],
    remedy: ({ type }) =>
      [...DEDICATED, FLEX_CLUSTER, SERVERLESS_INSTANCE].includes(type)
        ? [{ path: ["terminationProtectionEnabled"], value: true }]
        : [],
  },
];
