import { createReadStream, openSync, closeSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { UserError, codeOf, messageOf } from "../../sandbox/user-error.ts";

export type Container = "parquet" | "csv" | "gzip";

export interface BillFile {
  readonly path: string;
  readonly container: Container;
  readonly bytes: number;
}

const EXTENSIONS = /\.(?:csv|csv\.gz|gz|parquet)$/i;
const PERIOD = /(?:^|[/\\])((?:BILLING_PERIOD|billing_period)=[^/\\]+)[/\\](.+)$/;

/** The files of a bill: one, or all below a folder, as an export leaves them. Throws a UserError where there is none. */
export function billFiles(place: string): readonly BillFile[] {
  const paths = isFolder(place) ? inFolder(place) : [place];
  if (paths.length === 0) throw new UserError(`${place} holds no .csv, .csv.gz, or .parquet file`, 2);
  refuseVersions(place, paths);
  const files = paths.map(billFile);
  const full = files.filter(({ bytes }) => bytes > 0);
  if (full.length === 0) throw new UserError(`${files[0]?.path ?? place} is empty`, 2);
  return full;
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch (error) {
    throw new UserError(
      codeOf(error) === "ENOENT" ? `${place} does not exist` : `${place} cannot be read: ${messageOf(error)}`,
      2,
    );
  }
}

const inFolder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => EXTENSIONS.test(name) && !basename(name).startsWith("."))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

/** An export that keeps its versions has a folder per run below each period: together they would count several times. */
function refuseVersions(place: string, paths: readonly string[]): void {
  const runs = new Map<string, Set<string>>();
  for (const path of paths) {
    const [, period, rest] = PERIOD.exec(relative(dirname(place), path)) ?? [];
    if (period === undefined || rest === undefined) continue;
    // Whose export it is stands before the period.
    const key = path.slice(0, path.length - rest.length);
    const run = dirname(rest);
    runs.set(key, (runs.get(key) ?? new Set()).add(run));
  }
  for (const [key, versions] of runs)
    if (versions.size > 1)
      throw new UserError(
        `${key} holds ${versions.size} versions of one bill, which would count several times: give the folder of the last, ${join(key, [...versions].sort().at(-1) ?? "")}`,
        2,
      );
}

function billFile(path: string): BillFile {
  const { size } = statSync(path);
  return { path, container: containerOf(path), bytes: size };
}

/** By its first bytes: names lie. */
function containerOf(path: string): Container {
  const first = Buffer.alloc(4);
  let file;
  try {
    file = openSync(path, "r");
    readSync(file, first, 0, first.length, 0);
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`, 2);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (first.toString("latin1") === "PAR1") return "parquet";
  return first[0] === 0x1f && first[1] === 0x8b ? "gzip" : "csv";
}

const CHUNK = 1 << 18;

/** DuckDB takes a gzip that was cut for a short one, and its sums for right. Throws a UserError where it is not whole. */
export async function refuseCut(path: string, signal: AbortSignal): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path, { highWaterMark: CHUNK }), createGunzip({ chunkSize: CHUNK }), nowhere, {
      signal,
    });
  } catch (error) {
    if (signal.aborted) return;
    const cut = codeOf(error) === "Z_BUF_ERROR";
    throw new UserError(`${path} is ${cut ? "cut: its gzip has no end" : "no sound gzip"}. Fetch it again`, 2);
  }
}
