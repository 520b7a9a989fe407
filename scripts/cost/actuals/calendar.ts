import { UserError } from "../../sandbox/user-error.ts";

/** An ISO date, `2026-10-04`, in UTC as bills are. Texts of this form compare as the days do. */
export type Day = string;

const MILLISECONDS = 86_400_000;

const timeOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

export const dayOf = (time: Date): Day => time.toISOString().slice(0, "2026-10-04".length);

export const addDays = (day: Day, days: number): Day => dayOf(new Date(timeOf(day) + days * MILLISECONDS));

/** From the first to the second, the second not counted. */
export const daysBetween = (from: Day, until: Day): number => Math.round((timeOf(until) - timeOf(from)) / MILLISECONDS);

export const monthOf = (day: Day): Day => `${day.slice(0, "2026-10".length)}-01`;

/** The first day of the month after the one that begins then. */
export const nextMonth = (month: Day): Day => monthOf(addDays(month, 31));

export const previousMonth = (month: Day): Day => monthOf(addDays(month, -1));

export const daysIn = (month: Day): number => daysBetween(month, nextMonth(month));

/** Throws a UserError for what is no day of the calendar. */
export function dayNamed(option: string, given: string): Day {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(given) ? timeOf(given) : NaN;
  if (Number.isNaN(time) || dayOf(new Date(time)) !== given)
    throw new UserError(`${option} ${JSON.stringify(given)} is no date: give one such as 2026-10-04`, 2);
  return given;
}
