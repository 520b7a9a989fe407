import type { Colors } from "./sandbox/cli/display/colors.ts";
import { type Shown, cut, shownProperties } from "./sandbox/cli/display/value-text.ts";
import type { Properties } from "./sandbox/values/value.ts";

// An ARN in full is worth more than a line that fits: terminals wrap it.
const LEAST_WIDTH = 140;

/** A stack's outputs as a person reads them: sorted, secrets masked, a map's entries below its name. */
export function outputRows(outputs: Properties, colors: Colors, width: number): string[] {
  return pairs(shownProperties(outputs), colors, Math.max(LEAST_WIDTH, width), 1);
}

function pairs(map: Readonly<Record<string, Shown>>, colors: Colors, width: number, levels: number): string[] {
  const opens = (value: Shown): value is Record<string, Shown> => levels > 0 && isMap(value) && hasEntries(value);
  const inline = Object.entries(map).filter(([, value]) => !opens(value));
  const longest = Math.max(0, ...inline.map(([key]) => key.length));
  return Object.entries(map).flatMap(([key, value]) =>
    opens(value)
      ? [colors.cyan(key), ...pairs(value, colors, width, levels - 1).map((row) => `  ${row}`)]
      : [`${colors.cyan(key.padEnd(longest))}  ${cut(inWords(value), width - longest)}`],
  );
}

const isMap = (value: Shown): value is Record<string, Shown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasEntries = (value: object): boolean => Object.keys(value).length > 0;

function inWords(value: Shown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && !hasEntries(value)) return "(empty)";
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ");
  return JSON.stringify(value);
}
