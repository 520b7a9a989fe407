import type { BillFile } from "./bill-files.ts";
import type { Columns, Field, RecognizedBill } from "./bill-format.ts";
import { named, quoted } from "./database.ts";
import { spellingsOf } from "./tag-keys.ts";

/** A column as DuckDB describes it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Files of one container whose columns are the same, read as one table. */
export interface FileSet extends RecognizedBill {
  readonly files: readonly BillFile[];
  readonly schema: readonly Column[];
}

/** What DuckDB reads a file's columns from; a CSV's are all texts. */
export function describeSql({ path, container }: BillFile): string {
  if (container === "parquet") return `DESCRIBE SELECT * FROM read_parquet(${quoted(path)}, hive_partitioning = false)`;
  return `DESCRIBE SELECT * FROM read_csv(${quoted(path)}, all_varchar = true, sample_size = 1, buffer_size = ${BUFFER_BYTES}, hive_partitioning = false, ${csvOptions(container)})`;
}

/** Of DuckDB's buffers, several of which are open for each file; its usual ones of 32 MB fill the memory. */
const BUFFER_BYTES = 8 << 20;

const csvOptions = (container: BillFile["container"]): string =>
  `header = true, delim = ',', quote = '"', escape = '"', compression = ${container === "gzip" ? "'gzip'" : "'none'"}`;

function tableSql({ files, schema }: FileSet): string {
  const paths = `[${files.map(({ path }) => quoted(path)).join(", ")}]`;
  const container = files[0]?.container ?? "csv";
  if (container === "parquet") return `read_parquet(${paths}, hive_partitioning = false)`;
  const columns = schema.map(({ name }) => `${quoted(name)}: 'VARCHAR'`).join(", ");
  return `read_csv(${paths}, auto_detect = false, buffer_size = ${BUFFER_BYTES}, hive_partitioning = false, ${csvOptions(container)}, columns = {${columns}})`;
}

const DECIMAL = "DECIMAL(38, 18)";

/** The bill's own words for what a row lacks become empty texts, so that rows group alike in every container. */
const text = (column: string | undefined): string =>
  column === undefined ? "''" : `coalesce(${named(column)}::VARCHAR, '')`;

/** Exact, and an error with its file where it is no number. A double is read as it prints, not with its binary tail. */
function decimal(column: string): string {
  const value = `${named(column)}::VARCHAR`;
  const short = `strlen(${value}) <= ${SHORT_TEXT} AND NOT contains(${value}, 'e') AND NOT contains(${value}, 'E')`;
  const wide = wideDecimal(column, value);
  return `CASE WHEN ${short} THEN coalesce(try_cast(${value} AS ${SHORT})::${DECIMAL}, ${wide}) ELSE ${wide} END`;
}

/** Numbers of 64 bits are read sooner than those of 128. A text so short, without an exponent, loses no digit by it. */
const SHORT = "DECIMAL(18, 12)";
const SHORT_TEXT = 13;

function wideDecimal(column: string, value: string): string {
  return `coalesce(try_cast(${value} AS ${DECIMAL}), CASE WHEN ${named(column)} IS NULL OR ${value} = '' THEN 0 ELSE error(filename || ' has ' || ${value} || ' in ${column}, which is no amount') END)`;
}

/** The day as ten characters. Bills are in UTC; the time of day is not needed, and hourly rows add up sooner. */
const day = (column: string): string => `left(${named(column)}::VARCHAR, 10)`;

/** The tags' values as a JSON list: one place for each spelling of each tag. */
function tagList(columns: Columns, schema: readonly Column[], by: readonly string[]): string {
  const column = columns.tags;
  if (column === undefined) return "NULL";
  const keys = by.flatMap(spellingsOf);
  const type = schema.find(({ name }) => name === column)?.type ?? "VARCHAR";
  if (type.startsWith("MAP"))
    return `to_json([${keys.map((key) => `${named(column)}[${quoted(key)}]::VARCHAR`).join(", ")}])::VARCHAR`;
  const paths = keys.map((key) => quoted(`$."${key.replaceAll('"', '\\"')}"`)).join(", ");
  return `to_json(json_extract_string(nullif(${named(column)}::VARCHAR, ''), [${paths}]))::VARCHAR`;
}

/** What a row costs with the plans and reservations that were paid before spread over what they cover. */
function effective({ format, columns }: RecognizedBill, billed: string): string {
  if (format.name !== "CUR 2.0") return columns.effective === undefined ? billed : decimal(columns.effective);
  const { savingsPlan, commitment, commitmentUsed, reservation, unusedUpfront, unusedRecurring, reservationArn } =
    columns;
  const cases: (readonly [category: string, sql: string])[] = [];
  if (savingsPlan !== undefined)
    cases.push(
      ["SavingsPlanCoveredUsage", decimal(savingsPlan)],
      ["SavingsPlanNegation", "0"],
      ["SavingsPlanUpfrontFee", "0"],
    );
  if (commitment !== undefined && commitmentUsed !== undefined)
    cases.push(["SavingsPlanRecurringFee", `${decimal(commitment)} - ${decimal(commitmentUsed)}`]);
  if (reservation !== undefined) cases.push(["DiscountedUsage", decimal(reservation)]);
  if (unusedUpfront !== undefined && unusedRecurring !== undefined)
    cases.push(["RIFee", `${decimal(unusedUpfront)} + ${decimal(unusedRecurring)}`]);
  const type = named(columns.category ?? "");
  const upfront =
    reservation !== undefined && reservationArn !== undefined
      ? ` WHEN ${type} = 'Fee' AND ${text(reservationArn)} <> '' THEN 0`
      : "";
  if (cases.length === 0 && upfront === "") return billed;
  return `CASE ${cases.map(([name, sql]) => `WHEN ${type} = ${quoted(name)} THEN ${sql}`).join(" ")}${upfront} ELSE ${billed} END`;
}

/** A service's code may be empty where its product's is not. */
const firstText = (columns: Columns, schema: readonly Column[], candidates: readonly string[]): string => {
  const present = candidates.filter((name) => schema.some((column) => column.name === name));
  return present.length < 2
    ? text(columns.service)
    : `coalesce(${present.map((name) => `nullif(${named(name)}::VARCHAR, '')`).join(", ")}, '')`;
};

/** Of the first rows: where tags repeat, adding rows up before their tags are read saves reading most of them. */
const SAMPLE_ROWS = 50_000;
const MOST_DISTINCT = 0.1;

/** Whether a set's rows share their tags' texts, as `repeat`. Undefined where there is nothing to find out. */
export function tagsRepeatSql(set: FileSet, by: readonly string[]): string | undefined {
  const column = set.columns.tags;
  if (column === undefined || by.length === 0 || isMap(set)) return undefined;
  return `SELECT count(DISTINCT tags) <= count(*) * ${MOST_DISTINCT} AS repeat FROM (SELECT ${text(column)} AS tags FROM ${tableSql(set)} LIMIT ${SAMPLE_ROWS})`;
}

const isMap = ({ columns, schema }: FileSet): boolean =>
  schema.find(({ name }) => name === columns.tags)?.type.startsWith("MAP") ?? false;

/**
 * Sums of a set's rows, as the table `sums` takes them. Each row is looked at once; dates are judged later, where they
 * are few. Split cost lines repeat what their instance's line bills, so they are left out.
 * `tagsRepeat`: tags are read of sums, not of rows, which would fill the memory where each row has its own.
 */
export function sumsSql(set: FileSet, by: readonly string[], tagsRepeat = false): string {
  const { format, columns, schema } = set;
  const must = (field: Field): string => columns[field] ?? "";
  const billed = decimal(must("billed"));
  const isCur = format.name === "CUR 2.0";
  const rows = {
    format: quoted(format.name),
    period: day(must("billingPeriodStart")),
    day: day(must("start")),
    until: day(must("end")),
    provider: isCur ? "'AWS'" : text(columns.provider),
    service: isCur ? firstText(columns, schema, format.required.service ?? []) : text(columns.service),
    category: text(columns.category),
    class: text(columns.chargeClass),
    frequency: columns.frequency === undefined ? "NULL" : text(columns.frequency),
    currency: text(columns.currency),
    // Where the export names no resources it cannot be told what no tag could reach.
    resource: columns.resource === undefined ? "true" : `${text(columns.resource)} <> ''`,
    tags: tagsRepeat ? text(columns.tags) : tagList(columns, schema, by),
    billed,
    effective: effective(set, billed),
  };
  const where = columns.parent === undefined ? "" : ` WHERE ${text(columns.parent)} = ''`;
  const selected = Object.entries(rows).map(([name, sql]) => `${sql} AS "${name}"`);
  const summed = `WITH rows AS (SELECT ${selected.join(", ")} FROM ${tableSql(set)}${where})
    SELECT * EXCLUDE (billed, effective), sum(billed) AS billed, sum(effective) AS effective, count(*) AS "rows" FROM rows GROUP BY ALL`;
  if (!tagsRepeat) return `INSERT INTO sums ${summed}`;
  return `INSERT INTO sums SELECT * REPLACE (${tagList({ ...columns, tags: "tags" }, schema, by)} AS tags) FROM (${summed})`;
}

export const createSums = `CREATE TABLE sums (
  format VARCHAR, period VARCHAR, "day" VARCHAR, until VARCHAR, provider VARCHAR, service VARCHAR, category VARCHAR,
  class VARCHAR, frequency VARCHAR, currency VARCHAR, resource BOOLEAN, tags VARCHAR,
  billed ${DECIMAL}, effective ${DECIMAL}, "rows" BIGINT)`;

/** Keys that a set's rows bear, from the first of them: for the message about a tag that none bears. */
export function tagKeysSql(set: FileSet): string | undefined {
  const column = set.columns.tags;
  if (column === undefined) return undefined;
  const type = set.schema.find(({ name }) => name === column)?.type ?? "VARCHAR";
  const keys = type.startsWith("MAP")
    ? `map_keys(${named(column)})`
    : `json_keys(nullif(${named(column)}::VARCHAR, ''))`;
  return `SELECT DISTINCT unnest(keys) AS key FROM (SELECT ${keys} AS keys FROM ${tableSql(set)} LIMIT 100000)`;
}
