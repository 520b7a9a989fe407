import type { Standing } from "../comparison.ts";
import type { Limit, Row } from "../report.ts";

/**
 * The ratio that is promised, and below it what it comes from. Processor time tells whether a ratio that is broken is
 * the server's doing or that of whatever else ran: it counts the server's own work alone.
 */
export function standingRows(what: string, standings: readonly Standing[], promised: string, limit: Limit): Row[] {
  const own = standings.filter(({ name }) => name === promised);
  return [
    ...own.map(({ ratio }): Row => ({
      what: `${what}: requests against bare Express`,
      value: ratio,
      unit: "times",
      limit,
    })),
    ...own.map(({ cpuRatio }): Row => ({ what: "  by processor time", value: cpuRatio, unit: "times" })),
    ...standings.flatMap(({ name, perSecond, cpuMicroseconds }): Row[] => [
      { what: `  ${name}`, value: perSecond, unit: "perSecond" },
      { what: `  ${name}, processor time of a request`, value: cpuMicroseconds, unit: "microseconds" },
    ]),
  ];
}
