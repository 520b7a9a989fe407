import { type Amount, amount, sum, zero } from "../money.ts";
import { addDays, type Day, daysBetween } from "./calendar.ts";
import type { AnomalyThreshold } from "./threshold.ts";

/** Days before the one that is judged: two weeks, so that both hold as many weekends. */
export const TRAILING_DAYS = 14;
/** With fewer there is nothing to call usual. */
export const FEWEST_DAYS = 7;
/** The median absolute deviation of a normal distribution, times this, is its standard deviation. */
const DEVIATION = amount("1.4826");
const DEVIATIONS = 3;
/** US dollars a day; a share of next to nothing is no news. */
export const LEAST_USD = amount("0.10");

export const anomalyRule =
  `A day is unusual where a service's usage costs more than the median of the ${TRAILING_DAYS} days before (${FEWEST_DAYS} at least) ` +
  `by more than the threshold, by more than ${DEVIATIONS} deviations (1.4826 MAD), and by more than ${LEAST_USD.toFixed(2)} USD; days in a row are one anomaly.`;

/** One service's usage by day. A day that is not there cost nothing. */
export interface Series {
  readonly provider: string;
  readonly service: string;
  readonly days: ReadonlyMap<Day, Amount>;
}

/** Which days are judged, and from when the bill is known: both ends of the first, the second's end not counted. */
export interface Span {
  readonly known: Day;
  readonly from: Day;
  readonly until: Day;
}

export interface Anomaly {
  readonly provider: string;
  readonly service: string;
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly billed: Amount;
  /** What so many usual days cost. */
  readonly usual: Amount;
  readonly excess: Amount;
}

/** A service's anomalies, the first first. */
export function anomaliesOf(
  { provider, service, days }: Series,
  span: Span,
  threshold: AnomalyThreshold,
): readonly Anomaly[] {
  const at = (day: Day): Amount => days.get(day) ?? zero;
  const found: Anomaly[] = [];
  for (let day = span.from; day < span.until; day = addDays(day, 1)) {
    const count = Math.min(TRAILING_DAYS, daysBetween(span.known, day));
    if (count < FEWEST_DAYS) continue;
    const before = Array.from({ length: count }, (_, index) => at(addDays(day, -1 - index)));
    const usual = median(before);
    const excess = at(day).minus(usual);
    if (!excess.greaterThan(limit(before, usual, threshold))) continue;
    const last = found.at(-1);
    if (last !== undefined && addDays(last.lastDay, 1) === day)
      found[found.length - 1] = {
        ...last,
        lastDay: day,
        billed: last.billed.plus(at(day)),
        usual: last.usual.plus(usual),
        excess: last.excess.plus(excess),
      };
    else found.push({ provider, service, firstDay: day, lastDay: day, billed: at(day), usual, excess });
  }
  return found;
}

function limit(before: readonly Amount[], usual: Amount, threshold: AnomalyThreshold): Amount {
  const deviation = median(before.map((each) => each.minus(usual).abs())).times(DEVIATION);
  const over = "usd" in threshold ? threshold.usd : usual.times(threshold.part);
  return [over, deviation.times(DEVIATIONS), LEAST_USD].reduce((most, each) => (each.greaterThan(most) ? each : most));
}

/** Throws nothing: of none it is 0. */
export function median(amounts: readonly Amount[]): Amount {
  const sorted = amounts.toSorted((a, b) => a.comparedTo(b));
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.max(0, middle - 1)] ?? zero, sorted[middle] ?? zero];
  return sorted.length % 2 === 1 ? high : sum([low, high]).dividedBy(2);
}
