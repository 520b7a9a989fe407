import { format, resolveConfig } from "prettier";
import { dailySchedule } from "../../infra/backups.ts";
import { defaultSnapshotWindow } from "../../infra/cache.ts";
import { hoursBetweenSnapshots, snapshotHour } from "../../infra/database/backup.ts";
import { type Choices, choicesOf } from "../../infra/settings/environments.ts";
import { databaseObjectives, type DataStore, dataStores } from "../../infra/settings/recovery.ts";
import { table, text } from "../markdown.ts";

const production = choicesOf("production");
const staging = choicesOf("staging");

const each = (cell: (choices: Choices) => string): readonly [string, string] => [cell(production), cell(staging)];

const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`);

const hourOf = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/** `cron(MINUTE HOUR ...)`, as AWS Backup writes it. Throws where it is no time of every day. */
export function timeOfDay(schedule: string): string {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(schedule) ?? [];
  if (minute === undefined || hour === undefined) throw new Error(`${schedule} is no time of every day`);
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

/** What is backed up, when, for how long, and whether it is elsewhere too; times are UTC. */
const policy: readonly (readonly [what: string, cells: (choices: Choices) => string])[] = [
  [
    "Database: snapshots",
    ({ database }) =>
      `daily at ${hourOf(snapshotHour)}, kept for ${days(database.snapshotRetentionDays)}` +
      (database.restoreWindowDays > 0
        ? `; every ${hoursBetweenSnapshots} hours, kept for ${days(database.restoreWindowDays)}`
        : ""),
  ],
  [
    "Database: any moment",
    ({ database }) =>
      database.restoreWindowDays > 0 ? `the last ${days(database.restoreWindowDays)}, to the minute` : "no",
  ],
  ["Database: copy in the recovery region", ({ database }) => (database.copySnapshots ? "every snapshot" : "no")],
  [
    "Cache: snapshots",
    ({ cache }) =>
      `daily at ${defaultSnapshotWindow.split("-")[0] ?? ""}, kept for ${days(cache.snapshotRetentionDays)}` +
      (cache.finalSnapshot ? "; one more when it is deleted" : ""),
  ],
  ["Images: old versions", ({ media }) => `kept for ${days(media.noncurrentVersionDays)}`],
  [
    "Images: backups",
    ({ backups }) =>
      backups.enabled
        ? `daily at ${timeOfDay(dailySchedule)}${backups.continuous ? ", and every change" : ""}, kept for ${days(backups.retentionDays)} in a locked vault`
        : "no",
  ],
  ["Images: copy in the recovery region", ({ backups }) => (backups.copyToRecoveryRegion ? "daily" : "no")],
  [
    "Secrets",
    ({ secrets }) =>
      `a deleted one can be restored for ${days(secrets.recoveryWindowDays)}` +
      (secrets.replicated ? "; replicas in the recovery region" : ""),
  ],
  ["KMS keys", ({ protection }) => `a deleted one can be restored for ${days(protection.keyDeletionWindowDays)}`],
  ["Release records: old versions", ({ delivery }) => `kept for ${days(delivery.recordVersionDays)}`],
  [
    "Deletion by a change to the program",
    ({ protection }) => (protection.protectStateful ? "refused by Pulumi, Atlas, and the vault" : "possible"),
  ],
];

const objective = ({ pointHours, timeHours }: { pointHours: number; timeHours: number }): string =>
  `${pointHours} h lost, ${timeHours} h until it is back`;

/** The tables of docs/disaster-recovery.md, by the name in their markers. */
export const recoveryTables: Readonly<Record<string, () => string>> = {
  objectives: () =>
    table(
      ["", "production", "staging"],
      [["The database, at most", objective(databaseObjectives.production), objective(databaseObjectives.staging)]],
    ),
  stores: () =>
    table(
      ["data", "production: lost at most", "back after", "kept", "staging: lost at most", "back after", "kept"],
      Object.values<DataStore>(dataStores).map(({ holds, recovery }) => [
        text(holds),
        ...[recovery.production, recovery.staging].flatMap(({ point, time, retention }) =>
          [point, time, retention].map(text),
        ),
      ]),
    ),
  policy: () =>
    table(
      ["what", "production", "staging"],
      policy.map(([what, cells]) => [what, ...each(cells)]),
    ),
};

const marked = /<!-- made from code: (\w+) -->\n.*?<!-- end -->/gs;

/** The names in the markers of a document, in its order. */
export const markersIn = (document: string): readonly string[] =>
  [...document.matchAll(marked)].map(([, name = ""]) => name);

/** The document with its tables as the code has them, formatted as everything in docs/. `file` is its path. */
export async function withRecoveryTables(document: string, file: string): Promise<string> {
  const filled = document.replace(marked, (whole, name: string) => {
    const make = recoveryTables[name];
    return make === undefined ? whole : `<!-- made from code: ${name} -->\n\n${make()}\n\n<!-- end -->`;
  });
  return format(filled, { ...(await resolveConfig(file)), filepath: file });
}
