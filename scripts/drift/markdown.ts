import { details, table, text } from "../markdown.ts";
import type { DriftedResource, DriftReport } from "./report.ts";

const NOT_THERE = "(none)";

/** A fence that the text itself cannot close. */
function fenced(lines: readonly string[]): string {
  const body = lines.join("\n");
  const longest = Math.max(0, ...[...body.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}sh\n${body}\n${fence}`;
}

const isCommand = (step: string): boolean => /^(npm|pulumi|aws) /.test(step);

function steps(list: readonly string[]): string {
  const commands = list.filter(isCommand);
  const first = list.filter((step) => !isCommand(step)).map((step) => `${text(step)}, then:\n\n`);
  return `${first.join("")}${fenced(commands)}`;
}

/** What drifted, who it may have been, and both ways out. Values are text, whatever they look like. */
export function markdownText(report: DriftReport): string {
  const { stack, resources, accept, undo, unknownWho } = report;
  if (report.result === "none") return `**${text(stack)}** has no drift.`;
  return [
    `What the cloud holds for **${text(stack)}** is not what its state says: somebody or something changed it outside Pulumi.`,
    ...resources.map(resourceText),
    ...(unknownWho === undefined ? [] : [`${text(unknownWho)}.`]),
    `### Accept\n\n${steps(accept)}`,
    `### Undo\n\n${steps(undo)}`,
  ].join("\n\n");
}

function resourceText({ urn, type, name, kind, properties, changedBy, lookups }: DriftedResource): string {
  const commands = lookups.filter((lookup) => lookup.kind === "command").map((lookup) => lookup.text);
  const pages = lookups.filter((lookup) => lookup.kind === "page").map((lookup) => lookup.text);
  return [
    `### ${text(name)}`,
    `${text(type)}${kind === "missing" ? " is gone from the cloud." : ""}`,
    ...(properties.length === 0
      ? []
      : [
          table(
            ["property", "was (state)", "is (cloud)"],
            properties.map(({ path, was, is }) => [text(path), text(was ?? NOT_THERE), text(is ?? NOT_THERE)]),
          ),
        ]),
    ...(changedBy.length === 0
      ? []
      : [changedBy.map(({ time, by, action }) => `- likely by ${text(by)}: ${text(action)}, ${time}`).join("\n")]),
    ...pages.map((page) => `Who: ${text(page)}`),
    ...(commands.length === 0 ? [] : [details("Who changed it", fenced(commands))]),
    ...(urn === "" ? [] : [details("URN", fenced([urn]).replace(/^(`+)sh/, "$1"))]),
  ].join("\n\n");
}
