import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../sandbox/user-error.ts";
import type { ObjectStore, StoredText } from "./objects.ts";

const lockText = z.object({
  owner: z.string(),
  /** For people: who holds it, and for what. */
  holder: z.string(),
  since: z.iso.datetime(),
  /** One more with each sign of life of the owner. */
  beat: z.int().min(0),
  released: z.boolean(),
});
type LockText = z.output<typeof lockText>;

/** In milliseconds. */
export interface LockTimes {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** Without a sign of life for so long, the owner is dead. */
  readonly expiryMs: number;
  /** Between two looks at another's lock. */
  readonly pollMs: number;
}

export const defaultLockTimes: LockTimes = { beatMs: 10_000, expiryMs: 60_000, pollMs: 2_000 };

export interface LockRequest {
  /** For people: `release 1.4.0`. */
  readonly purpose: string;
  /** How long another's lock is waited for; 0 refuses at once. */
  readonly waitMs: number;
  readonly times?: LockTimes;
  /** Called once for each holder that is waited for, with a line for people. */
  readonly onWait?: (line: string) => void;
}

/** Held until released. */
export interface DeployLock {
  /** Rejects with a `UserError` where another has taken over meanwhile: before every step that changes something. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * One deploy of an environment at a time, whoever runs it and wherever. A lock is an object that names its owner, and
 * is taken, kept, and handed back by writes that name the version they replace: of two that do so, one is refused.
 * Whether an owner is dead is measured by one's own clock, from when its last sign of life was seen, so that no two
 * clocks are compared. Rejects with a `UserError` of one line where another still holds it after the wait.
 */
export async function takeDeployLock(
  objects: ObjectStore,
  environment: string,
  { purpose, waitMs, times = defaultLockTimes, onWait = () => undefined }: LockRequest,
): Promise<DeployLock> {
  const key = `locks/${environment}.json`;
  const own: LockText = {
    owner: randomUUID(),
    holder: `${purpose} by ${whoIsThis(process.env)}`,
    since: new Date().toISOString(),
    beat: 0,
    released: false,
  };
  const began = performance.now();
  let seen: { readonly tag: string; readonly at: number } | undefined;
  let told: string | undefined;
  for (;;) {
    const stored = await objects.get(key);
    const other = stored === undefined ? undefined : parsed(stored);
    // The answer to one's own write was lost on its way.
    if (stored !== undefined && other?.owner === own.owner) return keep(objects, key, own, stored.tag, times);
    const now = performance.now();
    if (stored?.tag !== seen?.tag) seen = stored && { tag: stored.tag, at: now };
    const isFree = other === undefined || other.released || now - (seen?.at ?? now) >= times.expiryMs;
    if (isFree) {
      const tag = await objects.put(key, JSON.stringify(own), stored?.tag);
      if (tag !== undefined) return keep(objects, key, own, tag, times);
      continue;
    }
    const line = `${environment} is being changed: ${other.holder}, since ${other.since}`;
    if (now - began >= waitMs)
      throw new UserError(
        `${line}; ${waitMs === 0 ? "" : `waited ${Math.round(waitMs / 1000)} s; `}run this again once it has ended` +
          ` (a dead one's lock is taken over by whoever waits ${Math.ceil(times.expiryMs / 1000)} s: --wait)`,
      );
    if (told !== other.owner) onWait(`${line}; waiting up to ${Math.round(waitMs / 1000)} s`);
    told = other.owner;
    await sleep(Math.min(times.pollMs, Math.max(1, waitMs - (now - began))));
  }
}

/** A job by its page, which says more than the name of its machine. */
function whoIsThis({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string {
  if (GITHUB_SERVER_URL !== undefined && GITHUB_REPOSITORY !== undefined && GITHUB_RUN_ID !== undefined)
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  try {
    return `${userInfo().username} on ${hostname()}`;
  } catch {
    // A container's user may have no name.
    return hostname();
  }
}

/** What nobody can read is nobody's. */
function parsed({ text }: StoredText): LockText | undefined {
  try {
    return lockText.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function keep(objects: ObjectStore, key: string, own: LockText, taken: string, { beatMs }: LockTimes): DeployLock {
  let tag = taken;
  let lost = false;
  let writing: Promise<void> = Promise.resolve();
  const ownTag = async (): Promise<string | undefined> => {
    const stored = await objects.get(key);
    return stored !== undefined && parsed(stored)?.owner === own.owner ? stored.tag : undefined;
  };
  const write = async (next: LockText): Promise<void> => {
    const text = JSON.stringify(next);
    const written = await objects.put(key, text, tag);
    // Refused by an own write whose answer was lost, or because another has it.
    const known = written ?? (await ownTag());
    if (known === undefined) lost = true;
    else tag = written ?? (await objects.put(key, text, known)) ?? known;
  };
  let { beat } = own;
  const timer = setInterval(() => {
    // A beat that cannot be written is followed by the next; whoever takes over meanwhile is seen by it.
    writing = writing.then(() => (lost ? undefined : write({ ...own, beat: ++beat }))).catch(() => undefined);
  }, beatMs);
  timer.unref();
  return {
    async check() {
      await writing;
      if (!lost && (await ownTag()) === undefined) lost = true;
      if (lost)
        throw new UserError("another deploy has taken this one's place: it was silent for too long; run it again");
    },
    async release() {
      clearInterval(timer);
      await writing;
      if (!lost) await write({ ...own, beat: beat + 1, released: true });
    },
  };
}
