import { createHash } from "node:crypto";
import type { Log, ReportingDescriptor, Result } from "sarif";
import type { Rule } from "../../../policy-pack/support/rule.ts";
import type { PolicyLevel } from "../../sandbox/project/model.ts";
import { nameOf } from "../../sandbox/protocol/urn.ts";
import type { Finding, Report } from "../judge.ts";
import { resourceText, wrongText } from "./words.ts";

/** Code scanning takes no result without a file; a state does not say which line made a resource. */
const FILE = "infra/index.ts";

/** GitHub calls 9 and more critical, 7 high, 4 medium, and the rest low. */
const SECURITY_SEVERITY: Readonly<Record<string, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

const levelOf = (level: PolicyLevel): "error" | "warning" => (level === "advisory" ? "warning" : "error");

/** SARIF 2.1.0, as GitHub's code scanning reads it. */
export function sarifLog(report: Report): Log {
  const index = new Map(report.rules.map(({ rule }, position) => [rule.name, position]));
  const print = fingerprints();
  const result = (finding: Finding): Result => resultOf(finding, index.get(finding.rule), print(finding));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "groundwork-policy", rules: report.rules.map(descriptor) } },
        // One analysis per stack: an upload of one must not close the alerts of another.
        automationDetails: { id: `policy/${report.stack}/` },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.undecided.map(({ rule, urn, property }) => ({
              level: "note",
              message: {
                text: `${rule} is undecided on ${resourceText(urn)}: ${property} is encrypted in the export.`,
              },
            })),
          },
        ],
        results: [
          ...report.findings.map(result),
          ...report.exempt.map(({ finding, reason, owner, expires }): Result => ({
            ...result(finding),
            suppressions: [
              { kind: "external", status: "accepted", justification: `Until ${expires}, ${owner}: ${reason}` },
            ],
          })),
        ],
      },
    ],
  };
}

export const sarifText = (report: Report): string => JSON.stringify(sarifLog(report), null, 2);

function descriptor({ rule, level }: Report["rules"][number]): ReportingDescriptor {
  const standards = rule.standards.length === 0 ? "" : `\n\nStandards: ${rule.standards.join(", ")}.`;
  return {
    id: rule.name,
    name: pascal(rule.name),
    shortDescription: { text: rule.description },
    fullDescription: { text: `${rule.description} ${rule.why}` },
    help: {
      text: `${rule.description} ${rule.why}${standards}`,
      markdown: `**${rule.description}**\n\n${rule.why}${standards}\n\n\`npm run policy -- explain ${rule.name}\` shows more.`,
    },
    defaultConfiguration: { level: levelOf(level) },
    properties: {
      tags: [...new Set(["security", ...rule.standards])],
      precision: "very-high",
      "problem.severity": levelOf(level),
      "security-severity": SECURITY_SEVERITY[severityOf(rule)] ?? "0.0",
    },
  };
}

const severityOf = ({ severity }: Rule): string => severity;

function resultOf(finding: Finding, ruleIndex: number | undefined, fingerprint: string): Result {
  const { rule, level, urn, fix } = finding;
  const order = fix === "" ? "" : ` Fix: ${fix}.`;
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levelOf(level),
    message: { text: `${resourceText(urn)}: ${wrongText(finding)}${order}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: FILE, uriBaseId: "%SRCROOT%" }, region: { startLine: 1 } },
        logicalLocations: [
          {
            name: urn === "" ? "stack" : nameOf(urn),
            fullyQualifiedName: urn === "" ? "stack" : urn,
            kind: "resource",
          },
        ],
      },
    ],
    // What GitHub knows an alert by. Left to itself it would take the line's text, the same for all of them.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
  };
}

/** By rule, resource, and property, so that an alert is the same in the next run whatever its words. */
function fingerprints(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ rule, urn, property }) => {
    const hash = createHash("sha256")
      .update(JSON.stringify([rule, urn, property]))
      .digest("hex")
      .slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  };
}

const pascal = (name: string): string => name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
