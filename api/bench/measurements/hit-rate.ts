import { failureRows } from "./failure-rows.ts";
import { steadyLoad } from "../steady.ts";
import { startMix } from "../mix.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";

const limit = { atLeast: 80 };

/** How many reads the cache answered of a mixed load that began with none of it cached, as the API itself counts. */
export async function hitRate(surroundings: Surroundings, plan: Plan): Promise<readonly Row[]> {
  const { seconds } = plan.mix;
  const mix = await startMix(surroundings, plan.mix);
  const { perSecond } = mix;
  const before = new Map(surroundings.agent.lookups);
  const api = await surroundings.startApi();
  const loaded = await steadyLoad({ url: api.url, perSecond, requests: mix.requests, until: { seconds } });
  // Its last metrics are sent while it stops.
  await api.stop();
  const outcomes = ["hit", "stale", "negative", "miss"] as const;
  const counts = outcomes.map((outcome) => {
    const count = (surroundings.agent.lookups.get(outcome) ?? 0) - (before.get(outcome) ?? 0);
    return { outcome, count };
  });
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const missed = counts.find(({ outcome }) => outcome === "miss")?.count ?? 0;
  return [
    { what: "cache: reads it answered, of a mixed load", value: 100 * (1 - missed / all), unit: "percent", limit },
    ...counts.map(({ outcome, count }): Row => ({ what: `  ${outcome}`, value: count, unit: "count" })),
    { what: "  asked for", value: perSecond, unit: "perSecond" },
    ...failureRows("  failed requests", [loaded], mix.expected),
    { what: "  p95", value: loaded.p95, unit: "milliseconds" },
  ];
}
