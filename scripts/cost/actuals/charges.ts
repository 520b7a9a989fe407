import { UserError } from "../../sandbox/user-error.ts";
import { type ChargeKind, formats } from "./bill-format.ts";
import { type Database, quoted } from "./database.ts";
import { spellingsOf } from "./tag-keys.ts";

/** Longer than any usage record and shorter than February: what spans it is charged once a month. */
const MONTHLY_DAYS = 28;
const MOST_VALUES = 10_000;

/** The table `charges`: the sums with dates, the kind of charge, and the tags' values. Throws a UserError for a date that is none. */
export async function createCharges(database: Database, by: readonly string[]): Promise<void> {
  await refuseDates(database);
  let place = 0;
  const values = by.map((tag) => {
    const places = spellingsOf(tag).map(() => `nullif(tags ->> '$[${place++}]', '')`);
    return `coalesce(${places.join(", ")})`;
  });
  await database.run(`CREATE TABLE charges AS
    WITH dated AS (SELECT *, "day"::DATE AS start, period::DATE AS billing FROM sums),
    -- A period that is no calendar month (a plan billed from its own day) says nothing about the month.
    placed AS (SELECT *, CASE WHEN date_part('day', billing) = 1 THEN billing ELSE date_trunc('month', start)::DATE END AS "month",
      [${values.join(", ")}]::VARCHAR[] AS "values" FROM dated)
    SELECT "month", start AS "day", ${providerSql} AS provider, if(service = '', '(no service)', service) AS service, ${kindSql()} AS kind,
      CASE WHEN list_count("values") = len("values") THEN 'attributed' WHEN resource THEN 'untagged' ELSE 'untaggable' END AS "group",
      CASE WHEN list_count("values") = len("values") THEN "values" ELSE [] END AS "values",
      sum(billed) AS billed, sum(effective) AS effective
    FROM placed GROUP BY ALL`);
  const [row] = await database.query(`SELECT count(DISTINCT "values")::INTEGER AS count FROM charges`);
  const count = Number(row?.["count"]);
  if (count > MOST_VALUES)
    throw new UserError(
      `--group-by ${by.join(",")} has ${count} values, of at most ${MOST_VALUES}: group by a tag with fewer`,
      2,
    );
}

async function refuseDates(database: Database): Promise<void> {
  const [wrong] = await database.query(
    `SELECT d FROM (SELECT unnest(["day", until, period]) AS d FROM sums) WHERE try_cast(d AS DATE) IS NULL LIMIT 1`,
  );
  if (wrong !== undefined)
    throw new UserError(
      `the bill has ${JSON.stringify(wrong["d"] ?? "")} where a date belongs: a charge or billing period is written as 2026-10-04T00:00:00Z`,
      2,
    );
}

/** Providers as the forecast names them. */
const providers = { "Amazon%": "AWS", "MongoDB%": "MongoDB Atlas", "Cloudflare%": "Cloudflare", "Datadog%": "Datadog" };

const providerSql = `CASE ${Object.entries(providers)
  .map(([pattern, name]) => `WHEN provider ILIKE ${quoted(pattern)} THEN ${quoted(name)}`)
  .join(" ")} WHEN provider = '' THEN '(no provider)' ELSE provider END`;

function kindSql(): string {
  const long = `date_diff('day', start, until::DATE) >= ${MONTHLY_DAYS}`;
  const other: ChargeKind = "other";
  const rows = Object.values(formats).flatMap(({ name, kinds }) =>
    Object.entries(kinds).map(([category, kind]) => {
      const is = `format = ${quoted(name)} AND category = ${quoted(category)}`;
      // What belongs to another month's days is billed late: it does not say what a day costs.
      return kind === "daily"
        ? `WHEN ${is} THEN CASE WHEN ${long} OR date_trunc('month', start) <> "month" THEN 'fixed' ELSE 'daily' END`
        : `WHEN ${is} THEN ${quoted(kind)}`;
    }),
  );
  const corrections = `WHEN class = 'Correction' AND category NOT IN ('Tax', 'Credit') THEN 'refund'`;
  const recurring = `WHEN category = 'Purchase' AND frequency IN ('Recurring', 'Usage-Based') AND NOT ${long} THEN 'daily'`;
  return `CASE ${corrections} ${recurring} ${rows.join(" ")} ELSE ${quoted(other)} END`;
}
