import { previewDays } from "../../infra/settings/lifetime.ts";

const DAY = 86_400_000;

/** Of a stack's outputs; undefined where it has none, or one that is no moment. */
export function expiryIn(outputs: Readonly<Record<string, unknown>> | undefined): Date | undefined {
  const given = outputs?.["expiresAt"];
  const date = typeof given === "string" ? new Date(given) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Until when an up keeps a preview, for its setting `expiresAt`: a whole week or a little more, to a midnight in UTC. One
 * that has more than half a week left keeps its moment, or each up would change the tags of everything.
 */
export function renewedExpiry(current: Date | undefined, now: Date): Date {
  const half = (previewDays * DAY) / 2;
  if (current !== undefined && current.getTime() - now.getTime() > half) return current;
  return new Date(Math.ceil((now.getTime() + previewDays * DAY) / DAY) * DAY);
}

/** As the setting takes it: UTC in whole seconds. */
export const expiryText = (moment: Date): string => moment.toISOString().replace(/\.\d+Z$/, "Z");
