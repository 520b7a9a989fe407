/** Parts of a message that an alert does not show: comments, and what is for a warning, a recovery, or no data alone. */
const NOT_FOR_ALERTS =
  /\{\{!.*?\}\}|\{\{(?:#(is_warning|is_recovery|is_alert_recovery|is_warning_recovery|is_no_data|is_no_data_recovery|is_renotify)|\^(is_alert))\s*\}\}.*?\{\{\/(?:\1|\2)\s*\}\}/gs;

/** `@pagerduty-shop`, `@person@example.com`, `@slack-{{owner.name}}`; an address in a sentence has no @ before it. */
const HANDLE = /(^|[\s,;({}>])@(?!\s)[\w{]/;

/** Whether somebody is told when a monitor with this message alerts. */
export const notifies = (message: string): boolean => HANDLE.test(message.replaceAll(NOT_FOR_ALERTS, " "));

/** Whether a message leads to a runbook: the word, and an address after it. */
export const namesRunbook = (message: string): boolean =>
  /\b(runbook|playbook)\b.{0,40}?https?:\/\/\S+/is.test(message);
