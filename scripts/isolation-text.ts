/** What a text says when it is opened: itself, and what stands in it as JSON, percent-encoded, or in base64. */
export function readingsOf(text: string, depth = DEPTH): string[] {
  if (depth === 0) return [text];
  const inner = [...fromJson(text), ...fromPercent(text), ...fromBase64(text)];
  return [text, ...inner.flatMap((reading) => readingsOf(reading, depth - 1))];
}

// A document in a document in a document: user data holds JSON that holds a policy.
const DEPTH = 3;

function fromJson(text: string): string[] {
  if (!/^\s*["[{]/.test(text)) return [];
  try {
    return stringsIn(JSON.parse(text));
  } catch {
    return [];
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsIn(item)]);
}

function fromPercent(text: string): string[] {
  if (!/%[0-9a-f]{2}/i.test(text)) return [];
  try {
    return [decodeURIComponent(text)];
  } catch {
    return [];
  }
}

// Both alphabets on their own: a hyphen or a slash before the run is then not taken for a part of it.
const BASE64_RUNS = [/[A-Za-z0-9+/]{12,}/g, /[A-Za-z0-9_-]{12,}/g];

/** Only what decodes to readable text: names and hashes look like base64 too, and decode to noise. */
function fromBase64(text: string): string[] {
  return BASE64_RUNS.flatMap((run) => text.match(run) ?? [])
    .map((run) => Buffer.from(run, "base64").toString("utf8"))
    .filter((decoded) => /^[\t\n\r\x20-\x7e]+$/.test(decoded));
}

/** The form in which values are compared: no capitals, and nothing but letters and digits at either end. */
export function coreOf(text: string): string {
  return text.toLowerCase().replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
}

/** Letters and digits, as they stand together in a text. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** Every part of a text that begins and ends with a whole word; `longest` says how many words follow each first one. */
export function* partsOf(text: string, longest: (first: string) => number): Generator<string> {
  const lower = text.toLowerCase();
  const words = [...lower.matchAll(/[a-z0-9]+/g)];
  for (const [position, { index: from, 0: first }] of words.entries())
    for (const { index, 0: last } of words.slice(position, position + longest(first)))
      yield lower.slice(from, index + last.length);
}

/** Host names in a text, without a final dot. */
export function hostsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9-]+(?:\.[a-z0-9-]+)+/g) ?? [];
}
