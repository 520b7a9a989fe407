/** Who is told. In production the first list wakes somebody up, the second is read in the morning. */
export interface Handles {
  /** `@pagerduty-NAME`, `@slack-CHANNEL`, `@NAME@example.com`. */
  readonly page: readonly string[];
  readonly notice: readonly string[];
}

export interface MessageParts {
  /** What happened: one sentence. */
  readonly means: string;
  /** What to do first: one sentence. */
  readonly action: string;
  readonly runbookUrl: string;
  readonly handles: Handles;
  /** 1 and 2 page; the others are a notice. */
  readonly priority: number;
  readonly hasWarning: boolean;
  readonly hasNoData: boolean;
  /** Whether Datadog knows a value and a threshold: it does not for events. */
  readonly measured: boolean;
}

export const pages = (priority: number): boolean => priority <= 2;

const when = (state: string, text: string): string => `{{#${state}}}${text}{{/${state}}}`;

/** What Datadog sends, in its own template language. A warning never pages. */
export function messageOf(parts: MessageParts): string {
  const { means, action, runbookUrl, handles, priority, hasWarning, hasNoData, measured } = parts;
  const loud = pages(priority) ? handles.page : handles.notice;
  const told = loud.join(" ");
  return [
    when("is_alert", means),
    ...(hasWarning ? [when("is_warning", `Not yet, but close to it: ${means}`)] : []),
    ...(hasNoData
      ? [when("is_no_data", "Nothing is measured any more: what reports it, or its way to Datadog, is down.")]
      : []),
    when("is_recovery", "This is over."),
    ...(measured ? ["Measured: {{value}}. Threshold: {{threshold}}."] : []),
    `What to do: ${action}`,
    `Runbook: ${runbookUrl}`,
    hasWarning && pages(priority)
      ? `{{^is_warning}}${told}{{/is_warning}}${when("is_warning", handles.notice.join(" "))}`
      : told,
  ].join("\n");
}

/** Minutes until a monitor that is still red tells again, by priority. */
export function renotifyMinutes(priority: number): number {
  return { 1: 30, 2: 120, 3: 1440 }[priority] ?? 0;
}
