import type { PriceRow } from "./prices.ts";

const decimal = /^\d+(\.\d+)?$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const providers: readonly string[] = ["AWS", "MongoDB Atlas", "Cloudflare", "Datadog"];

/** Column to what its text must be. */
const columns: readonly (readonly [column: keyof PriceRow, is: (text: string) => boolean, must: string])[] = [
  ["id", (text) => kebab.test(text), "an id in kebab case, such as nat-gateway-hour"],
  ["provider", (text) => providers.includes(text), `one of ${providers.join(", ")}`],
  ["service", (text) => text !== "", "the name of a service"],
  ["item", (text) => text !== "", "what is paid for"],
  ["unit", (text) => text !== "", "a unit, such as GB-month"],
  ["above", (text) => decimal.test(text), "a number, where the tier begins"],
  ["usd", (text) => decimal.test(text), "a number, in US dollars"],
  ["region", (text) => text !== "", "a region, or global"],
  ["source", (text) => text.startsWith("https://") && URL.canParse(text), "the address of a public page"],
  ["asOf", isDate, "a day, as 2026-10-04"],
];

function isDate(text: string): boolean {
  const time = Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A row as a file gives it: a column may be missing. */
type GivenRow = Partial<PriceRow>;

/** What is wrong with a price list, one sentence each. Empty: nothing. */
export function priceProblems(rows: readonly GivenRow[]): readonly string[] {
  // The header is line 1.
  const faults = rows.flatMap((row, index) =>
    columns
      .filter(([column, is]) => !is(row[column] ?? ""))
      .map(([column, , must]) => `line ${index + 2}: ${column} is ${JSON.stringify(row[column] ?? "")}, not ${must}`),
  );
  return [...faults, ...[...Map.groupBy(rows, ({ id = "" }) => id)].flatMap(([id, tiers]) => tierProblems(id, tiers))];
}

function tierProblems(id: string, tiers: readonly GivenRow[]): readonly string[] {
  const begins = tiers.map(({ above = "" }) => Number(above));
  const twice = begins.find((above, index) => begins.indexOf(above) !== index);
  const [first] = tiers;
  const differs = (["provider", "service", "item", "unit", "region"] as const).find((column) =>
    tiers.some((tier) => tier[column] !== first?.[column]),
  );
  return [
    ...(begins.includes(0) ? [] : [`${id} has no tier that begins at 0`]),
    ...(twice === undefined ? [] : [`${id} has two tiers that begin at ${twice}`]),
    ...(differs === undefined ? [] : [`${id} has tiers that differ in ${differs}`]),
  ];
}
