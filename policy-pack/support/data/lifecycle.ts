import type { Located } from "../property.ts";
import type { Finding } from "../rule.ts";
import { Unknown } from "../unknown.ts";

/** Last day of a vendor's standard support, by version: `8.0`, or `5` for all of a major version. */
export type Lifecycle = Readonly<Record<string, string>>;

/** The last day of a version such as `8.0.4`, by its longest known beginning; undefined where no date is set. */
export function lastDayOf(version: string, lifecycle: Lifecycle): string | undefined {
  const parts = version.split(".");
  return parts
    .map((_, index) => lifecycle[parts.slice(0, parts.length - index).join(".")])
    .find((day) => day !== undefined);
}

/**
 * A finding where a version is past its last day. A version without a date (newer than the table, or left to the
 * service) passes. `source` is where the dates stand.
 */
export function outOfSupport(
  { property, value }: Located,
  lifecycle: Lifecycle,
  source: string,
  today = new Date().toISOString().slice(0, 10),
): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  if (typeof value !== "string" && typeof value !== "number") return [];
  const lastDay = lastDayOf(String(value), lifecycle);
  if (lastDay === undefined || today <= lastDay) return [];
  const newest = supportedOn(today, lifecycle);
  return [
    {
      property,
      wrong: `it is "${String(value)}", whose support ended on ${lastDay} (${source})`,
      fix: `set ${property} to a supported version${newest === undefined ? "" : `, ${newest} or newer`}`,
    },
  ];
}

/** The version with the earliest last day that has not come yet. */
const supportedOn = (today: string, lifecycle: Lifecycle): string | undefined =>
  Object.entries(lifecycle)
    .filter(([, lastDay]) => today <= lastDay)
    .sort(([, one], [, other]) => one.localeCompare(other))[0]?.[0];
