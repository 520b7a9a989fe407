import { eventRows } from "./alarm-events.ts";
import { alarmRows } from "./alarms.ts";
import { pages } from "./message.ts";
import { type MonitorRow, monitorRows } from "./monitors.ts";
import { type BurnRow, burnRows } from "./slos.ts";
import { certificateRow, checkRows } from "./synthetics.ts";

/** What tells, in the words of docs/runbook.md. */
const datadog = (priority: number): string => (pages(priority) ? "Datadog (pages)" : "Datadog (tells)");

const tables: readonly (readonly [key: string, source: string])[] = [
  ...Object.entries(checkRows).map(([check, { priority }]) => [`uptime-${check}`, datadog(priority)] as const),
  ["certificate-expiry", datadog(certificateRow.priority)],
  ...Object.entries<MonitorRow>(monitorRows).map(([key, { priority }]) => [key, datadog(priority)] as const),
  ...Object.entries<BurnRow>(burnRows).map(([key, { priority }]) => [key, datadog(priority)] as const),
  ...Object.keys(alarmRows).map((key) => [key, "CloudWatch alarm"] as const),
  ...Object.keys(eventRows).map((key) => [key, "AWS event"] as const),
];

/** Every section that docs/runbook.md must have, and what leads there. */
export const runbookSections: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set(tables.map(([key]) => key))].map((key) => [
    key,
    tables.filter(([other]) => other === key).map(([, source]) => source),
  ]),
);
