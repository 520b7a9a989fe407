import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { embeddedProgram } from "./embedded-program.ts";
import { DatabaseUnavailableError } from "./unavailable.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Where programs are looked for. */
export interface Places {
  /** Folders, as in the variable PATH. */
  readonly path: string;
  /** Where mongodb-memory-server keeps what it downloads: with the modules of a project, or in the home folder. */
  readonly downloads: readonly string[];
  /** Where the embedded program is kept once it is built. */
  readonly cache: string;
}

export const defaultPlaces = (): Places => ({
  path: process.env.PATH ?? "",
  downloads: [join(ROOT, "node_modules/.cache/mongodb-memory-server"), join(homedir(), ".cache/mongodb-binaries")],
  cache: join(ROOT, "node_modules/.cache/groundwork"),
});

/** A program that serves one database, and how it is asked to. */
export interface DatabaseProgram {
  /** What serves, for people: mongod, mongodb-memory-server, ferretdb, redis-server, or miniredis. */
  readonly kind: string;
  readonly file: string;
  readonly argumentsFor: (port: number, directory: string) => readonly string[];
  /** In the line that it prints once it listens. The first group is the port, where the program chose it. */
  readonly ready: RegExp;
  /** The program takes port 0 and says which one it got. */
  readonly choosesPort: boolean;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const onPath = (name: string, path: string): string | undefined =>
  path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** The newest of them; their names are like mongod-x64-ubuntu-8.0.4. */
export function downloadedMongod(folders: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) =>
      filesIn(folder)
        .filter((name) => /^mongod-.*\d$/.test(name))
        .map((name) => ({ file: join(folder, name), version: name.slice(name.lastIndexOf("-") + 1) })),
    )
    .filter(({ file }) => isExecutable(file))
    .sort((one, other) => other.version.localeCompare(one.version, "en", { numeric: true }))
    .at(0)?.file;
}

const mongod = (kind: string, file: string): DatabaseProgram => ({
  kind,
  file,
  // The small cache is the least that WiredTiger takes.
  argumentsFor: (port, directory) => [
    ...["--port", String(port), "--bind_ip", "127.0.0.1", "--dbpath", directory, "--nounixsocket"],
    ...["--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"],
  ],
  ready: /Waiting for connections/,
  choosesPort: false,
});

const redisServer = (file: string): DatabaseProgram => ({
  kind: "redis-server",
  file,
  argumentsFor: (port, directory) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory],
    ...["--save", "", "--appendonly", "no", "--daemonize", "no"],
  ],
  ready: /Ready to accept connections/,
  choosesPort: false,
});

const embedded = (kind: string, command: string, file: string): DatabaseProgram => ({
  kind,
  file,
  argumentsFor: (port, directory) => [command, "--port", String(port), "--dir", directory],
  ready: /^ready (\d+)$/m,
  choosesPort: true,
});

const GO = "Go 1.24 or newer (https://go.dev/dl)";

async function embeddedFile(places: Places): Promise<string | undefined> {
  return embeddedProgram(onPath("go", places.path), places.cache);
}

/** The first that serves. Throws a `DatabaseUnavailableError` where none does. */
export async function mongoProgram(places: Places): Promise<DatabaseProgram> {
  const installed = onPath("mongod", places.path);
  if (installed !== undefined) return mongod("mongod", installed);
  const downloaded = downloadedMongod(places.downloads);
  if (downloaded !== undefined) return mongod("mongodb-memory-server", downloaded);
  const file = await embeddedFile(places);
  if (file !== undefined) return embedded("ferretdb", "mongo", file);
  throw new DatabaseUnavailableError(
    `MongoDB: no mongod on the PATH, none in ${places.downloads.join(" or ")}, and no go on the PATH to build the ` +
      `embedded one with. Install MongoDB (https://www.mongodb.com/docs/manual/installation) or ${GO}.`,
  );
}

/** The first that serves. Throws a `DatabaseUnavailableError` where none does. */
export async function redisProgram(places: Places): Promise<DatabaseProgram> {
  const installed = onPath("redis-server", places.path);
  if (installed !== undefined) return redisServer(installed);
  const file = await embeddedFile(places);
  if (file !== undefined) return embedded("miniredis", "redis", file);
  throw new DatabaseUnavailableError(
    "Redis: no redis-server on the PATH, and no go on the PATH to build the embedded one with. " +
      `Install Redis (https://redis.io/docs/latest/operate/oss_and_stack/install) or ${GO}.`,
  );
}
