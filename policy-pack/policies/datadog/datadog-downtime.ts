import { hoursOf } from "../../support/duration.ts";
import { asText, at, elements, firstUnknown, isAbsent, numberOf, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const DOWNTIME_SCHEDULE = "datadog:index/downtimeSchedule:DowntimeSchedule";
const DOWNTIME = "datadog:index/downtime:Downtime";

/** Downtimes that never end, or last as long as the time between them. */
function endlessSchedules({ props }: Resource, config: Config): readonly Finding[] {
  const [once, recurring] = [props["oneTimeSchedule"], props["recurringSchedule"]];
  const longest = numberOf(config["hours"]) ?? 0;
  const recurrences = elements({ property: "recurringSchedule.recurrences", value: at(recurring, "recurrences") });
  if (recurrences.length > 0 && !(once !== undefined && once !== null))
    return recurrences.flatMap(({ property, value }) =>
      longOnes(`${property}.duration`, at(value, "duration"), longest),
    );
  const end = at(once, "end");
  if (end instanceof Unknown) return [{ property: "oneTimeSchedule.end", unknown: end }];
  const property = "oneTimeSchedule.end";
  const fix = "set oneTimeSchedule.end to the end of the work";
  if (typeof end !== "string" || end === "") return [{ property, wrong: "the downtime never ends", fix }];
  const start = at(once, "start");
  if (start instanceof Unknown) return [];
  // Without a start it begins now.
  const begins = typeof start === "string" && start !== "" ? Date.parse(start) : Date.now();
  const lasts = Math.round((Date.parse(end) - begins) / 86_400_000);
  const most = numberOf(config["days"]) ?? 0;
  return lasts > most
    ? [{ property, wrong: `it lasts ${String(lasts)} days, and must be at most ${String(most)}`, fix }]
    : [];
}

function longOnes(property: string, duration: Plain, longest: number): readonly Finding[] {
  if (duration instanceof Unknown) return [{ property, unknown: duration }];
  const hours = typeof duration === "string" ? hoursOf(duration) : undefined;
  if (hours !== undefined && hours <= longest) return [];
  return [
    {
      property,
      wrong: duration === undefined ? "it is not set" : `it lasts ${asText(duration)} each time`,
      fix: `set ${property}: "${String(longest)}h" or less`,
    },
  ];
}

/** Downtimes of the older kind, with an end as a number or as text. */
function endlessDowntimes({ props }: Resource): readonly Finding[] {
  const ends = ["end", "endDate"].map((property) => ({ property, value: props[property] }));
  if (ends.some(({ value }) => !(value instanceof Unknown) && !isAbsent(value))) return [];
  for (const { property, value } of ends) if (value instanceof Unknown) return [{ property, unknown: value }];
  return [{ property: "end", wrong: "the downtime never ends", fix: "set endDate to the end of the work" }];
}

const isAll = (scope: string): boolean => /^\s*([\w.-]+:)?\**\s*$/.test(scope);

/** Downtimes that mute all there is. */
function universalDowntimes({ type, props }: Resource): readonly Finding[] {
  const property = type === DOWNTIME ? "scopes" : "scope";
  const scope = props[property];
  const known = textsOf(scope);
  const unknown = firstUnknown(scope);
  if (known.some((text) => !isAll(text))) return [];
  if (unknown !== undefined) return [{ property, unknown }];
  return [
    {
      property,
      wrong: "it mutes every monitor of the organisation",
      fix: `set ${property} to what the work is about, such as "env:staging AND service:api"`,
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "datadog-downtime-ends",
    description: "Each downtime ends by itself.",
    why: "A monitor that was muted for one evening stays silent until an outage is found without it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      hours: { type: "number", description: "The longest recurring downtime, in hours.", default: 24 },
      days: { type: "number", description: "The longest downtime that does not recur, in days.", default: 30 },
    },
    resources: [
      { types: [DOWNTIME_SCHEDULE], unknown: "refuse", find: endlessSchedules },
      { types: [DOWNTIME], unknown: "refuse", find: endlessDowntimes },
    ],
  },
  {
    name: "datadog-downtime-scoped",
    description: "A downtime mutes what it is about, and not everything.",
    why: "While all monitors are muted an outage elsewhere goes unnoticed.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [DOWNTIME_SCHEDULE, DOWNTIME], unknown: "defer", find: universalDowntimes }],
  },
];
