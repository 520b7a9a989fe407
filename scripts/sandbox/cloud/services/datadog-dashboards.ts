import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { listAt, mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules } from "../service.ts";
import { badRequest, LETTERS_AND_DIGITS, publicId } from "./datadog-answers.ts";
import { namesIn, QueryError, readExpression } from "./datadog-query.ts";

/** Widgets, and what each must say beside its type. */
const WIDGETS: Readonly<Record<string, readonly string[]>> = {
  alert_graph: ["alert_id", "viz_type"],
  alert_value: ["alert_id"],
  change: ["requests"],
  check_status: ["check", "grouping"],
  distribution: ["requests"],
  event_stream: ["query"],
  event_timeline: ["query"],
  free_text: ["text"],
  geomap: ["requests", "style", "view"],
  group: ["layout_type", "widgets"],
  heatmap: ["requests"],
  hostmap: ["requests"],
  iframe: ["url"],
  image: ["url"],
  list_stream: ["requests"],
  log_stream: [],
  manage_status: ["query"],
  note: ["content"],
  query_table: ["requests"],
  query_value: ["requests"],
  run_workflow: ["workflow_id"],
  scatterplot: ["requests"],
  service_map: ["filters", "service"],
  servicemap: ["filters", "service"],
  slo: ["slo_id", "view_type"],
  slo_list: ["requests"],
  split_group: ["source_widget_definition", "split_config"],
  sunburst: ["requests"],
  timeseries: ["requests"],
  toplist: ["requests"],
  topology_map: ["requests"],
  trace_service: ["env", "service", "span_name"],
  treemap: ["requests"],
};

const MAX_TAGS = 5;

function tagProblem(tags: readonly string[]): string | undefined {
  if (tags.length > MAX_TAGS) return `at most ${MAX_TAGS} tags are allowed`;
  const wrong = tags.find((tag) => !/^team:[a-z][a-z0-9_:./-]*$/.test(tag));
  return wrong === undefined ? undefined : `only tags of the form team:<name> are allowed: ${wrong}`;
}

function parse(text: string): Properties | undefined {
  try {
    const value = JSON.parse(text) as Value;
    return isProperties(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The metric queries of a request: old style `q`, or named queries that formulas combine. */
function requestProblem(request: Properties): string | undefined {
  const queries = mapsAt(request, "queries");
  const names = queries.map((query) => textAt(query, "name"));
  for (const { formula } of mapsAt(request, "formulas"))
    for (const name of typeof formula === "string" ? namesIn(formula) : [])
      if (!names.includes(name)) return `the formula names no query: ${name}`;
  const texts = [
    textAt(request, "q"),
    ...queries.filter((query) => textAt(query, "data_source") === "metrics").map((query) => textAt(query, "query")),
  ];
  for (const text of texts)
    try {
      // A dashboard's variables stand where a monitor has values.
      if (text !== undefined)
        for (const part of text.split(/,\s*(?=(?:avg|sum|min|max|p\d\d):)/))
          readExpression(part.replace(/\$[\w.-]+/g, "variable:value"));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return `invalid query ${JSON.stringify(text)}: ${error.message}`;
    }
  return undefined;
}

function widgetProblem(widget: Properties, path: string, nested: boolean): string | undefined {
  const definition = mapAt(widget, "definition");
  const type = textAt(definition, "type");
  if (type === undefined) return `${path}: 'definition.type' is a required property`;
  const needs = WIDGETS[type];
  if (needs === undefined) return `${path}: '${type}' is not a widget`;
  const missing = needs.find((key) => definition[key] === undefined);
  if (missing !== undefined) return `${path}: '${missing}' is a required property of ${type}`;
  if (type === "group") {
    if (nested) return `${path}: groups cannot be nested`;
    return widgetsProblem(mapsAt(definition, "widgets"), `${path}.definition.widgets`, true);
  }
  const problem = mapsAt(definition, "requests")
    .map(requestProblem)
    .find((one) => one !== undefined);
  return problem === undefined ? undefined : `${path}: ${problem}`;
}

const widgetsProblem = (widgets: readonly Properties[], path: string, nested = false): string | undefined =>
  widgets.map((widget, index) => widgetProblem(widget, `${path}[${index}]`, nested)).find((one) => one !== undefined);

function jsonProblem(text: string): string | undefined {
  const board = parse(text);
  if (board === undefined) return "Invalid JSON";
  for (const key of ["title", "layout_type", "widgets"])
    if (board[key] === undefined) return `'${key}' is a required property`;
  const layout = textAt(board, "layout_type") ?? "";
  if (layout !== "ordered" && layout !== "free") return `'${layout}' is not one of ['ordered', 'free']`;
  if (board["reflow_type"] !== undefined && layout !== "ordered") return "reflow_type is only for ordered dashboards";
  if (board["reflow_type"] === "fixed" && mapsAt(board, "widgets").some((widget) => widget["layout"] === undefined))
    return "with reflow_type fixed every widget needs a layout";
  if (board["reflow_type"] === "auto" && mapsAt(board, "widgets").some((widget) => widget["layout"] !== undefined))
    return "with reflow_type auto no widget has a layout";
  return tagProblem(textsAt(board, "tags")) ?? widgetsProblem(mapsAt(board, "widgets"), "widgets");
}

const jsonRefusal = ({ inputs }: Operation): Refusal | undefined => {
  const text = textAt(inputs, "dashboard");
  const problem = text === undefined ? undefined : jsonProblem(text);
  return problem === undefined ? undefined : badRequest(`Invalid dashboard: ${problem}`);
};

const boardId = (operation: Operation): string => publicId(operation.hex("dashboard", 18), LETTERS_AND_DIGITS, 3, 3, 3);
const urlOf = (id: string, title: string): string =>
  `/dashboard/${id}/${title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")}`;

export const dashboardJson: ResourceRules = {
  check(inputs) {
    const text = textAt(inputs, "dashboard");
    return text === undefined || parse(text) !== undefined
      ? []
      : [{ property: "dashboard", reason: "must be a JSON object" }];
  },
  refuseCreate: jsonRefusal,
  refuseUpdate: jsonRefusal,
  equivalent: (property, old, now) =>
    property === "dashboard" &&
    typeof old === "string" &&
    typeof now === "string" &&
    JSON.stringify(parse(old)) === JSON.stringify(parse(now)),
  id: boardId,
  computed: ({ inputs }, id) => ({
    url: textAt(inputs, "url") ?? urlOf(id, textAt(parse(textAt(inputs, "dashboard") ?? "") ?? {}, "title") ?? ""),
  }),
};

/** Each widget holds exactly one definition; its place fits the dashboard's layout. */
function checkBoard(inputs: Properties): CheckFailure[] {
  const layout = textAt(inputs, "layoutType");
  const reflow = textAt(inputs, "reflowType");
  const failures: CheckFailure[] = [];
  if (reflow !== undefined && layout === "free")
    failures.push({ property: "reflowType", reason: "is only for layoutType ordered" });
  const tags = tagProblem(textsAt(inputs, "tags"));
  if (tags !== undefined) failures.push({ property: "tags", reason: tags });
  for (const [index, widget] of mapsAt(inputs, "widgets").entries()) {
    const path = `widgets[${index}]`;
    const definitions = Object.keys(widget).filter((key) => key.endsWith("Definition"));
    if (definitions.length !== 1)
      failures.push({ property: path, reason: `must hold exactly one definition, not ${definitions.length}` });
    const placed = widget["widgetLayout"] !== undefined;
    if ((layout === "free" || reflow === "fixed") && !placed)
      failures.push({ property: `${path}.widgetLayout`, reason: "is required in this layout" });
    if (reflow === "auto" && placed)
      failures.push({ property: `${path}.widgetLayout`, reason: "has no place with reflowType auto" });
    const inner = mapsAt(mapAt(widget, "groupDefinition"), "widgets");
    if (inner.some((one) => one["groupDefinition"] !== undefined))
      failures.push({ property: path, reason: "groups cannot be nested" });
  }
  if (Array.isArray(inputs["widgets"]) && listAt(inputs, "widgets").length === 0)
    failures.push({ property: "widgets", reason: "a dashboard shows at least one widget" });
  return failures;
}

export const dashboard: ResourceRules = {
  check: checkBoard,
  id: boardId,
  computed: ({ inputs }, id) => ({ url: textAt(inputs, "url") ?? urlOf(id, textAt(inputs, "title") ?? "") }),
};
