import type { PlannedStep } from "../engines/engine.ts";
import { type AskCloudTrail, changesOf, type TrailLimits } from "./cloudtrail.ts";
import { lookupsOf, trailQuery } from "./lookups.ts";
import type { WhoChanged } from "./report.ts";

/** Who changed what in real accounts: CloudTrail's word on what is AWS's; for the rest, where to look. */
export async function accountsWho(
  steps: readonly PlannedStep[],
  region: string,
  ask: AskCloudTrail,
  limits?: TrailLimits,
): Promise<WhoChanged> {
  const queries = steps.flatMap((step) => trailQuery(step, region) ?? []);
  const { of, unknownWho } = await changesOf(queries, ask, limits);
  return {
    changedBy: (step) => {
      const query = trailQuery(step, region);
      return query === undefined ? [] : of(query);
    },
    lookups: (step) => lookupsOf(step, region),
    unknownWho,
  };
}
