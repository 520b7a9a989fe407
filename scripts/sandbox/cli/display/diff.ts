import type { PropertyChange } from "../../engine/events.ts";
import { OutputValue, Secret, Unknown, type Value, isProperties, sameValue } from "../../values/value.ts";
import { valueText } from "./value-text.ts";

/** One line of a property diff: `~ tags.Owner: "a" → "b"`. */
export interface DiffLine {
  readonly symbol: "+" | "-" | "~";
  readonly path: string;
  readonly text: string;
  readonly replaces: boolean;
}

/** Marks where a path enters a JSON document that is the text of a property. */
const INTO_DOCUMENT = "›";

/** All leaves that differ. Secrets are masked, JSON documents compared by property, long texts cut round the difference. */
export function diffLines(changes: readonly PropertyChange[], width: number): DiffLine[] {
  return changes.flatMap((change) => {
    const [old, now] = [change.old, change.now];
    return leaves(change.path, old, now).map((leaf) => ({
      ...line(leaf, change.kind, width),
      replaces: change.replaces,
    }));
  });
}

interface Leaf {
  readonly path: string;
  readonly old: Value | undefined;
  readonly now: Value | undefined;
}

function leaves(path: string, oldValue: Value | undefined, nowValue: Value | undefined): Leaf[] {
  const [old, now] = [plain(oldValue), plain(nowValue)];
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return nonEmpty(
      Array.from({ length }, (_, index) => index).flatMap((index) =>
        sameValue(old[index], now[index]) ? [] : leaves(`${path}[${index}]`, old[index], now[index]),
      ),
      { path, old, now },
    );
  }
  if (isProperties(old) && isProperties(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return nonEmpty(
      keys.flatMap((key) => (sameValue(old[key], now[key]) ? [] : leaves(joined(path, key), old[key], now[key]))),
      { path, old, now },
    );
  }
  if (typeof old === "string" && typeof now === "string") {
    const documents = [documentOf(old), documentOf(now)];
    const [before, after] = documents;
    if (before !== undefined && after !== undefined && !sameValue(before, after))
      return leaves(`${path} ${INTO_DOCUMENT}`, before, after);
  }
  return [{ path, old, now }];
}

/** A change that the leaves do not show (an order of keys) is shown whole. */
const nonEmpty = (found: Leaf[], whole: Leaf): Leaf[] => (found.length > 0 ? found : [whole]);

function plain(value: Value | undefined): Value | undefined {
  if (!(value instanceof OutputValue)) return value;
  return value.secret ? new Secret(value.value ?? null) : (value.value ?? new Unknown());
}

function documentOf(text: string): Value | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function joined(path: string, key: string): string {
  const part = /^[A-Za-z_$][\w$-]*$/.test(key) ? key : JSON.stringify(key);
  if (path.endsWith(INTO_DOCUMENT)) return `${path} ${part}`;
  return part.startsWith('"') ? `${path}[${part}]` : `${path}.${part}`;
}

function line(leaf: Leaf, kind: PropertyChange["kind"], width: number): Omit<DiffLine, "replaces"> {
  const { path, old, now } = leaf;
  if (old === undefined && now === undefined)
    return { symbol: ({ add: "+", delete: "-", update: "~" } as const)[kind], path, text: "" };
  if (old === undefined) return { symbol: "+", path, text: valueText(now, width) };
  if (now === undefined) return { symbol: "-", path, text: valueText(old, width) };
  const [before, after] =
    typeof old === "string" && typeof now === "string" ? aroundDifference(old, now, width) : [old, now];
  return { symbol: "~", path, text: `${valueText(before, width)} → ${valueText(after, width)}` };
}

/** Of two long texts, the parts round the first difference. */
function aroundDifference(old: string, now: string, width: number): [string, string] {
  if (old.length <= width && now.length <= width) return [old, now];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  const from = Math.max(0, start - 20);
  const window = (text: string): string =>
    `${from > 0 ? "…" : ""}${text.slice(from, from + width - 4)}${text.length > from + width - 4 ? "…" : ""}`;
  return [window(old), window(now)];
}
