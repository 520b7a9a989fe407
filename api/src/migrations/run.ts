import { config, status, up } from "migrate-mongo";
import type { Db } from "mongodb";
import { defaultLockTimes, type LockHolder, type LockTimes, type MigrationLock, takeLock } from "./lock.ts";
import type { MigrationRun } from "./migration.ts";
import { stepsDirectory, stepsExtension } from "./steps-on-disk.ts";

export const changelogCollection = "migrations_changelog";

export interface AppliedStep {
  /** The file's name. */
  readonly migration: string;
  readonly description: string;
  readonly milliseconds: number;
}

export interface MigrateOptions {
  readonly db: Db;
  /** Called once for each migration that has run. */
  readonly onStep: (step: AppliedStep) => void;
  /** Called once for each process that is waited for. */
  readonly onWait?: (holder: LockHolder) => void;
  /** Aborted: the step that runs is finished, and no other is begun. */
  readonly stop: AbortSignal;
  readonly directory?: string;
  readonly lock?: LockTimes;
}

/** `pending` is what a stop has left. */
export interface MigrateResult {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Runs what is pending, in order, one process at a time; again it does nothing. Rejects with a MigrationLocked, a
 * MigrationLockLost, or what a migration threw, wrapped with its file's name.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const { db, stop, directory = stepsDirectory } = options;
  configure(directory);
  const before = await pendingIn(db);
  if (before.length === 0) return { applied: [], pending: [] };
  const lock = await takeLock(db, options.lock ?? defaultLockTimes, stop, options.onWait);
  try {
    // Whoever had the lock may have run them.
    const due = await pendingIn(db);
    const run = runOf(options, lock, due);
    await up(db, run).catch((error: unknown) => {
      lock.lost.throwIfAborted();
      if (!run.wasStopped) throw error;
    });
    const pending = await pendingIn(db);
    return { applied: due.filter((name) => !pending.includes(name)), pending };
  } finally {
    await lock.release();
  }
}

/** Which migrations there are, and when each was applied: undefined where it is pending. */
export async function migrationStatus(
  db: Db,
  directory = stepsDirectory,
): Promise<readonly { readonly fileName: string; readonly appliedAt: string | undefined }[]> {
  configure(directory);
  return (await status(db)).map(({ fileName, appliedAt }) => ({
    fileName,
    appliedAt: appliedAt === "PENDING" ? undefined : appliedAt,
  }));
}

/** migrate-mongo has one configuration for the process. Its own lock has no owner, and needs a TTL index: ours is used. */
function configure(migrationsDir: string): void {
  config.set({
    migrationsDir,
    changelogCollectionName: changelogCollection,
    migrationFileExtension: stepsExtension,
    useFileHash: false,
    moduleSystem: "esm",
  });
}

async function pendingIn(db: Db): Promise<readonly string[]> {
  return (await status(db)).filter(({ appliedAt }) => appliedAt === "PENDING").map(({ fileName }) => fileName);
}

/** `due` in the order in which migrate-mongo runs them. */
function runOf({ stop, onStep }: MigrateOptions, lock: MigrationLock, due: readonly string[]) {
  let done = 0;
  let wasStopped = false;
  return {
    /** A step was kept from beginning; what migrate-mongo throws then is no failure. */
    get wasStopped() {
      return wasStopped;
    },
    async step(description, work) {
      await lock.check();
      wasStopped = stop.aborted;
      stop.throwIfAborted();
      const began = performance.now();
      await work(lock.lost);
      // What another may run by now must not be written down as ours.
      await lock.check();
      const milliseconds = Math.round(performance.now() - began);
      onStep({ migration: due[done++] ?? description, description, milliseconds });
    },
  } satisfies MigrationRun & { readonly wasStopped: boolean };
}
