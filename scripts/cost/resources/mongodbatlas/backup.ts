import { isProperties } from "../../../sandbox/values/value.ts";
import { exactly, times } from "../../range.ts";
import { stated } from "../../usage.ts";
import type { CostResource, Item, Part, World } from "../entry.ts";
import { shareAmong } from "../share.ts";
import { flagOf, isUnknown, listOf } from "../read.ts";

const clusterType = "mongodbatlas:index/advancedCluster:AdvancedCluster";

/** Copies of a schedule in other regions. What is kept in the cluster's own region is the cluster's. */
export function scheduleParts(schedule: CostResource, world: World): readonly Part[] {
  const copies = listOf(schedule, "copySettings");
  if (isUnknown(copies)) return [{ notPriced: "Where its snapshots are copied to is not known yet." }];
  const regions = copies.filter(isProperties).length;
  if (regions === 0) return [{ free: "When snapshots are made; the cluster is charged for those that are kept." }];
  const { quantity } = shareAmong(world.usage.databaseBackupCopyGb, schedule, world);
  const cluster = world.references(schedule, "clusterName").find(({ type }) => type === clusterType);
  return [
    {
      price: "atlas-backup-snapshots",
      note: "copies in another region",
      quantity: times(quantity, exactly(regions)),
      property: "copySettings",
      assumption: `${stated(world.usage.databaseBackupCopyGb)} At the price of us-east-1, the least of AWS.`,
      ...(cluster !== undefined && { tagsOf: cluster }),
    },
    { notPriced: "What a copy's way to another region costs is told by Atlas' invoice alone." },
  ];
}

/** Continuous backup has a price of its own, which replaces that of snapshots and is never added to it. */
export function backupItem(cluster: CostResource, world: World): readonly Part[] {
  const kept = { ...shareAmong(world.usage.databaseBackupGb, cluster, world) };
  const continuous = flagOf(cluster, "pitEnabled", false);
  const item = (price: string, property: string, more = ""): Item => ({
    price,
    ...kept,
    property,
    assumption: `${kept.assumption}${more}`,
  });
  if (isUnknown(continuous))
    return [item("atlas-backup-continuous", "pitEnabled", " Whether it is continuous is not known yet.")];
  if (continuous) return [item("atlas-backup-continuous", "pitEnabled")];
  return flagOf(cluster, "backupEnabled", false) === false ? [] : [item("atlas-backup-snapshots", "backupEnabled")];
}
