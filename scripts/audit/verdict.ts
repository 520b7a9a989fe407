import { z } from "zod";

/** What `npm audit --json` said, in the one way that a pipeline must not confuse. */
export type Verdict =
  | { readonly kind: "clean" }
  /** One line per package. */
  | { readonly kind: "vulnerable"; readonly findings: readonly string[] }
  /** The registry gave no answer, or none that is one. `reason` is one line. */
  | { readonly kind: "not asked"; readonly reason: string };

export const exitCodes: Readonly<Record<Verdict["kind"], number>> = { clean: 0, vulnerable: 1, "not asked": 2 };

const severities = ["info", "low", "moderate", "high", "critical"] as const;
const blocking: ReadonlySet<string> = new Set(["high", "critical"]);

/** A dependent's `via` is the name of what it depends on. */
const via = z.union([z.string(), z.object({ title: z.string(), url: z.string() })]);

const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), severity: z.enum(severities), range: z.string(), via: z.array(via) }),
  ),
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number() }) }),
});

const errorSchema = z.object({ message: z.string() });

/** The exit code of npm is 1 both for a vulnerability and for a registry that fails, so only what it prints counts. */
export function verdictOf(stdout: string): Verdict {
  const printed = parsed(stdout);
  const report = reportSchema.safeParse(printed);
  if (!report.success) {
    const error = errorSchema.safeParse(printed);
    const reason = error.success ? error.data.message : "npm audit printed no report";
    return { kind: "not asked", reason: reason.replace(/\s+/g, " ").trim() };
  }
  const { vulnerabilities, metadata } = report.data;
  const findings = Object.values(vulnerabilities)
    .filter(({ severity }) => blocking.has(severity))
    .map((found) => `${found.name} ${found.range}`.trim() + `, ${found.severity}: ${reasonsOf(found.via)}`);
  const counted = metadata.vulnerabilities.high + metadata.vulnerabilities.critical;
  if (findings.length === 0 && counted === 0) return { kind: "clean" };
  return { kind: "vulnerable", findings };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reasonsOf = (causes: readonly z.output<typeof via>[]): string =>
  causes
    .map((cause) => (typeof cause === "string" ? `depends on ${cause}` : `${cause.title} (${cause.url})`))
    .join("; ");
