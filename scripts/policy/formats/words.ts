import { nameOf, typeOf } from "../../sandbox/protocol/urn.ts";
import type { Finding, Report } from "../judge.ts";

export const plural = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;

/** `media (aws:s3/bucket:Bucket)`; findings of no resource are the stack's. */
export const resourceText = (urn: string): string => (urn === "" ? "the stack" : `${nameOf(urn)} (${typeOf(urn)})`);

export const isMandatory = ({ level }: Finding): boolean => level === "mandatory";

/** What a report comes to, in one line. */
export function summaryText(report: Report): string {
  const { findings, exempt, undecided, resources, rules, stack } = report;
  const mandatory = findings.filter(isMandatory).length;
  const counts = [
    findings.length === 0
      ? "no findings"
      : `${plural(findings.length, "finding")} (${mandatory} mandatory, ${findings.length - mandatory} advisory)`,
    ...(undecided.length === 0 ? [] : [`${undecided.length} undecided`]),
    ...(exempt.length === 0 ? [] : [`${exempt.length} exempt`]),
  ];
  const scope = `${plural(resources, "resource")} by ${plural(rules.length, "rule")}`;
  return `${stack === "" ? report.from : stack}: ${counts.join(", ")}; ${scope}`;
}

/** Under which configuration the levels stand. */
export const configText = ({ configFile }: Report): string =>
  configFile === undefined ? "levels are the rules' own" : `levels are those of ${configFile}`;

/** What is wrong and why, as sentences. */
export const wrongText = ({ property, wrong, why }: Finding): string =>
  property === "" ? wrong : `${property}: ${wrong}. ${why}`;

/** Findings by resource: those with the worst first, then by URN. */
export function byResource(
  findings: readonly Finding[],
): readonly (readonly [urn: string, found: readonly Finding[]])[] {
  const groups = [...Map.groupBy(findings, ({ urn }) => urn)].map(
    ([urn, found]) => [urn, found.toSorted((a, b) => weight(a) - weight(b))] as const,
  );
  const worst = (found: readonly Finding[]): number => Math.min(...found.map(weight));
  return groups.sort(([one, a], [other, b]) => worst(a) - worst(b) || (one < other ? -1 : 1));
}

const SEVERITIES = ["critical", "high", "medium", "low", ""];

/** Smaller is worse. */
export const weight = (finding: Finding): number =>
  (isMandatory(finding) ? 0 : SEVERITIES.length) + SEVERITIES.indexOf(finding.severity);
