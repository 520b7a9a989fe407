import { isSecretName, masked } from "./mask.ts";
import { safeError } from "./safe-error.ts";

type Mask = (text: string) => string;

const deepest = 4;
const mostEntries = 30;
const longestText = 2_000;

/**
 * A line's field made safe: secrets masked by name and by form, errors by their allow list, all of it bounded in depth,
 * number, and length. Never throws.
 */
export function safeValue(value: unknown, mask: Mask, depth = 0): unknown {
  if (typeof value === "string") return mask(value).slice(0, longestText);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  try {
    return safeObject(value, mask, depth);
  } catch {
    return "[unreadable]";
  }
}

function safeObject(value: object, mask: Mask, depth: number): unknown {
  if (value instanceof Error) return safeError(value, mask);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "[binary]";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof URL) return mask(value.href);
  if (depth >= deepest) return "[deeper]";
  if (Array.isArray(value) || value instanceof Set)
    return [...value].slice(0, mostEntries).map((entry) => safeValue(entry, mask, depth + 1));
  const entries: [string, unknown][] =
    value instanceof Map ? [...value].map(([key, entry]) => [String(key), entry]) : Object.entries(value);
  return Object.fromEntries(
    entries
      .slice(0, mostEntries)
      .map(([key, entry]) => [
        mask(key).slice(0, longestText),
        isSecretName(key) ? masked : safeValue(entry, mask, depth + 1),
      ]),
  );
}
