import { UserError } from "../../sandbox/user-error.ts";
import { addDays, type Day, daysBetween, daysIn, monthOf, nextMonth } from "./calendar.ts";

/** The month that is reported, as of a day. */
export interface Month {
  /** Its first day. */
  readonly first: Day;
  readonly days: number;
  /** The last day that counts. */
  readonly today: Day;
  /** Whether it is over, so that every day of it is complete. */
  readonly closed: boolean;
}

/** From when until when a bill has charges: months by their first day. */
export interface BilledMonths {
  readonly first: Day;
  readonly last: Day;
}

/**
 * The month of `--today`, or the bill's last month where that is the one before. Without `--today` the clock's day counts, and
 * an older bill is told by its last month. Throws a UserError for a day that the bill says nothing about.
 */
export function monthReported(given: Day | undefined, now: Day, { first, last }: BilledMonths): Month {
  const today = given ?? now;
  const month = monthOf(today);
  const outside = month < first || (given !== undefined && month > nextMonth(last));
  if (outside)
    throw new UserError(
      `--today ${today} is out of range: the bill is of ${first === last ? shown(first) : `${shown(first)} to ${shown(last)}`}`,
      2,
    );
  return month > last
    ? { first: last, days: daysIn(last), today: addDays(nextMonth(last), -1), closed: true }
    : { first: month, days: daysIn(month), today, closed: false };
}

const shown = (month: Day): string => month.slice(0, "2026-10".length);

/**
 * How many of the month's days a provider has billed whole. A day counts once it is over and a later one has charges:
 * providers write a day's charges over hours or days. `lastDay` is undefined for who charges nothing by the day.
 */
export function completeDays({ first, days, today, closed }: Month, lastDay: Day | undefined): number {
  if (closed) return days;
  const until = lastDay === undefined || lastDay > today ? today : lastDay;
  return Math.max(0, daysBetween(first, until));
}
