import { previewDays } from "../../infra/settings/lifetime.ts";
import { wrongUsage } from "../command-line.ts";

const MILLISECONDS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string | undefined): text is keyof typeof MILLISECONDS =>
  text !== undefined && text in MILLISECONDS;

/** `7d`, `12h`, `30m` in milliseconds. Throws a `UserError` for anything else. */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,5})([a-z])$/.exec(text) ?? [];
  if (count === undefined || !isUnit(unit))
    throw wrongUsage(`${JSON.stringify(text)} is no duration: write 7d, 12h, or 30m`);
  return Number(count) * MILLISECONDS[unit];
}

/** `3d`, `5h`, `12m`: the largest unit that fits. */
export function ageText(milliseconds: number): string {
  for (const unit of ["d", "h"] as const)
    if (milliseconds >= MILLISECONDS[unit]) return `${Math.floor(milliseconds / MILLISECONDS[unit])}${unit}`;
  return `${Math.max(0, Math.floor(milliseconds / MILLISECONDS.m))}m`;
}

/** As much of a preview stack as says when it goes. */
export interface Lifetime {
  /** Of the last change; undefined where the backend does not say. */
  readonly updatedAt: Date | undefined;
  /** Its setting `expiresAt`, where it has one. */
  readonly expiresAt: Date | undefined;
}

const defaultAge = previewDays * MILLISECONDS.d;

/**
 * From when on it may be swept: its own end, else a week after its last change. `olderThan`, in milliseconds after the
 * last change, ends it earlier, never later. Undefined where nobody knows.
 */
export function endOf({ updatedAt, expiresAt }: Lifetime, olderThan?: number): Date | undefined {
  const after = (age: number | undefined): readonly number[] =>
    age === undefined || updatedAt === undefined ? [] : [updatedAt.getTime() + age];
  const ends = [...(expiresAt === undefined ? after(defaultAge) : [expiresAt.getTime()]), ...after(olderThan)];
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

export function isDue(lifetime: Lifetime, olderThan: number | undefined, now: Date): boolean {
  const end = endOf(lifetime, olderThan);
  return end !== undefined && end.getTime() <= now.getTime();
}
