import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { noColors } from "../../sandbox/cli/display/colors.ts";
import { amount, cents, sum } from "../money.ts";
import type { CostReport } from "../report.ts";
import { csvText } from "./csv.ts";
import { faultsOf } from "./focus.cases.ts";
import { htmlText } from "./html.ts";
import { reportJson } from "./json.ts";
import { markdownText } from "./markdown.ts";
import { tableText } from "./table.ts";
import { usd } from "./words.ts";

/** Asserts that every format shows the same sums to the cent, and that the CSV is what FOCUS allows. */
export function assertAgreement(report: CostReport): void {
  const csv = csvText(report);
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  assert.deepEqual(faultsOf(csv.slice(0, csv.indexOf("\n")).split(","), rows), []);
  const table = tableText(report, { colors: noColors, width: 140 });
  const [markdown, html] = [markdownText(report), htmlText(report)];
  for (const { stack, monthly, lines } of reportJson(report).stacks) {
    const own = rows.filter((row) => row["x_Stack"] === stack);
    const total = amount(monthly.expected);
    assert.ok(sum(lines.map((line) => amount(line.monthly))).equals(total));
    for (const [column, level] of [
      ["BilledCost", "expected"],
      ["x_Low", "low"],
      ["x_High", "high"],
    ] as const)
      assert.ok(sum(own.map((row) => amount(row[column] ?? ""))).equals(monthly[level]), column);
    assert.match(table, new RegExp(`^ {2}${stack} .* ${usd(total)} `, "m"));
    assert.ok(markdown.includes(`**${usd(total)}**`));
    assert.ok(html.includes(`<data value="${monthly.expected}">${usd(total)}</data>`));
    const cells = [
      ...html.matchAll(new RegExp(`<tr>\\s*<td>${stack}</td>.*?number expected">\\s*<data[^>]*>([\\d,.]+)`, "gs")),
    ];
    assert.equal(cells.length, lines.length);
    assert.equal(cents(sum(cells.map(([, shown = ""]) => amount(shown.replaceAll(",", ""))))), cents(total));
  }
}
