import { UserError, messageOf } from "../../sandbox/user-error.ts";
import { type BillFile, billFiles, refuseCut } from "./bill-files.ts";
import { formats, recognize } from "./bill-format.ts";
import { type Column, createSums, describeSql, type FileSet, sumsSql, tagKeysSql, tagsRepeatSql } from "./bill-sql.ts";
import type { Database } from "./database.ts";
import { createCharges } from "./charges.ts";
import type { Progress } from "./progress.ts";

export interface LoadedBill {
  readonly files: number;
  readonly rows: number;
  /** Keys of tags that the bill bears, as it writes them; a look at its first rows. */
  readonly tagKeys: () => Promise<readonly string[]>;
}

/**
 * Sums every row of a bill into the tables `sums` and `charges`. Throws a UserError for what is no bill, is not whole,
 * or is in another currency.
 */
export async function loadBill(
  database: Database,
  place: string,
  by: readonly string[],
  progress: Progress,
): Promise<LoadedBill> {
  const files = billFiles(place);
  const sets = setsOf(await Promise.all(files.map(async (file) => [file, await schemaOf(database, file)] as const)));
  if (by.length > 0 && sets.every(({ columns }) => columns.tags === undefined)) throw noTags(place, sets);
  await database.run(createSums);
  const whole = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const cancel = new AbortController();
  const wholeness = (async () => {
    for (const { path, container } of files) if (container === "gzip") await refuseCut(path, cancel.signal);
  })();
  // Its rejection is awaited below, after DuckDB's own.
  wholeness.catch(() => undefined);
  try {
    let done = 0;
    for (const set of sets) {
      const bytes = set.files.reduce((sum, file) => sum + file.bytes, 0);
      progress.follow(() => (done + (bytes * (database.percent() ?? 0)) / 100) / whole);
      try {
        await database.run(sumsSql(set, by, await tagsRepeat(database, set, by)));
      } catch (error) {
        // What is cut may fail to parse as well; that it is cut is the better news.
        await wholeness;
        throw explained(error, set);
      }
      done += bytes;
    }
    await wholeness;
  } finally {
    cancel.abort();
    progress.end();
  }
  await refuseForeign(database, place);
  await createCharges(database, by);
  return { files: files.length, rows: await rowsOf(database, place), tagKeys: () => tagKeysOf(database, sets) };
}

async function schemaOf(database: Database, file: BillFile): Promise<readonly Column[]> {
  try {
    const columns = await database.query(describeSql(file));
    return columns.map((column) => ({ name: String(column["column_name"]), type: String(column["column_type"]) }));
  } catch (error) {
    if (file.container === "gzip") await refuseCut(file.path, new AbortController().signal);
    const reason = firstLine(error);
    throw new UserError(
      file.container === "parquet" && reason.includes("magic bytes")
        ? `${file.path} is cut: its Parquet has no end. Fetch it again`
        : `${file.path} is no bill: it reads neither as CSV nor as Parquet`,
      2,
    );
  }
}

async function tagsRepeat(database: Database, set: FileSet, by: readonly string[]): Promise<boolean> {
  const sql = tagsRepeatSql(set, by);
  return sql !== undefined && (await database.query(sql)).some((row) => row["repeat"] === true);
}

/** Files whose columns are the same are one table. Throws a UserError for a file that is no bill. */
function setsOf(described: readonly (readonly [BillFile, readonly Column[]])[]): readonly FileSet[] {
  const keyOf = ([{ container }, schema]: (typeof described)[number]): string => JSON.stringify([container, schema]);
  const alike = [...Map.groupBy(described, keyOf).values()].flatMap(batches);
  return alike.map((members): FileSet => {
    const [[first, schema]] = members as [(typeof members)[number]];
    const bill = recognize(
      first.path,
      schema.map(({ name }) => name),
    );
    return { ...bill, schema, files: members.map(([file]) => file) };
  });
}

/** DuckDB keeps buffers for every file that it has begun, so that memory would grow with their number. */
const MOST_FILES = 8;

const batches = <Each>(all: readonly Each[]): readonly (readonly Each[])[] =>
  Array.from({ length: Math.ceil(all.length / MOST_FILES) }, (_, index) =>
    all.slice(index * MOST_FILES, (index + 1) * MOST_FILES),
  );

const noTags = (place: string, sets: readonly FileSet[]): UserError =>
  new UserError(
    `${place} has no column ${sets[0]?.format === formats.cur ? "resource_tags" : "Tags"}, so nothing can be grouped by tag: export it as well`,
    2,
  );

async function refuseForeign(database: Database, place: string): Promise<void> {
  const [foreign] = await database.query(
    "SELECT currency, sum(rows)::VARCHAR AS rows FROM sums WHERE currency <> 'USD' AND (currency <> '' OR billed <> 0) GROUP BY currency ORDER BY sum(rows) DESC LIMIT 1",
  );
  if (foreign !== undefined)
    throw new UserError(
      `${place} is billed in ${String(foreign["currency"]) || "no currency"} (${String(foreign["rows"])} rows), and forecast and thresholds are in USD: export the bill in USD`,
      2,
    );
  const [twice] = await database.query(
    "SELECT 1 FROM sums WHERE format = 'FOCUS' AND provider IN ('AWS', 'Amazon Web Services') AND EXISTS (SELECT 1 FROM sums WHERE format = 'CUR 2.0') LIMIT 1",
  );
  if (twice !== undefined)
    throw new UserError(`${place} holds AWS both as CUR 2.0 and as FOCUS, which would count it twice: give one`, 2);
}

async function rowsOf(database: Database, place: string): Promise<number> {
  const [row] = await database.query("SELECT coalesce(sum(rows), 0)::VARCHAR AS rows FROM sums");
  const rows = Number(row?.["rows"]);
  if (rows === 0) throw new UserError(`${place} has no rows`, 2);
  return rows;
}

async function tagKeysOf(database: Database, sets: readonly FileSet[]): Promise<readonly string[]> {
  const queries = sets.map(tagKeysSql).filter((sql) => sql !== undefined);
  const found = await Promise.all(queries.map((sql) => database.query(sql)));
  return [...new Set(found.flat().map(({ key }) => String(key)))];
}

const firstLine = (error: unknown): string =>
  (messageOf(error).split("\n")[0] ?? "").replace(/^(?:Invalid Input|Conversion|IO|Parser|Binder|Catalog) Error: /, "");

/** What DuckDB says of a bill's contents, in one line that names the file. */
function explained(error: unknown, { files, columns }: FileSet): UserError {
  const reason = firstLine(error);
  const names = files.map(({ path }) => path);
  const [only = ""] = names;
  const file =
    names.find((name) => messageOf(error).includes(name)) ?? (names.length === 1 ? only : `one of ${only}, …`);
  if (reason.startsWith("Malformed JSON"))
    return new UserError(`${file}: the column ${columns.tags ?? "Tags"} holds what is no JSON`, 2);
  return new UserError(reason.includes(file) ? reason : `${file} cannot be read: ${reason}`, 2);
}
