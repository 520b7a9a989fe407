import { columns } from "../columns.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { cut } from "../sandbox/cli/display/value-text.ts";
import type { DriftedResource, DriftReport } from "./report.ts";

const PATH_WIDTH = 28;
const VALUE_WIDTH = 22;
const NOT_THERE = "(none)";

/** Two spaces in front, so that a block belongs to its heading. */
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

const count = (number: number): string => (number === 1 ? "1 resource" : `${number} resources`);

/** For people. Commands are not cut: they are there to be copied. */
export function tableText(report: DriftReport, colors: Colors): string {
  if (report.result === "none") return `${report.stack}: no drift`;
  return [
    colors.bold(`${report.stack}: ${count(report.resources.length)} drifted`),
    ...report.resources.flatMap((resource) => ["", ...resourceLines(resource, colors)]),
    ...(report.unknownWho === undefined ? [] : ["", report.unknownWho]),
    "",
    colors.bold("Accept"),
    ...indented(report.accept),
    colors.bold("Undo"),
    ...indented(report.undo),
  ].join("\n");
}

function resourceLines(resource: DriftedResource, colors: Colors): string[] {
  const { type, name, kind, properties, changedBy, lookups } = resource;
  const rows = properties.map(({ path, was, is }) => [
    cut(path, PATH_WIDTH),
    cut(was ?? NOT_THERE, VALUE_WIDTH),
    cut(is ?? NOT_THERE, VALUE_WIDTH),
  ]);
  return [
    colors.bold(name),
    ...indented([
      type,
      ...(kind === "missing" ? ["is gone from the cloud"] : []),
      ...(rows.length === 0 ? [] : columns([["property", "was (state)", "is (cloud)"], ...rows])),
      ...changedBy.map(({ time, by, action }) => `likely by ${by}: ${action}, ${time}`),
      ...lookups.map(({ text }) => `who: ${text}`),
    ]),
  ];
}
