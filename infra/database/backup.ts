import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { atlasRegion } from "./atlas.ts";

export interface DatabaseBackupArgs {
  readonly projectId: pulumi.Input<string>;
  readonly cluster: mongodbatlas.AdvancedCluster;
  /** Days for which daily snapshots are kept. */
  readonly snapshotRetentionDays: pulumi.Input<number>;
  /** Plain. Days back to which any moment can be restored; 0: snapshots alone. */
  readonly restoreWindowDays: number;
  /** Where copies go. Undefined: no copies. */
  readonly copyRegion: pulumi.Input<string> | undefined;
}

/** Snapshots are taken at 03:00 UTC, from the brief. */
export const snapshotHour = 3;

/**
 * Between two snapshots a restore to a moment replays the oplog: at most six hours of it, so that a restore stays
 * within the brief's recovery time of 1 hour.
 */
export const hoursBetweenSnapshots = 6;

const keptFor = (days: pulumi.Input<number>) => ({ retentionUnit: "days", retentionValue: days });

/** When snapshots are taken, how long they are kept, and where they are copied to. */
export function backUp(component: pulumi.ComponentResource, name: string, args: DatabaseBackupArgs): void {
  const { cluster, restoreWindowDays, snapshotRetentionDays: days } = args;
  const toTheMoment = restoreWindowDays > 0;
  const zoneId = cluster.replicationSpecs.apply((specs) => specs[0]?.zoneId ?? "");

  new mongodbatlas.CloudBackupSchedule(
    name,
    {
      projectId: args.projectId,
      clusterName: cluster.name,
      referenceHourOfDay: snapshotHour,
      referenceMinuteOfHour: 0,
      policyItemDaily: { frequencyInterval: 1, ...keptFor(days) },
      ...(toTheMoment && {
        restoreWindowDays,
        policyItemHourly: { frequencyInterval: hoursBetweenSnapshots, ...keptFor(restoreWindowDays) },
      }),
      // Of two ways to say what is copied the later one, from the start: Atlas does not go back to the other.
      copyPolicyItemsEnabled: true,
      copySettings:
        args.copyRegion === undefined
          ? []
          : [
              {
                cloudProvider: "AWS",
                regionName: pulumi.output(args.copyRegion).apply(atlasRegion),
                zoneId,
                // With the oplogs any moment can be restored there too.
                shouldCopyOplogs: toTheMoment,
                copyPolicyItems: [
                  { frequencyType: "daily", ...keptFor(days) },
                  ...(toTheMoment ? [{ frequencyType: "hourly", ...keptFor(restoreWindowDays) }] : []),
                ],
              },
            ],
    },
    { parent: component },
  );
}
