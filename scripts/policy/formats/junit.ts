import { createRequire } from "node:module";
import type { Builder } from "junit-report-builder";
import type { Finding, Report } from "../judge.ts";
import { resourceText } from "./words.ts";

// The package exports the builder itself, where its types speak of a module with a default.
const builder = createRequire(import.meta.url)("junit-report-builder") as Builder;

/** JUnit XML with one test case per rule. `fails` says which findings fail theirs; the others are its output. */
export function junitText(report: Report, fails: (finding: Finding) => boolean): string {
  const document = builder.newBuilder().name("policy");
  const suite = document.testSuite().name(`policy ${report.stack}`.trimEnd());
  const found = Map.groupBy(report.findings, ({ rule }) => rule);
  const undecided = Map.groupBy(report.undecided, ({ rule }) => rule);
  const exempt = Map.groupBy(report.exempt, ({ finding }) => finding.rule);
  for (const { rule } of report.rules) {
    const one = suite
      .testCase()
      .className(`policy.${rule.name.split("-")[0] ?? ""}`)
      .name(rule.name);
    const findings = found.get(rule.name) ?? [];
    const waits = undecided.get(rule.name) ?? [];
    const failing = findings.filter(fails);
    const [first] = failing;
    if (first !== undefined) {
      one.failure(
        failing.length === 1 ? rule.description : `${rule.description} (${failing.length} findings)`,
        first.level,
      );
      one.stacktrace(failing.map(line).join("\n"));
    } else if (findings.length === 0 && waits.length > 0) one.skipped();
    const output = [
      ...findings.filter((finding) => !fails(finding)).map((finding) => `${finding.level}: ${line(finding)}`),
      ...(exempt.get(rule.name) ?? []).map(({ finding }) => line(finding)),
      ...waits.map(({ urn, property }) => `undecided: ${resourceText(urn)}: ${property} is encrypted in the export`),
    ];
    if (output.length > 0) one.standardOutput(output.join("\n"));
  }
  return document.build();
}

const line = ({ urn, message }: Finding): string => `${resourceText(urn)}: ${message}`;
