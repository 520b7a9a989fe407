/** What Datadog understands of a monitor's query. */
export interface MonitorQuery {
  /** Of an objective's alert and of a composite: neither compares values of a metric. */
  readonly comparator?: string;
  readonly threshold?: number;
  /** Keys of `by {...}`. */
  readonly groups: readonly string[];
  readonly objective?: ObjectiveQuery;
  /** Ids that a composite combines. */
  readonly monitors?: readonly string[];
}

/** `burn_rate` and `error_budget` of a service level objective. */
export interface ObjectiveQuery {
  readonly kind: "burn_rate" | "error_budget";
  readonly id: string;
  readonly timeframe: string;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

export class QueryError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "QueryError";
  }
}

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };
const seconds = (count: string, unit: string): number => Number(count) * (SECONDS[unit] ?? 0);

const COMPARISON = /\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/;
const METRIC_NAME = "[A-Za-z][A-Za-z0-9_.]*";
const SPACE = "avg|sum|min|max|count|p\\d{2}(?:\\.\\d+)?";

/** Reads an arithmetic expression over metrics, and keeps the groups that it finds. */
class Expression {
  readonly groups = new Set<string>();
  /** How the values of one point in time become one: `avg`, `p95`, ... */
  readonly aggregators = new Set<string>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): this {
    this.#sum();
    this.#space();
    if (this.#at < this.#text.length) throw new QueryError(`unexpected "${this.#text.slice(this.#at, this.#at + 20)}"`);
    return this;
  }

  #space(): void {
    this.#take(/\s*/y);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #expect(pattern: RegExp, what: string): RegExpExecArray {
    const match = this.#take(pattern);
    if (match === undefined) throw new QueryError(`expected ${what} at "${this.#text.slice(this.#at, this.#at + 20)}"`);
    return match;
  }

  #sum(): void {
    do this.#factor();
    while (this.#take(/\s*[-+*/]\s*/y) !== undefined);
  }

  #factor(): void {
    this.#space();
    if (this.#take(/-?\d+(?:\.\d+)?(?![\w.:])/y) !== undefined) return;
    if (this.#take(/\(/y) !== undefined) {
      this.#sum();
      this.#expect(/\s*\)/y, "a closing parenthesis");
      this.#chain();
      return;
    }
    const metric = this.#take(new RegExp(`(${SPACE}):(${METRIC_NAME})`, "y"));
    if (metric !== undefined) {
      this.aggregators.add(metric[1] ?? "");
      this.#scope();
      return;
    }
    this.#expect(/[a-z_][a-z0-9_]*\(/y, "a metric such as avg:system.load.1{*}, a number, or a function");
    this.#arguments();
    this.#chain();
  }

  /** `{env:staging,service:api} by {host}.as_count()` */
  #scope(): void {
    const scope = this.#expect(/\{([^{}]*)\}/y, "a scope such as {*} or {env:staging}")[1] ?? "";
    if (scope.trim() === "") throw new QueryError("the scope {} is empty: write {*} for everything");
    if (scope.includes("$")) throw new QueryError("a monitor has no template variables");
    const by = this.#take(/\s+by\s+\{([^{}]+)\}/y)?.[1];
    for (const key of by?.split(",") ?? []) this.groups.add(key.trim());
    this.#chain();
  }

  #chain(): void {
    while (this.#take(/\.[a-z_]+\([^()]*\)/y) !== undefined);
  }

  #arguments(): void {
    do {
      this.#space();
      if (this.#take(/(?:[a-z_]+\s*=\s*)?(?:'[^']*'|"[^"]*")/y) !== undefined) continue;
      if (this.#take(/[a-z_]+\s*=\s*[\w.]+/y) !== undefined) continue;
      this.#sum();
    } while (this.#take(/\s*,/y) !== undefined);
    this.#expect(/\s*\)/y, "a closing parenthesis");
  }
}

/** An expression over metrics alone, as in an objective: throws a `QueryError`. */
export const readExpression = (text: string): { readonly groups: readonly string[] } => ({
  groups: [...new Expression(text).read().groups],
});

/** The queries that a formula names; what stands before a parenthesis is a function. */
export const namesIn = (formula: string): readonly string[] =>
  formula.replace(/'[^']*'/g, "").match(/[a-z_]\w*(?!\w*\()/g) ?? [];

interface Compared {
  readonly body: string;
  readonly comparator: string;
  readonly threshold: number;
}

function compared(query: string): Compared {
  const match = COMPARISON.exec(query);
  if (match === null) throw new QueryError("it does not end with a comparison such as > 5");
  return {
    body: query.slice(0, match.index).trim(),
    comparator: match[1] ?? "",
    threshold: Number(match[2]),
  };
}

const TIME = "avg|sum|min|max|count|last|percentile";
const WINDOW = "last_(\\d+)([mhdw])";

function metricQuery(query: string): MonitorQuery {
  const { body, comparator, threshold } = compared(query);
  const window = new RegExp(
    `^\\s*(?:(${TIME})\\(${WINDOW}\\)|(?:change|pct_change)\\((?:${TIME})\\(${WINDOW}\\),\\s*${WINDOW}\\))\\s*:`,
  ).exec(body);
  if (window === null) throw new QueryError("it does not begin with a window such as avg(last_5m):");
  const length =
    window[1] === undefined ? seconds(window[4] ?? "", window[5] ?? "") : seconds(window[2] ?? "", window[3] ?? "");
  if (length < 60) throw new QueryError("the window is shorter than a minute");
  const expression = new Expression(body.slice(window[0].length)).read();
  if (window[1] === "percentile" && [...expression.aggregators].some((aggregator) => !aggregator.startsWith("p")))
    throw new QueryError("percentile needs a percentile of the metric, as in percentile(last_5m):p95:...");
  return { comparator, threshold, groups: [...expression.groups] };
}

/** `events("...").rollup("count").by("host").last("5m") > 0`; logs also name an index. */
function searchQuery(source: "events" | "logs"): (query: string) => MonitorQuery {
  return (query) => {
    const { body, comparator, threshold } = compared(query);
    const index = source === "logs" ? '(?:\\.index\\("[^"]*"\\))?' : "";
    const match = new RegExp(
      `^\\s*${source}\\("((?:[^"\\\\]|\\\\.)*)"\\)${index}\\.rollup\\("[a-z0-9]+"(?:,\\s*"[^"]*")?\\)(?:\\.by\\("([^"]*)"\\))?\\.last\\("(\\d+)([mhdw])"\\)$`,
    ).exec(body);
    if (match === null) throw new QueryError(`it is not ${source}("...").rollup("count").last("5m")`);
    return { comparator, threshold, groups: (match[2] ?? "").split(",").filter((key) => key !== "") };
  };
}

function serviceCheck(query: string): MonitorQuery {
  const match =
    /^\s*"[\w.-]+"\.over\([^()]+\)(?:\.exclude\([^()]*\))?(?:\.by\(([^()]*)\))?\.last\(\d+\)(?:\.by\(([^()]*)\))?\.count_by_status\(\)\s*$/.exec(
      query,
    );
  if (match === null) throw new QueryError('it is not "check".over("tag").last(2).count_by_status()');
  const keys = (match[1] ?? match[2] ?? "").split(",").map((key) => key.trim().replaceAll('"', ""));
  return { groups: keys.filter((key) => key !== "") };
}

function objectiveQuery(query: string): MonitorQuery {
  const { body, comparator, threshold } = compared(query);
  const budget = /^error_budget\("([^"]+)"\)\.over\("(\w+)"\)$/.exec(body);
  if (budget !== null)
    return {
      comparator,
      threshold,
      groups: [],
      objective: {
        kind: "error_budget",
        id: budget[1] ?? "",
        timeframe: budget[2] ?? "",
        longSeconds: 0,
        shortSeconds: 0,
      },
    };
  const burn =
    /^burn_rate\("([^"]+)"\)\.over\("(\w+)"\)\.long_window\("(\d+)([mh])"\)\.short_window\("(\d+)([mh])"\)$/.exec(body);
  if (burn === null)
    throw new QueryError(
      'it is neither error_budget("id").over("30d") nor burn_rate("id").over("30d").long_window(...)',
    );
  return {
    comparator,
    threshold,
    groups: [],
    objective: {
      kind: "burn_rate",
      id: burn[1] ?? "",
      timeframe: burn[2] ?? "",
      longSeconds: seconds(burn[3] ?? "", burn[4] ?? ""),
      shortSeconds: seconds(burn[5] ?? "", burn[6] ?? ""),
    },
  };
}

function compositeQuery(query: string): MonitorQuery {
  let rest = query.replace(/\d+/g, "1");
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest
      .replace(/!\s*1/g, "1")
      .replace(/\(\s*1\s*\)/g, "1")
      .replace(/1\s*(&&|\|\|)\s*1/g, "1");
  }
  if (rest.trim() !== "1") throw new QueryError("it is not a combination of monitor ids by &&, ||, and !");
  return { groups: [], monitors: query.match(/\d+/g) ?? [] };
}

const READERS: Readonly<Record<string, (query: string) => MonitorQuery>> = {
  "metric alert": metricQuery,
  "query alert": metricQuery,
  "service check": serviceCheck,
  "event-v2 alert": searchQuery("events"),
  "log alert": searchQuery("logs"),
  "slo alert": objectiveQuery,
  composite: compositeQuery,
};

/** Throws a `QueryError` where the query is none of its type. Types that the table lacks are only asked for a comparison. */
export function readQuery(type: string, query: string): MonitorQuery {
  const reader = READERS[type];
  if (reader !== undefined) return reader(query.trim());
  const { comparator, threshold } = compared(query);
  return { comparator, threshold, groups: [] };
}
