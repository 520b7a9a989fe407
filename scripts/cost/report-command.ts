import { writeOutput } from "../output-file.ts";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { choiceOf, wrongUsage } from "../command-line.ts";
import type { Surroundings, Values } from "./command.ts";
import { differenceOf } from "./difference.ts";
import { baselineOf } from "./difference-against.ts";
import { brokenBy, thresholdOf } from "./difference-threshold.ts";
import { budgetsOf } from "./budget.ts";
import { formats } from "./formats/all.ts";
import { budgetText, signedPercent, signedUsd, usd } from "./formats/words.ts";
import { tagsNamed } from "./groups.ts";
import { hintsOf } from "./hints.ts";
import { pricesFrom, readPriceRows } from "./prices.ts";
import { type CostReport, currency, reportOf } from "./report.ts";
import { datesOf } from "./report-prices.ts";
import { estimated, givenBy, type Reading } from "./report-sources.ts";
import { usages } from "./usage.ts";
import { readUsages } from "./usage-file.ts";

/** Estimates, compares, and writes. Returns 1 where a limit is broken. */
export async function reportCommand(values: Values, around: Surroundings): Promise<number> {
  const format = choiceOf("format", values.format ?? "table", formats);
  const threshold = values["fail-over"] === undefined ? undefined : thresholdOf(values["fail-over"]);
  if (threshold !== undefined && values.against === undefined)
    throw wrongUsage("--fail-over measures a difference: say from what with --against");
  const rows = readPriceRows();
  const reading: Reading = {
    place: { cwd: around.root, stateDir: values["state-dir"] },
    usages: values.usage === undefined ? usages : await readUsages(values.usage),
    prices: pricesFrom(rows),
  };
  const given = givenBy(values);
  const baseline = values.against === undefined ? undefined : await baselineOf(values.against, given, reading);
  const read = baseline?.after ?? (await estimated(given, reading));
  const stacks = read.map(({ cost }) => cost);
  const report = reportOf({
    stacks,
    groupBy: values["group-by"] === undefined ? undefined : tagsNamed(values["group-by"], stacks),
    now: around.now,
    prices: datesOf(stacks, rows),
    hints: read.flatMap(({ cost, source }) => hintsOf({ cost, world: source.world, prices: reading.prices })),
    budgets: values.budget === true ? budgetsOf(stacks) : [],
    difference: baseline && differenceOf(baseline.before, stacks, baseline.against),
  });
  const toScreen = values.out === undefined;
  const text = format(report, { colors: toScreen ? around.colors : noColors, width: around.width });
  if (values.out === undefined) around.print(text);
  else {
    writeOutput(values.out, text);
    around.print(`${summaryOf(report)}: ${values.out}`);
  }
  const broken = brokenLimits(report, threshold);
  broken.forEach(around.complain);
  return broken.length > 0 ? 1 : 0;
}

function brokenLimits(report: CostReport, threshold: ReturnType<typeof thresholdOf> | undefined): readonly string[] {
  const over = report.budgets.filter(({ broken }) => broken).map(budgetText);
  const grown =
    threshold === undefined || report.difference === undefined
      ? []
      : brokenBy(report.difference, threshold).map(
          ({ stack, delta, part }) =>
            `${stack} costs ${signedUsd(delta)} ${currency} a month (${signedPercent(part)}): more than --fail-over allows`,
        );
  return [...over, ...grown];
}

const summaryOf = ({ stacks }: CostReport): string =>
  stacks.map(({ stack, monthly }) => `${stack} ${usd(monthly.expected)} ${currency} a month`).join(", ");
