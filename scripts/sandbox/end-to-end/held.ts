import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How many resources of each URN the cloud holds. What a service makes by itself has none and is left out. */
export function held(stateDirectory: string): Record<string, number> {
  const database = new DatabaseSync(join(stateDirectory, "cloud", "cloud.sqlite"), { readOnly: true });
  try {
    const rows = database
      .prepare(
        "SELECT urn, count(*) AS many FROM resources WHERE urn <> '' AND data IS NOT NULL GROUP BY urn ORDER BY urn",
      )
      .all();
    return Object.fromEntries(rows.map((row) => [String(row["urn"]), Number(row["many"])]));
  } finally {
    database.close();
  }
}
