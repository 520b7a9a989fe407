import { pricesFrom, readPriceRows } from "../../cost/prices.ts";
import { amount, cents, digits } from "../../cost/money.ts";
import type { AtlasCluster, ListedCluster } from "./resources.ts";

/** Longer than the objective, so that a slow restore is measured and not cut off; then everything is removed. */
export const LIMIT_HOURS = 2;

const PURPOSE = { key: "Purpose", value: "restore-drill" } as const;

/** Hosts carry 23 characters of it, and no two clusters of a project may share those. */
export const temporaryName = (at: Date): string =>
  `drill-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}`;

/** By name and by tag: what only looks like a drill's cluster is somebody's. */
export const isTemporary = ({ name, tags }: ListedCluster): boolean =>
  /^drill-\d{8}-\d{6}$/.test(name) && tags.some(({ key, value }) => key === PURPOSE.key && value === PURPOSE.value);

const regionOf = (source: AtlasCluster) => {
  const [config] = source.replicationSpecs[0]?.regionConfigs ?? [];
  if (config === undefined) throw new Error(`${source.name} has no region`);
  return config;
};

/** A cluster like the source, which a snapshot of the source fits into, and which anybody may delete. */
export function temporaryCluster(name: string, source: AtlasCluster, environment: string): object {
  const { regionName, electableSpecs } = regionOf(source);
  const { instanceSize, diskSizeGB } = electableSpecs;
  return {
    name,
    clusterType: "REPLICASET",
    mongoDBMajorVersion: source.mongoDBMajorVersion,
    backupEnabled: false,
    terminationProtectionEnabled: false,
    tags: [PURPOSE, { key: "Environment", value: environment }, { key: "Service", value: "database" }],
    replicationSpecs: [
      {
        regionConfigs: [
          {
            providerName: "AWS",
            regionName,
            priority: 7,
            electableSpecs: { instanceSize, nodeCount: 3, ...(diskSizeGB !== undefined && { diskSizeGB }) },
          },
        ],
      },
    ],
  };
}

/** What the cluster costs, before it is made: from scripts/cost/prices.csv, which has us-east-1. */
export function costText(source: AtlasCluster, file?: string): string {
  const { regionName, electableSpecs } = regionOf(source);
  const size = electableSpecs.instanceSize;
  const prices = pricesFrom(readPriceRows(file));
  const id = `atlas-${size.toLowerCase()}-hour`;
  if (!prices.has(id)) return `${size} in ${regionName}: prices.csv has no price of it`;
  const hourly = prices(id).tiers[0]?.usd ?? amount(0);
  const elsewhere = regionName === "US_EAST_1" ? "" : ", by the price of US_EAST_1";
  const most = cents(hourly.times(LIMIT_HOURS));
  return `${size} in ${regionName}: ${digits(hourly)} USD an hour${elsewhere}, at most ${most} USD`;
}
