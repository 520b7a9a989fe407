import type { Report } from "../judge.ts";

/** What `--format json` prints; its shape is a promise to whoever reads it. */
export interface ReportJson {
  readonly findings: readonly {
    readonly rule: string;
    readonly level: string;
    readonly severity: string;
    readonly urn: string;
    readonly property: string;
    readonly message: string;
    readonly fix: string;
  }[];
  readonly exempt: readonly {
    readonly rule: string;
    readonly urn: string;
    readonly reason: string;
    readonly expires: string;
  }[];
  readonly undecided: readonly { readonly rule: string; readonly urn: string; readonly property: string }[];
  readonly checked: { readonly resources: number; readonly rules: number };
}

export function reportJson({ findings, exempt, undecided, resources, rules }: Report): ReportJson {
  return {
    findings: findings.map(({ rule, level, severity, urn, property, message, fix }) => ({
      rule,
      level,
      severity,
      urn,
      property,
      message,
      fix,
    })),
    exempt: exempt.map(({ finding: { rule, urn }, reason, expires }) => ({ rule, urn, reason, expires })),
    undecided: undecided.map(({ rule, urn, property }) => ({ rule, urn, property })),
    checked: { resources, rules: rules.length },
  };
}

export const jsonText = (report: Report): string => JSON.stringify(reportJson(report), null, 2);
