import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Location, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { findBy, here } from "./lookup.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const TOPIC = "aws:sns/topic:Topic";

const HOUR = 3600;
const DAY = 86_400;
const WEEK = 604_800;
const MAX_QUERIES = 20;
const MAX_ACTIONS = 5;

const failure = (property: string, reason: string): CheckFailure => ({ property, reason });

const isGiven = (inputs: Properties, key: string): boolean => inputs[key] !== undefined && inputs[key] !== null;

const validPeriod = (seconds: number): boolean => [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);

/** What an alarm on metrics needs beside the metric, and how long it may look back. */
function checkAlarm(inputs: Properties): CheckFailure[] {
  if (isGiven(inputs, "evaluationCriteria")) return [];
  const kind = isGiven(inputs, "metricName") ? "metricName" : "metricQueries";
  const missing = ["comparisonOperator", "evaluationPeriods"]
    .filter((key) => !isGiven(inputs, key))
    .map((key) => failure(key, `is required with ${kind}`));
  return [
    ...missing,
    ...(kind === "metricName" ? checkMetric(inputs) : checkQueries(inputs["metricQueries"])),
    ...checkWindow(inputs),
  ];
}

function checkMetric(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const statistics = ["statistic", "extendedStatistic"].filter((key) => isGiven(inputs, key));
  if (statistics.length !== 1)
    failures.push(failure("statistic", "with metricName give exactly one of statistic and extendedStatistic"));
  for (const key of ["namespace", "period"])
    if (!isGiven(inputs, key)) failures.push(failure(key, "is required with metricName"));
  return [...failures, ...checkNamespace(inputs, "")];
}

function checkNamespace(metric: Properties, path: string): CheckFailure[] {
  const namespace = textAt(metric, "namespace");
  const period = numberAt(metric, "period");
  if (namespace?.includes(":") === true) return [failure(`${path}namespace`, "must not hold a colon")];
  if (period === undefined) return [];
  if (!validPeriod(period)) return [failure(`${path}period`, "must be 10, 20, 30, or a multiple of 60 seconds")];
  return namespace?.startsWith("AWS/") === true && period < 60
    ? [
        failure(
          `${path}period`,
          'ValidationError: Only a period greater than 60s is supported for metrics in the "AWS/" namespaces',
        ),
      ]
    : [];
}

const identifiersIn = (expression: string): string[] =>
  expression.replace(/'[^']*'|"[^"]*"/g, "").match(/\b[a-z]\w*\b/g) ?? [];

const isInsightsQuery = (expression: string): boolean => /^\s*SELECT\b/i.test(expression);

function checkQueries(given: Value | undefined): CheckFailure[] {
  if (!Array.isArray(given)) return [];
  const queries = given.filter((query) => isProperties(query));
  const failures: CheckFailure[] = [];
  const ids = queries.map((query) => textAt(query, "id"));
  if (queries.length > MAX_QUERIES) failures.push(failure("metricQueries", `at most ${MAX_QUERIES} are allowed`));
  for (const [index, query] of queries.entries()) {
    const path = `metricQueries[${index}]`;
    const id = ids[index];
    if (id !== undefined && !/^[a-z]\w*$/.test(id))
      failures.push(failure(`${path}.id`, "must begin with a lower-case letter; letters, digits, and underscores"));
    if (id !== undefined && ids.indexOf(id) !== index)
      failures.push(failure(`${path}.id`, `ValidationError: the id ${id} is used twice`));
    const parts = ["expression", "metric"].filter((key) => isGiven(query, key));
    if (parts.length !== 1) failures.push(failure(path, "must hold either an expression or a metric"));
    const expression = textAt(query, "expression");
    if (expression !== undefined && !isInsightsQuery(expression) && !ids.includes(undefined))
      for (const name of identifiersIn(expression))
        if (!ids.includes(name))
          failures.push(
            failure(`${path}.expression`, `ValidationError: Error in expression: Undefined variable '${name}'`),
          );
    failures.push(...checkNamespace(mapAt(query, "metric"), `${path}.metric.`));
  }
  const returned = queries.filter((query) => flagAt(query, "returnData") === true);
  const unknown = queries.some((query) => isGiven(query, "returnData") && flagAt(query, "returnData") === undefined);
  if (!unknown && returned.length !== 1)
    failures.push(
      failure(
        "metricQueries",
        `ValidationError: Exactly one element of the metrics list should return data; found ${returned.length}`,
      ),
    );
  return failures;
}

function checkWindow(inputs: Properties): CheckFailure[] {
  const periods = numberAt(inputs, "evaluationPeriods");
  const datapoints = numberAt(inputs, "datapointsToAlarm");
  const lengths = [inputs, ...mapsAt(inputs, "metricQueries").flatMap((query) => [query, mapAt(query, "metric")])]
    .map((holder) => numberAt(holder, "period"))
    .filter((period) => period !== undefined);
  const longest = Math.max(0, ...lengths);
  const failures: CheckFailure[] = [];
  if (periods !== undefined && datapoints !== undefined && datapoints > periods)
    failures.push(
      failure(
        "datapointsToAlarm",
        "ValidationError: The DatapointsToAlarm must be less than or equal to EvaluationPeriods",
      ),
    );
  const limit = longest >= HOUR ? WEEK : DAY;
  if (periods !== undefined && longest * periods > limit)
    failures.push(
      failure(
        "evaluationPeriods",
        `ValidationError: Metrics cannot be checked across more than ${limit === DAY ? "a day" : "a week"} (EvaluationPeriods * Period must be <= ${limit})`,
      ),
    );
  return failures;
}

const ACTION_LISTS = ["alarmActions", "okActions", "insufficientDataActions"] as const;

/** What may be done on a change of state: a topic, a function, a scaling policy, EC2's and Systems Manager's actions. */
function actionRefusal({ inputs, world, location }: Operation): Refusal | undefined {
  for (const list of ACTION_LISTS) {
    if (listAt(inputs, list).length > MAX_ACTIONS)
      return new Refusal("ValidationError", `Member must have length less than or equal to ${MAX_ACTIONS}: ${list}`);
    for (const action of textsAt(inputs, list)) {
      const arn = parseArn(action);
      if (arn === undefined) return new Refusal("ValidationError", `Invalid arn syntax: ${action}`);
      if (arn.service !== "sns") continue;
      if (arn.region !== location.region)
        return new Refusal(
          "ValidationError",
          `Invalid region ${arn.region} specified. Only ${location.region} is supported.`,
        );
      // The service finds this out only when the alarm fires, and then nobody is told.
      if (arn.account === location.account && findBy(world.all(TOPIC), action, "arn") === undefined)
        return new Refusal("ValidationError", `${list} names a topic that does not exist: ${action}`);
    }
  }
  return undefined;
}

const alarmArn = (location: Location, name: string): string => regionalArn(location, "cloudwatch", `alarm:${name}`);

const metricAlarm: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  check: checkAlarm,
  refuseCreate: actionRefusal,
  refuseUpdate: actionRefusal,
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: ({ inputs, location }, id) => ({
    arn: alarmArn(location, id),
    evaluateLowSampleCountPercentiles: textAt(inputs, "evaluateLowSampleCountPercentiles") ?? "",
  }),
};

const RULE_TERM = /(ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()"']+))\s*\)/g;

/** Names of the alarms in a composite alarm's rule; undefined where the rule is not one. */
function alarmsInRule(rule: string): string[] | undefined {
  const names = [...rule.matchAll(RULE_TERM)].map((match) => match[2] ?? match[3] ?? match[4] ?? "");
  let rest = rule.replace(RULE_TERM, "TRUE").replace(/\b(TRUE|FALSE)\b/g, "1");
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest
      .replace(/\bNOT\s+1\b/g, "1")
      .replace(/\(\s*1\s*\)/g, "1")
      .replace(/\b1\s+(AND|OR)\s+1\b/g, "1");
  }
  return rest.trim() === "1" ? names : undefined;
}

function ruleRefusal(operation: Operation): Refusal | undefined {
  const names = alarmsInRule(textAt(operation.inputs, "alarmRule") ?? "");
  if (names === undefined) return new Refusal("ValidationError", "AlarmRule must be a valid expression");
  const known = here(operation, ALARM, COMPOSITE);
  const missing = names.filter((name) => findBy(known, name, "id", "arn") === undefined);
  return missing.length === 0
    ? undefined
    : new Refusal(
        "ValidationError",
        `Could not save the composite alarm as alarms [${missing.join(", ")}] in the alarm rule do not exist`,
      );
}

const compositeAlarm: ResourceRules = {
  check(inputs) {
    const rule = textAt(inputs, "alarmRule");
    return rule === undefined || alarmsInRule(rule) !== undefined
      ? []
      : [failure("alarmRule", "ValidationError: AlarmRule must be a valid expression")];
  },
  refuseCreate: (operation) => ruleRefusal(operation) ?? actionRefusal(operation),
  refuseUpdate: (operation) => ruleRefusal(operation) ?? actionRefusal(operation),
  id: ({ inputs }) => textAt(inputs, "alarmName") ?? "",
  computed: ({ location }, id) => ({ arn: alarmArn(location, id) }),
};

/** An alarm that a composite one looks at stays until that one is gone. */
function usedByComposite(operation: Operation): Refusal | undefined {
  const name = operation.existing?.id ?? "";
  const user = here(operation, COMPOSITE).find(({ inputs }) =>
    (alarmsInRule(textAt(inputs, "alarmRule") ?? "") ?? []).includes(name),
  );
  return user === undefined
    ? undefined
    : new Refusal("ValidationError", `The alarm ${name} is used by the composite alarm ${user.id}`);
}

export const cloudwatchAlarms: Readonly<Record<string, ResourceRules>> = {
  [ALARM]: { ...metricAlarm, refuseDelete: usedByComposite },
  [COMPOSITE]: { ...compositeAlarm, refuseDelete: usedByComposite },
};
