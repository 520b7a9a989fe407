import * as markdown from "../markdown.ts";
import { wrapped } from "../wrapped.ts";
import type { Loss, Verdict } from "./losses.ts";

const WIDTH = 80;
const INDENT = 4;
const LABEL = 9;

/** Why it goes: `bucket forces a replacement`. */
export function causeOf({ op, causes }: Pick<Loss, "op" | "causes">): string {
  if (op === "delete") return "the program has it no more";
  if (causes.length === 0) return "another resource's replacement forces it";
  return `${causes.join(", ")} cannot be changed in place`;
}

const field = (label: string, text: string): string[] =>
  wrapped(text, WIDTH - INDENT - LABEL).map(
    (line, index) => `${" ".repeat(INDENT)}${(index === 0 ? label : "").padEnd(LABEL)}${line}`,
  );

const resources = (count: number): string => (count === 1 ? "1 resource" : `${count} resources`);

function lossLines(loss: Loss): string[] {
  return [
    `  ${loss.op} ${loss.name}`,
    ...field("type", loss.type),
    ...field("because", causeOf(loss)),
    ...field("lost", loss.lost),
    ...field("backup", loss.backup),
    ...field("urn", loss.urn),
  ];
}

/** For a terminal: at most 80 columns, save for URNs and names. Empty where nothing is lost. */
export function lossText({ stopping, allowed, idle }: Verdict): string[] {
  const idleLines = idle.map((urn) => `note: --allow-destroy ${urn} names nothing that this would lose`);
  const allowedLines = allowed.map(({ op, name }) => `allowed: ${op} ${name}`);
  if (stopping.length === 0) return [...idleLines, ...allowedLines];
  return [
    ...idleLines,
    ...allowedLines,
    `stopped: ${resources(stopping.length)} would be lost`,
    ...stopping.flatMap((loss) => ["", ...lossLines(loss)]),
    "",
    "If that is meant, name each one:",
    ...stopping.map(({ urn }) => `  --allow-destroy '${urn}'`),
    "If not: protect it, give it an alias, or take the change back.",
  ];
}

/** For a pull request's comment. "" where nothing is lost. */
export function lossMarkdown({ stopping, allowed }: Verdict): string {
  const rows = [...stopping.map((loss) => ({ loss, meant: "no" })), ...allowed.map((loss) => ({ loss, meant: "yes" }))];
  if (rows.length === 0) return "";
  return markdown.table(
    ["operation", "resource", "because", "what is lost", "backup", "meant"],
    rows.map(({ loss, meant }) => [
      loss.op,
      `${markdown.text(loss.name)}<br>${markdown.text(loss.type)}`,
      markdown.text(causeOf(loss)),
      markdown.text(loss.lost),
      markdown.text(loss.backup),
      meant,
    ]),
  );
}
