import { styleText } from "node:util";
import type { RunningDatabase } from "./databases.ts";
import { type Role, tokenLines } from "./keys.ts";
import type { Seeded } from "./seed.ts";

export interface DevFacts {
  readonly url: string;
  readonly mongo: RunningDatabase;
  readonly redis: RunningDatabase;
  readonly database: string;
  readonly seeded: Seeded;
  /** Relative to where one stands. */
  readonly runtimeConfig: string;
  readonly tokens: Readonly<Record<Role, string>>;
}

/** What each kind of database is, for whoever reads it. */
const kinds: Readonly<Record<string, string>> = {
  mongod: "mongod of the PATH",
  "mongodb-memory-server": "mongod that mongodb-memory-server downloaded",
  ferretdb: "FerretDB, embedded: no TTL indexes, transactions, or validators",
  "redis-server": "redis-server of the PATH",
  miniredis: "miniredis, embedded",
};

const servedBy = ({ kind }: RunningDatabase): string => kinds[kind] ?? kind;

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === 0 ? styleText("cyan", cell.padEnd(widths[0] ?? 0)) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** What runs where, and how to call it. */
export function devLines({ url, mongo, redis, database, seeded, runtimeConfig, tokens }: DevFacts): string[] {
  const [user = ""] = seeded.users;
  return [
    "",
    ...columns([
      ["API", url, "reloads when a file of api/src changes"],
      ["docs", `${url}/docs`, "every route"],
      ["MongoDB", `${mongo.url}/${database}`, servedBy(mongo)],
      ["Redis", redis.url, servedBy(redis)],
      ["seeds", seeded.users.join(", "), "users with a practice map"],
      ["flags", runtimeConfig, "counts while the API runs"],
    ]),
    "",
    ...tokenLines(tokens),
    "",
    `curl -H "Authorization: Bearer TOKEN" ${url}/map/${user}`,
    "",
    styleText("dim", "Ctrl-C ends the API and the databases, and removes their data."),
    "",
  ];
}
