import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { regionsOf } from "./mongodbatlas-cluster-shape.ts";
import {
  clusterMissing,
  clusterNamed,
  COMPLIANCE,
  encodedId,
  firstOf,
  isAtlasRegion,
  ofProject,
  projectMissing,
  projectOf,
  SCHEDULE,
  SETTLED,
} from "./mongodbatlas-lookup.ts";

const DAYS: Readonly<Record<string, number>> = { days: 1, weeks: 7, months: 31, years: 365 };

/** From the most frequent item to the least: what is taken less often is kept at least as long. */
const ITEMS: readonly { readonly property: string; readonly frequency: string; readonly leastDays: number }[] = [
  { property: "policyItemHourly", frequency: "hourly", leastDays: 0 },
  { property: "policyItemDaily", frequency: "daily", leastDays: 0 },
  { property: "policyItemWeeklies", frequency: "weekly", leastDays: 7 },
  { property: "policyItemMonthlies", frequency: "monthly", leastDays: 31 },
  { property: "policyItemYearlies", frequency: "yearly", leastDays: 365 },
];

/** Of items one may be given, or a list. */
function itemsAt(inputs: Properties, property: string): Properties[] {
  const value = inputs[property];
  if (isProperties(value)) return [value];
  return listAt(inputs, property).filter((item) => isProperties(item));
}

const daysOf = (item: Properties): number =>
  (numberAt(item, "retentionValue") ?? 0) * (DAYS[textAt(item, "retentionUnit") ?? ""] ?? 0);

const badPolicy = (message: string): Refusal =>
  new Refusal("INVALID_BACKUP_POLICY", `Invalid Backup Policy: ${message}.`);

function retentionRefusal(inputs: Properties): Refusal | undefined {
  let kept = { days: 0, frequency: "" };
  let found = 0;
  for (const { property, frequency, leastDays } of ITEMS) {
    for (const item of itemsAt(inputs, property)) {
      const days = daysOf(item);
      found++;
      if (days <= 0)
        return new Refusal("BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID", "Retention value of snapshot is invalid.");
      if (days < leastDays) return badPolicy(`${frequency} snapshots must be kept for at least ${leastDays} days`);
      if (kept.days > days)
        return badPolicy(
          `${frequency} snapshots are kept for ${days} days, ${kept.frequency} ones for ${kept.days}: what is taken less often must be kept at least as long`,
        );
    }
    const longest = Math.max(0, ...itemsAt(inputs, property).map(daysOf));
    if (longest > 0) kept = { days: longest, frequency };
  }
  return found === 0 ? new Refusal("INVALID_NUM_OF_POLICY_ITEMS", "Must have at least one policy item.") : undefined;
}

const clusterOf = (operation: Operation): CloudResource | undefined =>
  clusterNamed(operation.world, projectOf(operation), textAt(operation.inputs, "clusterName") ?? "");

const timeRefusal = (inputs: Properties): Refusal | undefined =>
  (inputs["referenceHourOfDay"] === undefined) === (inputs["referenceMinuteOfHour"] === undefined)
    ? undefined
    : new Refusal(
        "INVALID_REFERENCE_TIME_OF_DAY_MISSING_FIELDS",
        "To specify snapshot schedule reference time of day, both the hour and minute must be specified.",
      );

function restoreWindowRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const window = numberAt(inputs, "restoreWindowDays");
  const pit = flagAt(clusterOf(operation)?.inputs ?? {}, "pitEnabled") === true;
  if (window !== undefined && !pit)
    return new Refusal(
      "CANNOT_SET_POINT_IN_TIME_WINDOW",
      "Setting the point in time window is not allowed: the cluster has no continuous cloud backup (pitEnabled).",
    );
  if (pit && (window ?? 0) <= 0)
    return new Refusal("INVALID_RESTORE_WINDOW", "The restore window days should be a positive number.");
  const hourly = itemsAt(inputs, "policyItemHourly").map(daysOf)[0];
  return window !== undefined && hourly !== undefined && window > hourly
    ? badPolicy(`the restore window of ${window} days is longer than hourly snapshots are kept (${hourly} days)`)
    : undefined;
}

function copyRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const cluster = clusterOf(operation);
  const own = regionsOf(cluster?.inputs ?? {}).map((region) => textAt(region, "regionName"));
  const zones = mapsAt(cluster?.outputs ?? {}, "replicationSpecs").map((spec) => textAt(spec, "zoneId"));
  const byItem = flagAt(inputs, "copyPolicyItemsEnabled") === true;
  for (const copy of mapsAt(inputs, "copySettings")) {
    const region = textAt(copy, "regionName") ?? "";
    if (textAt(copy, "cloudProvider") === "AWS" && !isAtlasRegion(region))
      return new Refusal("INVALID_REGION", `No region ${region} exists for provider AWS.`);
    if (own.includes(region)) return badPolicy(`snapshots are in ${region} already: copy them to another region`);
    const zone = textAt(copy, "zoneId");
    if (zone === undefined || !zones.includes(zone))
      return badPolicy(`the zone ${zone ?? "(none)"} of copySettings is none of the cluster's`);
    if (flagAt(copy, "shouldCopyOplogs") === true && flagAt(cluster?.inputs ?? {}, "pitEnabled") !== true)
      return badPolicy("oplogs can be copied only where the cluster has continuous cloud backup (pitEnabled)");
    const ways = ["frequencies", "copyPolicyItems", "lastNumberOfSnapshots"].filter((way) => copy[way] !== undefined);
    if (ways.length !== 1 || (ways[0] === "frequencies") === byItem)
      return badPolicy(
        byItem
          ? "with copyPolicyItemsEnabled each copy has copyPolicyItems or lastNumberOfSnapshots, and one of them"
          : "without copyPolicyItemsEnabled each copy has frequencies alone",
      );
    const missing = copiedFrequencies(copy).find((frequency) => !takenFrequencies(inputs).includes(frequency));
    if (missing !== undefined) return badPolicy(`there are no ${missing} snapshots to copy`);
  }
  return undefined;
}

const takenFrequencies = (inputs: Properties): string[] => [
  "ondemand",
  ...ITEMS.filter(({ property }) => itemsAt(inputs, property).length > 0).map(({ frequency }) => frequency),
];

const copiedFrequencies = (copy: Properties): string[] => [
  ...textsAt(copy, "frequencies").map((frequency) => frequency.toLowerCase().replace("_", "")),
  ...mapsAt(copy, "copyPolicyItems").map((item) => textAt(item, "frequencyType") ?? ""),
];

function complianceRefusal(operation: Operation): Refusal | undefined {
  const [policy] = ofProject(operation, COMPLIANCE);
  if (policy === undefined) return undefined;
  const short = ITEMS.find(({ property }) => {
    const asked = Math.max(0, ...itemsAt(policy.inputs, property).map(daysOf));
    return Math.max(0, ...itemsAt(operation.inputs, property).map(daysOf)) < asked;
  });
  return short === undefined
    ? undefined
    : new Refusal(
        "BACKUP_POLICY_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS",
        `Backup policy doesn't meet the minimum Backup Compliance Policy requirements: ${short.frequency} snapshots.`,
      );
}

const scheduleRefusal = (operation: Operation): Refusal | undefined =>
  firstOf(
    () => projectMissing(operation),
    () => clusterMissing(operation, textAt(operation.inputs, "clusterName") ?? ""),
    () =>
      flagAt(clusterOf(operation)?.inputs ?? {}, "backupEnabled") === true
        ? undefined
        : new Refusal(
            "BACKUP_CONFIG_NOT_FOUND",
            `No backup configuration exists for cluster ${textAt(operation.inputs, "clusterName") ?? ""} in group ${projectOf(operation)}.`,
          ),
    () => timeRefusal(operation.inputs),
    () => retentionRefusal(operation.inputs),
    () => restoreWindowRefusal(operation),
    () => copyRefusal(operation),
    () => complianceRefusal(operation),
  );

/** Items with the id and the frequency that Atlas gives them, in the form in which they came. */
function numbered(operation: Operation): Properties {
  const withId = (item: Properties, property: string, frequencyType: string, index: number): Properties => ({
    ...item,
    frequencyType,
    id: operation.hex(`${property}-${index}`, 24),
  });
  return Object.fromEntries(
    ITEMS.flatMap(({ property, frequency }): [string, Value][] => {
      const given = operation.inputs[property];
      if (given === undefined) return [];
      const items = itemsAt(operation.inputs, property).map((item, at) => withId(item, property, frequency, at));
      return [[property, isProperties(given) ? (items[0] ?? {}) : items]];
    }),
  );
}

const schedule: ResourceRules = {
  refuseCreate: scheduleRefusal,
  refuseUpdate(operation) {
    const before = operation.existing?.inputs ?? {};
    return flagAt(before, "copyPolicyItemsEnabled") === true &&
      flagAt(operation.inputs, "copyPolicyItemsEnabled") !== true
      ? badPolicy("copyPolicyItemsEnabled cannot be turned off again")
      : scheduleRefusal(operation);
  },
  refuseDelete: (operation) =>
    ofProject(operation, COMPLIANCE).length > 0 && flagAt(operation.inputs, "skipDestroy") !== true
      ? new Refusal(
          "BACKUP_POLICY_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS",
          "Backup policy doesn't meet the minimum Backup Compliance Policy requirements: it cannot be deleted.",
        )
      : undefined,
  id: (operation) =>
    encodedId({ cluster_name: textAt(operation.inputs, "clusterName") ?? "", project_id: projectOf(operation) }),
  computed: (operation) => ({
    ...numbered(operation),
    autoExportEnabled: flagAt(operation.inputs, "autoExportEnabled") ?? false,
    clusterId: clusterOf(operation)?.id ?? "",
    idPolicy: operation.hex("policy", 24),
    nextSnapshot: SETTLED,
    useOrgAndGroupNamesInExportPrefix: flagAt(operation.inputs, "useOrgAndGroupNamesInExportPrefix") ?? false,
  }),
};

function policyRefusal(operation: Operation): Refusal | undefined {
  const invalid = (why: string): Refusal =>
    new Refusal(
      "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID",
      `The Backup Compliance Policy has invalid settings: ${why}.`,
    );
  const { inputs } = operation;
  const email = textAt(inputs, "authorizedEmail") ?? "";
  if (!/^[^@\s]+@[^@\s]+$/.test(email))
    return new Refusal("INVALID_EMAIL_ADDRESS", "An invalid email address was specified.");
  const window = numberAt(inputs, "restoreWindowDays");
  const hourly = daysOf(mapAt(inputs, "policyItemHourly"));
  if (window !== undefined && flagAt(inputs, "pitEnabled") !== true)
    return invalid("restoreWindowDays needs pitEnabled");
  if (window !== undefined && hourly > 0 && window > hourly)
    return invalid("restoreWindowDays is longer than hourly snapshots are kept");
  const order = retentionRefusal(inputs);
  return order?.code === "INVALID_NUM_OF_POLICY_ITEMS" ? undefined : order;
}

const compliance: ResourceRules = {
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => policyRefusal(operation),
    ),
  refuseUpdate: policyRefusal,
  refuseDelete: () =>
    new Refusal(
      "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY",
      "A Backup Compliance Policy can be disabled by MongoDB Support alone, on request of its authorized user.",
    ),
  id: (operation) => encodedId({ project_id: projectOf(operation) }),
  computed: (operation) => ({
    ...numbered(operation),
    state: "ACTIVE",
    updatedDate: SETTLED,
    updatedUser: textAt(operation.inputs, "authorizedEmail") ?? "",
  }),
};

export const backupResources: Readonly<Record<string, ResourceRules>> = {
  [SCHEDULE]: schedule,
  [COMPLIANCE]: compliance,
};
