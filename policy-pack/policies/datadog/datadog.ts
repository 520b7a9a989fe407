import { hoursOf } from "../../support/duration.ts";
import { namesRunbook, notifies } from "../../support/monitoring/datadog-message.ts";
import {
  at,
  elements,
  expects,
  firstUnknown,
  isAbsent,
  isTrue,
  numberOf,
  oneOf,
  textsOf,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { DATADOG_TAGGED, tagsOf } from "../../support/tags/tagged.ts";
import { Unknown } from "../../support/unknown.ts";

const MONITOR = "datadog:index/monitor:Monitor";
const MONITOR_JSON = "datadog:index/monitorJson:MonitorJson";
const SYNTHETICS = "datadog:index/syntheticsTest:SyntheticsTest";
const SLO = "datadog:index/serviceLevelObjective:ServiceLevelObjective";

/** Messages that tell nobody when the monitor alerts. */
function silentMessages({ props }: Resource): readonly Finding[] {
  const message = props["message"];
  if (message instanceof Unknown) return [{ property: "message", unknown: message }];
  if (typeof message === "string" && notifies(message)) return [];
  return [
    {
      property: "message",
      wrong: "it names nobody whom an alert tells",
      fix: "end the message with a handle such as @pagerduty-<service> or @slack-<channel>",
    },
  ];
}

/** Alerts without instructions: neither the message nor an asset leads to a runbook. */
function helplessMessages({ props }: Resource): readonly Finding[] {
  const message = props["message"];
  const runbooks = elements({ property: "assets", value: props["assets"] }).filter(
    ({ value }) => value instanceof Unknown || at(value, "category") === "runbook",
  );
  if (typeof message === "string" && namesRunbook(message)) return [];
  if (runbooks.some(({ value }) => !(value instanceof Unknown))) return [];
  const unknown = message instanceof Unknown ? message : firstUnknown(runbooks.map(({ value }) => value));
  if (unknown !== undefined) return [{ property: "message", unknown }];
  return [
    {
      property: "message",
      wrong: "it does not say where to read what to do",
      fix: 'add a line "Runbook: https://..." to the message',
    },
  ];
}

/** Keys that nothing tags; one unknown tag may be any of them. */
function missingTags(resource: Resource, config: Config): readonly Finding[] {
  const { values, waiting } = tagsOf(resource);
  const missing = textsOf(config["keys"]).filter((key) => isAbsent(values.get(key)));
  if (missing.length === 0) return [];
  if (waiting !== undefined) return [{ property: "tags", unknown: waiting }];
  return [
    {
      property: "tags",
      wrong: `${missing.join(", ")} is missing or empty`,
      fix: `add ${missing.map((key) => `"${key}:..."`).join(", ")} to tags`,
    },
  ];
}

const REPORTING: ReadonlySet<string> = new Set(["show_and_notify_no_data", "showAndNotifyNoData"]);

/** Service checks that say nothing once the agent that sends them is gone. */
function deafChecks({ props }: Resource): readonly Finding[] {
  const [type, notify, missing] = [props["type"], props["notifyNoData"], props["onMissingData"]];
  if (isTrue.is(notify) || (typeof missing === "string" && REPORTING.has(missing))) return [];
  if (typeof type === "string" && type !== "service check") return [];
  for (const [property, value] of Object.entries({ notifyNoData: notify, onMissingData: missing, type }))
    if (value instanceof Unknown) return [{ property, unknown: value }];
  return [
    {
      property: "notifyNoData",
      wrong: "a check that is not sent any more looks like one that is well",
      fix: "set notifyNoData: true and noDataTimeframe: 10",
    },
  ];
}

/** Waits for missing data that are shorter than two windows of the query, so that each late point is an alarm. */
function hastyNoData({ props }: Resource): readonly Finding[] {
  const [notify, query, timeframe] = [props["notifyNoData"], props["query"], props["noDataTimeframe"]];
  // Absent is twice the window already.
  if (timeframe === undefined || !(isTrue.is(notify) || notify instanceof Unknown)) return [];
  const unknown = [timeframe, query, notify].find((value) => value instanceof Unknown);
  if (unknown !== undefined) return [{ property: timeframe instanceof Unknown ? "noDataTimeframe" : "query", unknown }];
  const window = typeof query === "string" ? /\blast_(\d+[a-z]+)\b/.exec(query)?.[1] : undefined;
  const least = 2 * 60 * (hoursOf(window ?? "") ?? 1 / 60);
  if ((numberOf(timeframe) ?? 0) >= least) return [];
  return [
    {
      property: "noDataTimeframe",
      wrong: `it is ${JSON.stringify(timeframe)}, less than two windows of the query`,
      fix: `set noDataTimeframe: ${String(least)} or more`,
    },
  ];
}

/** Never repeated is forgotten; repeated all the time is muted. Absent is never. */
const renotifies =
  (path: string): Find =>
  ({ props }, config) => {
    const value = at(props, path);
    if (value instanceof Unknown) return [{ property: path, unknown: value }];
    const [least, most] = [numberOf(config["least"]) ?? 0, numberOf(config["most"]) ?? 0];
    const minutes = numberOf(value) ?? 0;
    if (minutes >= least && minutes <= most) return [];
    return [
      {
        property: path,
        wrong:
          minutes === 0
            ? "an alert that nobody takes up is not repeated"
            : `it is repeated every ${String(minutes)} minutes`,
        fix: `set ${path} to ${String(least)} to ${String(most)} minutes`,
      },
    ];
  };

const PRIORITIES = oneOf(1, 2, 3, 4, 5);

/** Objectives without a target that can be missed and reached. */
function vagueObjectives({ props }: Resource): readonly Finding[] {
  const thresholds = elements({ property: "thresholds", value: props["thresholds"] });
  if (thresholds.length === 0)
    return [{ property: "thresholds", wrong: "there is no target", fix: 'add { timeframe: "30d", target: 99.9 }' }];
  return thresholds.flatMap(({ property, value }): readonly Finding[] => {
    const [target, warning] = [at(value, "target"), at(value, "warning")];
    if (target instanceof Unknown) return [{ property: `${property}.target`, unknown: target }];
    const goal = numberOf(target);
    if (goal === undefined || goal <= 0 || goal >= 100)
      return [
        {
          property: `${property}.target`,
          wrong:
            goal === undefined
              ? "there is no target"
              : `${String(goal)} per cent is no target that can be missed and reached`,
          fix: `set ${property}.target between 0 and 100`,
        },
      ];
    if (warning instanceof Unknown) return [{ property: `${property}.warning`, unknown: warning }];
    if (warning === undefined || warning === null || (numberOf(warning) ?? 0) > goal) return [];
    return [
      {
        property: `${property}.warning`,
        wrong: "it warns only once the target is missed",
        fix: `set ${property}.warning above ${String(goal)}`,
      },
    ];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "datadog-monitor-notifies",
    description: "Each monitor and synthetic test tells somebody when it alerts.",
    why: "An alert that nobody gets is noticed with the customers' complaints.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [MONITOR, SYNTHETICS], unknown: "defer", find: silentMessages }],
  },
  {
    name: "datadog-monitor-runbook",
    description: "Each monitor and synthetic test leads to what to do.",
    why: "Whoever is woken at night must not have to find out first what the alert means.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [MONITOR, SYNTHETICS], unknown: "defer", find: helplessMessages }],
  },
  {
    name: "datadog-monitor-tags",
    description: "Monitors, tests, and objectives say their environment, service, and team.",
    why: "Datadog groups, mutes, and routes by these tags, so that what has none is lost among all others.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: {
      keys: { type: "array", description: "Keys that must be there.", default: ["env", "service", "team"] },
    },
    resources: [{ types: DATADOG_TAGGED, unknown: "defer", find: missingTags }],
  },
  {
    name: "datadog-monitor-reports-silence",
    description: "A monitor of a service check alerts when the check is not sent any more.",
    why: "The agent that sends the check usually ends together with what it watches.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [MONITOR], unknown: "refuse", find: deafChecks }],
  },
  {
    name: "datadog-monitor-no-data-window",
    description: "Missing data is reported after two windows of the query or later.",
    why: "A single late point would otherwise be an alarm, and people learn to ignore it.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [{ types: [MONITOR], unknown: "defer", find: hastyNoData }],
  },
  {
    name: "datadog-monitor-priority",
    description: "Each monitor and synthetic test has a priority.",
    why: "Without one nobody can tell what must be looked at tonight from what can wait.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [MONITOR], unknown: "refuse", find: expects("priority", PRIORITIES, "set priority to 1 to 5") },
      {
        types: [SYNTHETICS],
        unknown: "refuse",
        find: expects("optionsList.monitorPriority", PRIORITIES, "set optionsList.monitorPriority to 1 to 5"),
      },
    ],
  },
  {
    name: "datadog-monitor-renotifies",
    description: "An alert that nobody takes up is repeated, and not all the time.",
    why: "One message is easily missed, and a message a minute is muted by everyone.",
    severity: "low",
    level: "mandatory",
    standards: [],
    settings: {
      least: { type: "number", description: "The shortest time between two messages, in minutes.", default: 10 },
      most: { type: "number", description: "The longest time between two messages, in minutes.", default: 1440 },
    },
    resources: [
      { types: [MONITOR], unknown: "refuse", find: renotifies("renotifyInterval") },
      { types: [SYNTHETICS], unknown: "refuse", find: renotifies("optionsList.monitorOptions.renotifyInterval") },
    ],
  },
  {
    name: "datadog-monitor-published",
    description: "No monitor is a draft.",
    why: "A draft looks like a monitor and tells nobody anything.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [MONITOR],
        unknown: "refuse",
        find: expects(
          "draftStatus",
          { is: (value) => value === undefined || value === null || value === "published", expected: '"published"' },
          'set draftStatus: "published", or remove it',
        ),
      },
    ],
  },
  {
    name: "datadog-monitor-readable",
    description: "Monitors are written as datadog.Monitor.",
    why: "None of the other rules about monitors can see into a monitor that is one text of JSON.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [MONITOR, MONITOR_JSON],
        unknown: "refuse",
        find: ({ type }) =>
          type === MONITOR
            ? []
            : [{ property: "monitor", wrong: "the monitor is a text of JSON", fix: "write it as a datadog.Monitor" }],
      },
    ],
  },
  {
    name: "datadog-slo-has-target",
    description: "Each objective has a target that can be reached and missed, and warns before it is missed.",
    why: "An objective without a target, or of 100 per cent, decides nothing.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SLO], unknown: "defer", find: vagueObjectives }],
  },
];
