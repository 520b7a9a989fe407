import { markdownText } from "./markdown.ts";
import type { DriftReport } from "./report.ts";

/** The one issue of a stack's drift, as it should be: `npm run github -- issue` opens, updates, or closes it. */
export interface DriftIssue {
  /** Stands in the body, hidden: it is how the issue is found again. */
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  /** Whether there is drift, so that the issue is to be open. */
  readonly open: boolean;
}

/** GitHub takes 65,536 characters; the rest is for what it counts otherwise. */
const MAX_BODY = 60_000;

export const markerOf = (stack: string): string => `<!-- groundwork-drift:${stack} -->`;

export function issueOf(report: DriftReport): DriftIssue {
  const marker = markerOf(report.stack);
  const number = report.resources.length;
  return {
    marker,
    title: `Drift in ${report.stack}: ${number === 1 ? "1 resource" : `${number} resources`}`,
    body: `${marker}\n\n${fitting(report)}`,
    open: report.result === "drifted",
  };
}

/** With as many resources as there is room for: the command shows them all. */
function fitting(report: DriftReport): string {
  const whole = markdownText(report);
  if (whole.length <= MAX_BODY) return whole;
  let shown = report.resources.length;
  let text = whole;
  while (text.length > MAX_BODY && shown > 0) {
    shown = Math.floor(shown / 2);
    const left = report.resources.length - shown;
    const command = `npm run drift -- --stack ${report.stack}`;
    text = `${markdownText({ ...report, resources: report.resources.slice(0, shown) })}\n\nAnd ${left} more: \`${command}\` shows them.`;
  }
  return text;
}
