import type { Colors } from "../sandbox/cli/display/colors.ts";
import { jsonText } from "./formats/json.ts";
import { junitText } from "./formats/junit.ts";
import { markdownText } from "./formats/markdown.ts";
import { sarifText } from "./formats/sarif.ts";
import { tableText } from "./formats/table.ts";
import type { Finding, Report } from "./judge.ts";

export interface FormatOptions {
  /** Which findings fail the run. */
  readonly fails: (finding: Finding) => boolean;
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
}

export const FORMATS: Readonly<Record<string, (report: Report, options: FormatOptions) => string>> = {
  table: tableText,
  json: jsonText,
  sarif: sarifText,
  markdown: (report, { fails }) => markdownText(report, fails),
  junit: (report, { fails }) => junitText(report, fails),
};
