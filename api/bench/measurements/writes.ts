import { failureRows } from "./failure-rows.ts";
import { load } from "../load.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import { shareOf, userIds, usersOf, writeOf } from "../users.ts";

/** What many users write at once: into MongoDB, and through the cache. */
export async function writes(surroundings: Surroundings, plan: Plan): Promise<readonly Row[]> {
  const { seconds, connections, users } = plan.writes;
  const ids = userIds(users);
  await surroundings.emptyRedis();
  await surroundings.seedMaps(ids);
  const everyone = await usersOf(ids, surroundings);
  const api = await surroundings.startApi();
  const requestsOf = (connection: number) => shareOf(everyone, connection, connections).map(writeOf);
  try {
    // The first requests compile.
    await load({ url: api.url, connections, until: { seconds: 1 }, requestsOf });
    const loaded = await load({ url: api.url, connections, until: { seconds }, requestsOf });
    return [
      ...failureRows("POST /map: failed requests", [loaded], [200]),
      { what: `  ${surroundings.mongo.kind}, ${connections} at a time`, value: loaded.perSecond, unit: "perSecond" },
      { what: "  p50", value: loaded.p50, unit: "milliseconds" },
      { what: "  p95", value: loaded.p95, unit: "milliseconds" },
      { what: "  p99", value: loaded.p99, unit: "milliseconds" },
    ];
  } finally {
    await api.stop();
  }
}
