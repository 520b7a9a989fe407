import { failedOf, type Loaded } from "../latencies.ts";
import type { Row } from "../report.ts";

/** That nothing failed; and where something did, how. */
export function failureRows(what: string, loads: readonly Loaded[], expected: readonly number[]): Row[] {
  const unexpected = new Map<string, number>();
  for (const { statuses, errors } of loads) {
    const found = [...statuses]
      .filter(([status]) => !expected.includes(status))
      .map(([status, count]) => [`answered ${status}`, count] as const);
    for (const [how, count] of [...found, ["not answered", errors] as const])
      if (count > 0) unexpected.set(how, (unexpected.get(how) ?? 0) + count);
  }
  const failed = loads.reduce((sum, loaded) => sum + failedOf(loaded, expected), 0);
  return [
    { what, value: failed, unit: "count", limit: { atMost: 0 } },
    ...[...unexpected].map(([how, count]): Row => ({ what: `    ${how}`, value: count, unit: "count" })),
  ];
}
