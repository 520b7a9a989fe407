import type { ParseArgsConfig } from "node:util";
import { choiceOf, readArguments, wordOf, wrongUsage } from "../command-line.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import type { CostColumn } from "./actuals/billed.ts";
import { dayNamed, dayOf } from "./actuals/calendar.ts";
import { csvText } from "./actuals/csv.ts";
import { openDatabase } from "./actuals/database.ts";
import { readForecast } from "./actuals/forecast.ts";
import { jsonText } from "./actuals/json.ts";
import { loadBill } from "./actuals/load.ts";
import { actualsReport } from "./actuals/make-report.ts";
import { type ProgressStream, progressOn } from "./actuals/progress.ts";
import type { ActualsReport } from "./actuals/report.ts";
import { tableText } from "./actuals/table.ts";
import { tagsGiven } from "./actuals/tag-keys.ts";
import { anomalyThresholdOf } from "./actuals/threshold.ts";

export const actualsUsage = `npm run cost -- actuals: what is really billed, against the forecast

  npm run cost -- actuals --bill FILE|DIR

  --bill FILE|DIR         FOCUS 1.0 to 1.2 or AWS's CUR 2.0: Parquet, CSV, or gzipped CSV; a folder of them, of several providers too
  --forecast REPORT.json  what \`npm run --silent cost -- --format json\` wrote
  --group-by TAG[,TAG]    by these tags together (default: Environment)
  --threshold 20%|USD     from which excess over its usual day a service's day is an anomaly (default: 20%)
  --cost COLUMN           billed (the default: as invoiced) or effective (commitments spread over what they cover)
  --format FORMAT         table (the default), json, csv
  --today DATE            the report's day, such as 2026-10-15 (default: today); a day of the month after shows a month whole

Exit codes: 0 done, 2 wrong usage or no such bill.`;

/** What the command has to do with. */
export interface ActualsSurroundings {
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
  readonly now: Date;
  readonly print: (text: string) => void;
  /** Where progress is shown if it is a terminal. Default: stderr. */
  readonly terminal?: ProgressStream;
}

const options = {
  bill: { type: "string" },
  forecast: { type: "string" },
  "group-by": { type: "string", default: "Environment" },
  threshold: { type: "string", default: "20%" },
  cost: { type: "string", default: "billed" },
  format: { type: "string", default: "table" },
  today: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const parsed = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: false, options }).values;

const formats: Readonly<Record<string, (report: ActualsReport, around: ActualsSurroundings) => string>> = {
  table: tableText,
  json: jsonText,
  csv: csvText,
};

const costs: readonly CostColumn[] = ["billed", "effective"];

/** Runs what follows `actuals` on the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function actualsCommand(args: readonly string[], around: ActualsSurroundings): Promise<number> {
  const values = parsed(args);
  if (values.help === true) {
    around.print(actualsUsage);
    return 0;
  }
  // All that is wrong with the options is said before a bill of gigabytes is read.
  const { bill, forecast, today } = values;
  if (bill === undefined) throw wrongUsage("nothing to read: give --bill FILE or --bill DIR");
  const write = choiceOf("format", values.format, formats);
  const by = tagsGiven(values["group-by"]);
  const reporting = {
    by,
    threshold: anomalyThresholdOf(values.threshold),
    cost: wordOf("cost", values.cost, costs),
    today: today === undefined ? undefined : dayNamed("--today", today),
    now: dayOf(around.now),
    forecast: forecast === undefined ? undefined : readForecast(forecast),
  };
  const database = await openDatabase();
  try {
    const loaded = await loadBill(database, bill, by, progressOn(around.terminal ?? process.stderr));
    const report = await actualsReport(database, loaded, reporting);
    around.print(write(report, around));
    return 0;
  } finally {
    database.close();
  }
}
