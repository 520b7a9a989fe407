/** A field of a cron expression: the numbers that it takes, and the words for them. */
interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  /** `?`, `L`, `W`, `#` as the days take them. */
  readonly special?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Six fields, as EventBridge, its scheduler, and AWS Backup take them. */
const FIELDS: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day-of-month", from: 1, to: 31, special: /^(\?|L|L-\d{1,2}|\d{1,2}W)$/ },
  { name: "month", from: 1, to: 12, words: MONTHS },
  { name: "day-of-week", from: 1, to: 7, words: DAYS, special: /^(\?|L|[1-7]L|[1-7]#[1-5]|[A-Z]{3}#[1-5])$/ },
  { name: "year", from: 1970, to: 2199 },
];

function isNumber(text: string, { from, to, words = [] }: Field): boolean {
  if (words.includes(text)) return true;
  return /^\d{1,4}$/.test(text) && Number(text) >= from && Number(text) <= to;
}

function isPart(text: string, field: Field): boolean {
  if (field.special?.test(text) === true) return true;
  const [range = "", step, ...rest] = text.split("/");
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-");
  return ends.length <= 2 && ends.every((end) => isNumber(end, field));
}

/** What is wrong with `cron(...)`; undefined where nothing is. */
export function cronProblem(text: string): string | undefined {
  const inner = /^cron\((.*)\)$/.exec(text)?.[1];
  if (inner === undefined) return `${text} is no cron(...) expression`;
  const parts = inner.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `${text} has ${parts.length} fields, not six: minutes, hours, day-of-month, month, day-of-week, year`;
  const wrong = FIELDS.find((field, index) => !(parts[index] ?? "").split(",").every((part) => isPart(part, field)));
  if (wrong !== undefined) return `${text} has a wrong ${wrong.name}`;
  return (parts[2] === "?") === (parts[4] === "?")
    ? `${text} must have ? as either its day-of-month or its day-of-week, and not as both`
    : undefined;
}

/** What is wrong with `rate(...)`: a whole number from 1, and a unit that is singular for 1 alone. */
export function rateProblem(text: string): string | undefined {
  const [, number = "", , plural = ""] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(text) ?? [];
  if (number === "") return `${text} is no rate(...) expression`;
  return (number === "1") === (plural === "") ? undefined : `${text}: the unit is singular for 1 alone`;
}

/** What is wrong with `at(yyyy-mm-ddThh:mm:ss)`. */
export function atProblem(text: string): string | undefined {
  const time = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(text)?.[1];
  return time === undefined || Number.isNaN(Date.parse(`${time}Z`)) ? `${text} is no at(...) expression` : undefined;
}
