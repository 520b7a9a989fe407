import type { Value } from "../../values/value.ts";
import { isProperties, type Properties } from "../../values/value.ts";
import { globalArn } from "../arn.ts";
import { listAt, mapAt, numberAt, textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules } from "../service.ts";

const COLUMNS = 24;

/** One thing that is wrong, as PutDashboard names it. */
interface Problem {
  readonly dataPath: string;
  readonly message: string;
}

const required = (dataPath: string, property: string): Problem => ({
  dataPath,
  message: `Should have required property '${property}'`,
});

/** What each kind of widget must say. Source: CloudWatch's "Dashboard body structure and syntax". */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  alarm: ["alarms"],
  explorer: ["metrics"],
  log: ["query", "region"],
  metric: ["region"],
  text: ["markdown"],
};

function parse(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

const isMetricRow = (row: Value): boolean =>
  Array.isArray(row) &&
  row.length > 0 &&
  (isProperties(row[0] ?? null) ? row.length === 1 : row.filter((item) => typeof item === "string").length >= 2);

function metricProblems(properties: Properties, path: string): Problem[] {
  const annotated = listAt(mapAt(properties, "annotations"), "alarms").length > 0;
  const metrics = listAt(properties, "metrics");
  if (metrics.length === 0) return annotated || properties["metrics"] !== undefined ? [] : [required(path, "metrics")];
  return metrics.flatMap((row, index) =>
    isMetricRow(row)
      ? []
      : [{ dataPath: `${path}/metrics/${index}`, message: "Should be a namespace and a metric, or one expression" }],
  );
}

function widgetProblems(widget: Value, index: number): Problem[] {
  const path = `/widgets/${index}`;
  if (!isProperties(widget)) return [{ dataPath: path, message: "Should be object" }];
  const type = textAt(widget, "type");
  if (type === undefined) return [required(path, "type")];
  const needs = NEEDS[type];
  if (needs === undefined)
    return [{ dataPath: `${path}/type`, message: `Should be one of ${Object.keys(NEEDS).join(", ")}` }];
  if (!isProperties(widget["properties"] ?? null)) return [required(path, "properties")];
  const properties = mapAt(widget, "properties");
  const right = (numberAt(widget, "x") ?? 0) + (numberAt(widget, "width") ?? 6);
  return [
    ...(right > COLUMNS ? [{ dataPath: path, message: `Should end within ${COLUMNS} columns, not ${right}` }] : []),
    ...needs.filter((key) => properties[key] === undefined).map((key) => required(`${path}/properties`, key)),
    ...(type === "metric" ? metricProblems(properties, `${path}/properties`) : []),
  ];
}

function bodyProblems(text: string): Problem[] {
  const body = parse(text);
  if (body === undefined || !isProperties(body)) return [{ dataPath: "", message: "Should be a JSON object" }];
  const widgets = body["widgets"];
  return Array.isArray(widgets) ? widgets.flatMap(widgetProblems) : [required("", "widgets")];
}

function bodyRefusal({ inputs }: Operation): Refusal | undefined {
  const problems = bodyProblems(textAt(inputs, "dashboardBody") ?? "{}");
  return problems.length === 0
    ? undefined
    : new Refusal(
        "InvalidParameterInput",
        `The dashboard body is invalid, there are ${problems.length} validation errors: ${JSON.stringify(problems)}`,
      );
}

const dashboard: ResourceRules = {
  check(inputs) {
    const body = textAt(inputs, "dashboardBody");
    return body === undefined || parse(body) !== undefined
      ? []
      : [{ property: "dashboardBody", reason: "contains an invalid JSON" }];
  },
  refuseCreate: bodyRefusal,
  refuseUpdate: bodyRefusal,
  equivalent: (property, old, now) =>
    property === "dashboardBody" &&
    typeof old === "string" &&
    typeof now === "string" &&
    JSON.stringify(parse(old)) === JSON.stringify(parse(now)),
  id: ({ inputs }) => textAt(inputs, "dashboardName") ?? "",
  computed: ({ location }, id) => ({ dashboardArn: globalArn(location, "cloudwatch", `dashboard/${id}`) }),
};

export const cloudwatchDashboards: Readonly<Record<string, ResourceRules>> = {
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
};
