/** What Redis holds of one map: a head, a line's end, and the body of the answer as it is sent. */
export interface CacheEntry {
  readonly kind: "present" | "absent";
  /** Of the map; where there is none, of the one that was removed last, or 0. */
  readonly version: number;
  /** Just before MongoDB was asked, in milliseconds since 1970. */
  readonly loadedAt: number;
  /** Until when it is taken for true without asking again. */
  readonly freshUntil: number;
  /** Empty where there is no map. */
  readonly body: string;
}

export const cacheTimes = {
  /** A write replaces what is cached; this bounds how old it gets where that failed. Less up to a fifth, at random. */
  freshMs: 15_000,
  /** After that: still answered, while it is loaded again in the background. With the above, the oldest there can be. */
  revalidateMs: 15_000,
  /** After that: only where MongoDB does not answer. */
  keptMs: 3_600_000,
  /** That there is no map. */
  absentFreshMs: 10_000,
  /** Which version was removed: the next map of the user goes on from it, so that no old ETag fits it. */
  absentKeptMs: 86_400_000,
} as const;

/** How far the clocks of two tasks may differ. */
const skewMs = 5_000;

export type Freshness = "fresh" | "stale" | "expired";

/** Whether an entry may be answered as it is, while it is loaded again, or only in need. */
export function freshnessOf({ loadedAt, freshUntil, kind }: CacheEntry, now: number): Freshness {
  // A clock that was set back must not make an entry fresh for longer.
  if (loadedAt > now + skewMs) return "expired";
  if (now < freshUntil) return "fresh";
  return kind === "present" && now < freshUntil + cacheTimes.revalidateMs ? "stale" : "expired";
}

/** The time that something loaded now is fresh until. `random` is from 0 to below 1. */
export const freshUntil = (kind: CacheEntry["kind"], now: number, random: number): number =>
  now + Math.round((kind === "present" ? cacheTimes.freshMs : cacheTimes.absentFreshMs) * (1 - random / 5));

const head = /^([pa]) (\d{1,16}) (\d{1,16}) (\d{1,16})$/;

/** Undefined where it is none: another release may write another form. */
export function decodeEntry(text: string): CacheEntry | undefined {
  const end = text.indexOf("\n");
  const [, kind, version, loadedAt, until] = head.exec(text.slice(0, Math.max(end, 0))) ?? [];
  if (kind === undefined) return undefined;
  return {
    kind: kind === "p" ? "present" : "absent",
    version: Number(version),
    loadedAt: Number(loadedAt),
    freshUntil: Number(until),
    body: text.slice(end + 1),
  };
}
