import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules } from "../service.ts";
import { badRequest, conflict, idsAt } from "./datadog-answers.ts";
import { MONITOR, missingMonitors } from "./datadog-monitors.ts";
import { namesIn, QueryError, readExpression, readQuery } from "./datadog-query.ts";
import { here } from "./lookup.ts";

/** What each type of objective measures by. */
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  metric: ["query", "sliSpecification"],
  monitor: ["monitorIds"],
  time_slice: ["sliSpecification"],
};

function checkThresholds(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const thresholds = mapsAt(inputs, "thresholds");
  const frames = thresholds.map((threshold) => textAt(threshold, "timeframe"));
  for (const [index, threshold] of thresholds.entries()) {
    const path = `thresholds[${index}]`;
    const frame = frames[index];
    if (frame !== undefined && frames.indexOf(frame) !== index)
      failures.push({ property: `${path}.timeframe`, reason: `${frame} is given twice` });
    const [target, warning] = [numberAt(threshold, "target"), numberAt(threshold, "warning")];
    for (const [key, value] of [
      ["target", target],
      ["warning", warning],
    ] as const)
      if (value !== undefined && (value <= 0 || value >= 100))
        failures.push({ property: `${path}.${key}`, reason: "must be between 0 and 100, both excluded" });
    if (target !== undefined && warning !== undefined && warning <= target)
      failures.push({ property: `${path}.warning`, reason: "must be greater than the target" });
  }
  return failures;
}

/** The primary time frame repeats a threshold's values. */
function checkPrimary(inputs: Properties): CheckFailure[] {
  const frame = textAt(inputs, "timeframe");
  if (frame === undefined) return [];
  const primary = mapsAt(inputs, "thresholds").find((threshold) => textAt(threshold, "timeframe") === frame);
  if (primary === undefined)
    return [{ property: "timeframe", reason: `no threshold has the primary timeframe ${frame}` }];
  return (
    [
      ["targetThreshold", "target"],
      ["warningThreshold", "warning"],
    ] as const
  ).flatMap(([key, of]) => {
    const given = numberAt(inputs, key);
    return given === undefined || primary[of] === undefined || given === primary[of]
      ? []
      : [{ property: key, reason: `must equal the ${of} of the primary timeframe` }];
  });
}

/** Every text that must be an expression over metrics. */
function expressionsOf(inputs: Properties): string[] {
  const specification = mapAt(inputs, "sliSpecification");
  const holders = [mapAt(mapAt(specification, "timeSlice"), "query"), mapAt(specification, "count")];
  const queries = holders.flatMap((holder) => mapsAt(holder, "queries")).map((query) => mapAt(query, "metricQuery"));
  return [
    textAt(mapAt(inputs, "query"), "numerator"),
    textAt(mapAt(inputs, "query"), "denominator"),
    ...queries.map((query) => textAt(query, "query")),
  ].filter((text) => text !== undefined);
}

/** The first name in a formula that none of its queries has. */
function foreignName(inputs: Properties): string | undefined {
  const specification = mapAt(inputs, "sliSpecification");
  const slice = mapAt(mapAt(specification, "timeSlice"), "query");
  const count = mapAt(specification, "count");
  const formulas = [
    { holder: slice, formula: textAt(mapAt(slice, "formula"), "formulaExpression") },
    ...["goodEventsFormula", "totalEventsFormula", "badEventsFormula"].map((key) => ({
      holder: count,
      formula: textAt(count, key),
    })),
  ];
  for (const { holder, formula } of formulas) {
    const names = mapsAt(holder, "queries").map((query) => textAt(mapAt(query, "metricQuery"), "name"));
    const foreign = namesIn(formula ?? "").find((name) => !names.includes(name));
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

function problemOf(inputs: Properties): string | undefined {
  const type = textAt(inputs, "type") ?? "";
  const measures = MEASURES[type] ?? [];
  if (measures.length > 0 && !measures.some((key) => inputs[key] !== undefined))
    return `an SLO of type ${type} needs ${measures.join(" or ")}`;
  const foreign = foreignName(inputs);
  if (foreign !== undefined) return `the formula names no query: ${foreign}`;
  for (const text of expressionsOf(inputs))
    try {
      readExpression(text);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return `Invalid query: ${error.message}`;
    }
  return undefined;
}

function refusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const problem = problemOf(inputs);
  if (problem !== undefined) return badRequest(problem);
  const missing = missingMonitors(operation, idsAt(inputs, "monitorIds"));
  return missing.length === 0 ? undefined : badRequest(`Unable to find monitors with ids [${missing.join(", ")}]`);
}

/** Alerts and dashboards that show it. */
function referencesTo(operation: Operation, id: string): string[] {
  const alerts = here(operation, MONITOR).filter(
    ({ inputs }) =>
      textAt(inputs, "type") === "slo alert" &&
      readQuery("slo alert", textAt(inputs, "query") ?? "").objective?.id === id,
  );
  const boards = here(
    operation,
    "datadog:index/dashboardJson:DashboardJson",
    "datadog:index/dashboard:Dashboard",
  ).filter(({ inputs }) => JSON.stringify(inputs).includes(id));
  return [...alerts, ...boards].map((resource) => resource.id);
}

export const serviceLevelObjective: ResourceRules = {
  check: (inputs) => [...checkThresholds(inputs), ...checkPrimary(inputs)],
  refuseCreate: refusal,
  refuseUpdate: refusal,
  refuseDelete(operation) {
    const { existing } = operation;
    if (existing === undefined || flagAt(existing.inputs, "forceDelete") === true) return undefined;
    const users = referencesTo(operation, existing.id);
    return users.length === 0 ? undefined : conflict(`SLO ${existing.id} is referenced by ${users.join(", ")}`);
  },
  id: (operation) => operation.hex("slo", 32),
};
