import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Collection, type Db, MongoServerError } from "mongodb";

/** Each holder adds a document; the highest number is the lock. */
export interface LockDocument {
  readonly _id: number;
  readonly owner: string;
  /** One more with each sign of life of the owner. */
  readonly beat: number;
  /** For people: when the owner took it. */
  readonly since: Date;
  readonly released: boolean;
}

/** In milliseconds. */
export interface LockTimes {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** Without a sign of life for so long, the owner is dead. */
  readonly expiryMs: number;
  /** Between two looks at another's lock. */
  readonly pollMs: number;
  /** How long another's lock is waited for. */
  readonly waitMs: number;
}

export const defaultLockTimes: LockTimes = { beatMs: 5_000, expiryMs: 30_000, pollMs: 1_000, waitMs: 300_000 };

export interface MigrationLock {
  /** Aborted where another may have taken the lock. */
  readonly lost: AbortSignal;
  /** Rejects with a MigrationLockLost where another has it. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Whom a wait is for. */
export type LockHolder = Pick<LockDocument, "owner" | "since">;

/** Another still migrates. */
export class MigrationLocked extends Error {
  constructor({ owner, since }: LockHolder, waitedMs: number) {
    super(
      `another migration runs: ${owner}, since ${since.toISOString()}; waited ${Math.round(waitedMs / 1000)} s. ` +
        "Run this again once it has ended; a dead one's lock is taken over by itself",
    );
    this.name = "MigrationLocked";
  }
}

/** The lock was taken by another while this process did not run. */
export class MigrationLockLost extends Error {
  constructor() {
    super("the lock of the migrations was lost: this process was silent for too long. Run this again");
    this.name = "MigrationLockLost";
  }
}

export const lockCollection = "migrations_lock";
const duplicateKey = 11_000;

/**
 * Waits for the lock and keeps it. It is taken, and taken over from the dead, by inserting the next number: of two that
 * do so one gets a duplicate key. Whether an owner is dead is measured by our own monotonic clock, from when its beat was
 * first seen: no two clocks are compared. Needs neither transactions nor TTL indexes. Rejects with a MigrationLocked, or
 * with the signal's reason.
 */
export async function takeLock(
  db: Db,
  times: LockTimes,
  signal: AbortSignal,
  onWait: (holder: LockHolder) => void = () => undefined,
): Promise<MigrationLock> {
  const locks = db.collection<LockDocument>(lockCollection);
  const owner = `${hostname()}:${process.pid}:${randomUUID()}`;
  const began = performance.now();
  let seen: { readonly id: number; readonly beat: number; readonly at: number } | undefined;
  for (;;) {
    signal.throwIfAborted();
    const other = await newest(locks);
    const now = performance.now();
    if (other === null || other.released) {
      const lock = await take(locks, (other?._id ?? 0) + 1, owner, times);
      if (lock !== undefined) return lock;
      continue;
    }
    if (seen?.id !== other._id) onWait(other);
    if (seen?.id !== other._id || seen.beat !== other.beat) seen = { id: other._id, beat: other.beat, at: now };
    if (now - seen.at >= times.expiryMs) {
      const lock = await take(locks, other._id + 1, owner, times);
      if (lock !== undefined) return lock;
    } else if (now - began >= times.waitMs) throw new MigrationLocked(other, now - began);
    await sleep(times.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

const newest = (locks: Collection<LockDocument>) => locks.findOne({}, { sort: { _id: -1 } });

/** Undefined where another was faster. */
async function take(
  locks: Collection<LockDocument>,
  id: number,
  owner: string,
  times: LockTimes,
): Promise<MigrationLock | undefined> {
  const taken = performance.now();
  try {
    await locks.insertOne({ _id: id, owner, beat: 0, since: new Date(), released: false });
  } catch (error) {
    if (error instanceof MongoServerError && error.code === duplicateKey) return undefined;
    throw error;
  }
  const lock = keep(locks, id, taken, times);
  // Only tidies up.
  await locks.deleteMany({ _id: { $lt: id } }).catch(() => undefined);
  return lock;
}

function keep(
  locks: Collection<LockDocument>,
  id: number,
  taken: number,
  { beatMs, expiryMs }: LockTimes,
): MigrationLock {
  const controller = new AbortController();
  let lastBeat = taken;
  let beating: Promise<void> = Promise.resolve();
  const lose = (): void => {
    clearInterval(timer);
    controller.abort(new MigrationLockLost());
  };
  const check = async (): Promise<void> => {
    if ((await newest(locks))?._id !== id) lose();
    controller.signal.throwIfAborted();
  };
  const beat = async (): Promise<void> => {
    const sent = performance.now();
    // Late means that another may have waited long enough already.
    if (sent - lastBeat >= expiryMs) {
      lose();
      return;
    }
    try {
      await locks.updateOne({ _id: id }, { $inc: { beat: 1 } });
      await check();
      lastBeat = sent;
    } catch {
      // The next beat tries again, until it is too late.
    }
  };
  const timer = setInterval(() => {
    beating = beat();
  }, beatMs);
  return {
    lost: controller.signal,
    check,
    async release() {
      clearInterval(timer);
      await beating;
      // Not deleted: the next number must be a new one.
      await locks.updateOne({ _id: id }, { $set: { released: true } });
    },
  };
}
