import type { CostReport } from "../report.ts";
import { csvText } from "./csv.ts";
import { htmlText } from "./html.ts";
import { jsonText } from "./json.ts";
import { markdownText } from "./markdown.ts";
import { tableText, type TableOptions } from "./table.ts";

/** A report as text, by the format's name. */
export const formats: Readonly<Record<string, (report: CostReport, options: TableOptions) => string>> = {
  table: tableText,
  json: jsonText,
  csv: csvText,
  html: htmlText,
  markdown: markdownText,
};
