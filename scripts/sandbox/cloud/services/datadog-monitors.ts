import type { Properties, Value } from "../../values/value.ts";
import { flagAt, listAt, mapAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure, CloudResource, Operation, Refusal, ResourceRules } from "../service.ts";
import { badRequest, idsAt, isTag } from "./datadog-answers.ts";
import { type MonitorQuery, type ObjectiveQuery, QueryError, readQuery } from "./datadog-query.ts";
import { findBy, here } from "./lookup.ts";

export const MONITOR = "datadog:index/monitor:Monitor";
const OBJECTIVE = "datadog:index/serviceLevelObjective:ServiceLevelObjective";
const SYNTHETICS = "datadog:index/syntheticsTest:SyntheticsTest";

const TYPES = [
  "composite",
  "event alert",
  "log alert",
  "metric alert",
  "process alert",
  "query alert",
  "rum alert",
  "service check",
  "synthetics alert",
  "trace-analytics alert",
  "slo alert",
  "event-v2 alert",
  "audit alert",
  "ci-pipelines alert",
  "ci-tests alert",
  "error-tracking alert",
  "database-monitoring alert",
  "network-performance alert",
  "cost alert",
  "data-quality alert",
  "network-path alert",
  "data-jobs alert",
  "llm-observability alert",
];

/** Minutes, as the product offers them. */
const RENOTIFY = [0, 10, 20, 30, 40, 50, 60, 90, 120, 180, 240, 300, 360, 720, 1440];

/** As Python prints it: the API compares floats. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const thresholdAt = (inputs: Properties, key: string): number | undefined => {
  const value = mapAt(inputs, "monitorThresholds")[key];
  return typeof value === "string" && value !== "" ? Number(value) : typeof value === "number" ? value : undefined;
};

/** Each bound's place, seen from the alert threshold: a warning comes before it, a recovery lies on its quiet side. */
function thresholdProblem(inputs: Properties, query: MonitorQuery): string | undefined {
  const { comparator = "", threshold } = query;
  const alert = thresholdAt(inputs, "critical");
  const warning = thresholdAt(inputs, "warning");
  if (threshold === undefined) return undefined;
  if (alert !== undefined && alert !== threshold)
    return `Alert threshold (${float(alert)}) does not match that used in the query (${float(threshold)}).`;
  if (alert === undefined && warning !== undefined) return "Alert status is required.";
  const sign = comparator.startsWith(">") ? 1 : comparator.startsWith("<") ? -1 : 0;
  if (sign === 0) return undefined;
  const beyond = (value: number | undefined, bound: number): boolean =>
    value !== undefined && (value - bound) * sign >= 0;
  const side = sign === 1 ? "less" : "greater";
  if (beyond(warning, threshold))
    return `Warning threshold (${float(warning ?? 0)}) must be ${side} than the alert threshold (${float(threshold)}).`;
  const recovery = thresholdAt(inputs, "criticalRecovery");
  if (beyond(recovery, threshold))
    return `Alert recovery threshold (${float(recovery ?? 0)}) must be ${side} than the alert threshold (${float(threshold)}).`;
  const warningRecovery = thresholdAt(inputs, "warningRecovery");
  return warning !== undefined && beyond(warningRecovery, warning)
    ? `Warning recovery threshold (${float(warningRecovery ?? 0)}) must be ${side} than the warning threshold (${float(warning)}).`
    : undefined;
}

/** `{{#is_alert}}` that nothing closes, or what closes nothing. */
export function messageProblem(message: string): string | undefined {
  const open: string[] = [];
  for (const [, sign, name = ""] of message.matchAll(/\{\{\s*([#^/])\s*([a-z_]+)[^}]*\}\}/g)) {
    if (sign !== "/") open.push(name);
    else if (open.pop() !== name) return `The tag '${name}' closes nothing`;
  }
  return open.length === 0 ? undefined : `The tag '${open.at(-1) ?? ""}' was not closed`;
}

function renotifyProblem(inputs: Properties): string | undefined {
  const interval = numberAt(inputs, "renotifyInterval");
  if (interval !== undefined && !RENOTIFY.includes(interval))
    return `renotify_interval must be one of ${RENOTIFY.join(", ")}`;
  if (inputs["renotifyInterval"] !== undefined && interval !== 0) return undefined;
  const needy = ["renotifyOccurrences", "renotifyStatuses"].find((key) => inputs[key] !== undefined);
  return needy === undefined ? undefined : `${needy} needs a renotify_interval`;
}

const NO_MISSING_DATA_OPTION = ["service check", "composite", "slo alert"];

/** Everything that the validate endpoint would say; it knows all but what other objects there are. */
function problemsOf(inputs: Properties): string[] {
  const type = textAt(inputs, "type") ?? "";
  const query = textAt(inputs, "query");
  const message = textAt(inputs, "message");
  const problems: (string | undefined)[] = [
    message === undefined ? undefined : messageProblem(message),
    renotifyProblem(inputs),
    ...textsAt(inputs, "tags").map((tag) => (isTag(tag) ? undefined : `Invalid tag: ${tag}`)),
  ];
  if (textAt(inputs, "onMissingData") !== undefined && NO_MISSING_DATA_OPTION.includes(type))
    problems.push(`on_missing_data is not available for a ${type}`);
  if (query !== undefined && TYPES.includes(type)) problems.push(...queryProblems(inputs, type, query));
  return problems.filter((problem) => problem !== undefined);
}

function queryProblems(inputs: Properties, type: string, text: string): (string | undefined)[] {
  try {
    const query = readQuery(type, text);
    const foreign = textsAt(inputs, "notifyBies").filter((key) => key !== "*" && !query.groups.includes(key));
    return [
      thresholdProblem(inputs, query),
      foreign.length === 0 ? undefined : `notify_by must be a subset of the query's groups: ${foreign.join(", ")}`,
    ];
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return [`The value provided for parameter 'query' is invalid: ${error.message}`];
  }
}

function check(inputs: Properties): CheckFailure[] {
  const type = textAt(inputs, "type");
  if (type !== undefined && !TYPES.includes(type))
    return [{ property: "type", reason: `must be one of ${TYPES.join(", ")}` }];
  const [problem] = flagAt(inputs, "validate") === false ? [] : problemsOf(inputs);
  return problem === undefined
    ? []
    : [{ property: "query", reason: `error validating monitor: ${badRequest(problem).message}` }];
}

/** Ids that no monitor has; a synthetic test has a monitor of its own. */
export function missingMonitors(operation: Operation, ids: readonly string[]): string[] {
  const monitors = here(operation, MONITOR).map(({ id }) => id);
  const tests = here(operation, SYNTHETICS).map(({ outputs }) => String(numberAt(outputs, "monitorId")));
  return ids.filter((id) => !monitors.includes(id) && !tests.includes(id));
}

function objectiveRefusal(operation: Operation, alert: ObjectiveQuery, threshold: number): Refusal | undefined {
  const objective = findBy(here(operation, OBJECTIVE), alert.id, "id");
  if (objective === undefined) return badRequest(`SLO with id ${alert.id} does not exist`);
  const bound = listAt(objective.inputs, "thresholds").find(
    (one): one is Properties => typeof one === "object" && textAt(one as Properties, "timeframe") === alert.timeframe,
  );
  const target = bound === undefined ? undefined : numberAt(bound, "target");
  if (target === undefined) return badRequest(`SLO ${alert.id} has no target for the time window ${alert.timeframe}`);
  if (alert.kind === "error_budget") return undefined;
  const most = 1 / (1 - target / 100);
  if (threshold <= 0 || threshold > most * 1.000001)
    return badRequest(`The burn rate must be above 0 and at most ${most.toFixed(1)} for a target of ${target}%`);
  if (alert.longSeconds < 3600 || alert.longSeconds > 172_800)
    return badRequest("The long window must be between 1 hour and 48 hours");
  return alert.shortSeconds >= alert.longSeconds
    ? badRequest("The short window must be less than the long window")
    : undefined;
}

function refusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const problems = problemsOf(inputs);
  if (problems.length > 0) return badRequest(...problems);
  const query = readQuery(textAt(inputs, "type") ?? "", textAt(inputs, "query") ?? "");
  if (query.objective !== undefined) return objectiveRefusal(operation, query.objective, query.threshold ?? 0);
  const missing = missingMonitors(operation, query.monitors ?? []);
  return missing.length === 0 ? undefined : badRequest(`monitor [${missing.join(", ")}] in the query does not exist`);
}

const composedOf = ({ inputs }: CloudResource): readonly string[] =>
  textAt(inputs, "type") === "composite" ? (readQuery("composite", textAt(inputs, "query") ?? "").monitors ?? []) : [];

/** An objective or a composite holds its monitors. */
export function heldMonitor(operation: Operation, id: string): Refusal | undefined {
  const objective = here(operation, OBJECTIVE).find(({ inputs }) => idsAt(inputs, "monitorIds").includes(id));
  if (objective !== undefined) return badRequest(`monitor [${id}] is referenced in slos: [${objective.id}]`);
  const composite = here(operation, MONITOR).find((monitor) => composedOf(monitor).includes(id));
  return composite === undefined
    ? undefined
    : badRequest(`monitor [${id}] is referenced in composite monitors: [${composite.id}]`);
}

/** Type changes that are none. */
const sameType = (old: Value, now: Value): boolean =>
  [old, now].every((type) => type === "metric alert" || type === "query alert");

export const monitor: ResourceRules = {
  check,
  refuseCreate: (operation) => (textAt(operation.inputs, "query") === undefined ? undefined : refusal(operation)),
  refuseUpdate: (operation) => (textAt(operation.inputs, "query") === undefined ? undefined : refusal(operation)),
  refuseDelete: (operation) =>
    flagAt(operation.existing?.inputs ?? {}, "forceDelete") === true
      ? undefined
      : heldMonitor(operation, operation.existing?.id ?? ""),
  id: (operation) => String(parseInt(operation.hex("id", 7), 16)),
  equivalent(property, old, now) {
    if (property === "type") return sameType(old, now);
    if (typeof old !== "string" || typeof now !== "string") return false;
    if (property.startsWith("monitorThresholds.")) return Number(old) === Number(now);
    return ["message", "query", "escalationMessage"].includes(property) && old.trim() === now.trim();
  },
};
