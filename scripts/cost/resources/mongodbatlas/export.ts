import type { CostResource, Part, World } from "../entry.ts";
import { shareAmong } from "../share.ts";

/**
 * Atlas charges what it sends to a bucket as data transfer, within the region where the bucket is there too.
 * https://www.mongodb.com/docs/atlas/billing/data-transfer-costs/
 */
export const exportParts = (integration: CostResource, world: World): readonly Part[] => [
  {
    price: "atlas-data-same-region",
    note: "logs to a bucket",
    ...shareAmong(world.usage.databaseLogGb, integration, world),
    taggable: false,
  },
];
