import { stringify } from "csv-stringify/sync";
import type { CostReport } from "../report.ts";
import { type Charge, focusColumns } from "./focus.ts";

/** For finance: FOCUS 1.2, one row per line. Cells that a spreadsheet would run as a formula begin with an apostrophe. */
export function csvText(report: CostReport): string {
  const columns = Object.entries<(charge: Charge) => string>(focusColumns);
  const rows = report.stacks.flatMap((stack) =>
    stack.lines.map((line) => columns.map(([, cell]) => cell({ report, stack, line }))),
  );
  return stringify(rows, { header: true, columns: columns.map(([name]) => name), escape_formulas: true }).trimEnd();
}
