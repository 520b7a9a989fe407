import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

/** A row as DuckDB's JSON form gives it: decimals, dates, and large whole numbers are texts. */
export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** The rows of a small result. */
  readonly query: (sql: string) => Promise<readonly Row[]>;
  readonly run: (sql: string) => Promise<void>;
  /** 0 to 100 of the statement that runs; undefined where it cannot be told. */
  readonly percent: () => number | undefined;
  readonly close: () => void;
}

/** Of what DuckDB counts; a process with it stays below 1 GB. */
const MEMORY = "384MB";
const MOST_THREADS = 4;

/** A database in memory that spills into a folder of its own, and reaches neither the network nor an extension. */
export async function openDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), "groundwork-actuals-"));
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY,
    temp_directory: folder,
    threads: String(Math.min(availableParallelism(), MOST_THREADS)),
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  for (const setting of ["TimeZone = 'UTC'", "enable_progress_bar = true", "enable_progress_bar_print = false"])
    await connection.run(`SET ${setting}`);
  return {
    query: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    run: async (sql) => {
      await connection.run(sql);
    },
    percent: () => percentOf(connection),
    close: () => {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function percentOf(connection: DuckDBConnection): number | undefined {
  const { percentage } = connection.progress;
  return percentage >= 0 ? percentage : undefined;
}

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A column's name as SQL writes it. */
export const named = (column: string): string => `"${column.replaceAll('"', '""')}"`;
