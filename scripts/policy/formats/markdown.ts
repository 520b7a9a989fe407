import { details, table, text } from "../../markdown.ts";
import type { Exempt, Finding, Report, Undecided } from "../judge.ts";
import { configText, isMandatory, plural, resourceText, summaryText, weight, wrongText } from "./words.ts";

/** GitHub refuses comments of more than 65,536 characters. */
const MOST_CHARACTERS = 60_000;

/** The same in every comment about a stack, so that the next run finds and replaces the last one's. */
export const markerOf = ({ stack }: Pick<Report, "stack">): string => `<!-- groundwork-policy:${stack} -->`;

/** For a comment on a pull request. `fails` says which findings fail the run. */
export function markdownText(report: Report, fails: (finding: Finding) => boolean): string {
  const { findings, exempt, undecided } = report;
  const mandatory = findings.filter(isMandatory);
  const advisory = findings.filter((finding) => !isMandatory(finding));
  const sections = [
    findingSection(plural(mandatory.length, "mandatory finding"), mandatory, true),
    findingSection(plural(advisory.length, "advisory finding"), advisory, false),
    undecidedSection(undecided),
    exemptSection(exempt),
  ].filter((section) => section !== "");
  const head = [
    markerOf(report),
    `### Policy: ${findings.some(fails) ? "failed" : "passed"}`,
    `${text(summaryText(report))} (${text(configText(report))}).`,
  ];
  return cut([...head, ...sections].join("\n\n"));
}

/** Whole lines only: half a row of a table is none. */
function cut(document: string): string {
  if (document.length <= MOST_CHARACTERS) return document;
  const whole = document.slice(0, document.lastIndexOf("\n", MOST_CHARACTERS));
  const open = whole.split("<details>").length > whole.split("</details>").length;
  return `${whole}${open ? "\n\n</details>" : ""}\n\nThe rest is too long for a comment: \`npm run policy\` shows all of it.`;
}

function findingSection(title: string, findings: readonly Finding[], open: boolean): string {
  if (findings.length === 0) return "";
  const rows = findings
    .toSorted((a, b) => weight(a) - weight(b))
    .map((finding) => [
      finding.severity,
      `\`${finding.rule}\``,
      text(resourceText(finding.urn)),
      text(wrongText(finding)),
      text(finding.fix),
    ]);
  const body = table(["severity", "rule", "resource", "what is wrong", "how to mend it"], rows);
  return open ? `#### ${title}\n\n${body}` : details(title, body);
}

function undecidedSection(undecided: readonly Undecided[]): string {
  if (undecided.length === 0) return "";
  const rows = undecided.map(({ rule, urn, property }) => [`\`${rule}\``, text(resourceText(urn)), text(property)]);
  const title = `${plural(undecided.length, "check")} undecided, since the export keeps the value encrypted`;
  return details(title, table(["rule", "resource", "property"], rows));
}

function exemptSection(exempt: readonly Exempt[]): string {
  if (exempt.length === 0) return "";
  const rows = exempt.map(({ finding, reason, owner, expires }) => [
    expires,
    `\`${finding.rule}\``,
    text(resourceText(finding.urn)),
    text(reason),
    text(owner),
  ]);
  return `#### ${exempt.length} exempt\n\n${table(["until", "rule", "resource", "reason", "owner"], rows)}`;
}
