import type { Request } from "autocannon";
import { mostPerSecond } from "./mix-rate.ts";
import type { Plan } from "./plan.ts";
import { randomOf, zipf } from "./numbers.ts";
import { userIds, type User, usersOf, readOf, writeOf } from "./users.ts";
import type { Surroundings } from "./surroundings.ts";

/** Parts of all requests. */
const parts = { write: 0.05, withoutMap: 0.1 } as const;
/** Of the most that the machine holds: what is behind would be measured in place of the API. */
const shareOfMost = 0.5;
const seed = 20_260_301;

/** What a day brings: a few users often and many seldom, some writes, and some who have no map. */
export interface Mix {
  readonly perSecond: number;
  readonly requests: readonly Request[];
  /** How a request of the mix may be answered. */
  readonly expected: readonly number[];
}

/** Seeds MongoDB, and leaves Redis empty. */
export async function startMix(surroundings: Surroundings, plan: Plan["mix"]): Promise<Mix> {
  const most = await mostPerSecond(surroundings, () => requestsOf(plan, surroundings));
  const perSecond = Math.max(1, Math.min(plan.perSecond, Math.floor(shareOfMost * most)));
  // Each of them asks as often as at the full rate.
  const users = Math.ceil((plan.users * perSecond) / plan.perSecond);
  const requests = await requestsOf({ ...plan, users, perSecond }, surroundings);
  await surroundings.emptyRedis();
  return { perSecond, requests, expected: [200, 404] };
}

async function requestsOf({ users, perSecond, seconds }: Plan["mix"], surroundings: Surroundings): Promise<Request[]> {
  const ids = userIds(users);
  await surroundings.seedMaps(ids);
  const random = randomOf(seed);
  const known = pickerOf(await usersOf(ids, surroundings), random);
  const strangers = Array.from({ length: Math.ceil(users * parts.withoutMap) }, (_, index) => `stranger-${index + 1}`);
  const stranger = pickerOf(await usersOf(strangers, surroundings), random);
  return Array.from({ length: perSecond * seconds }, (_, index) => {
    const drawn = random();
    if (drawn < parts.write) return writeOf(known(), index);
    return readOf(drawn < parts.write + parts.withoutMap ? stranger() : known());
  });
}

function pickerOf(users: readonly User[], random: () => number): () => User {
  const rank = zipf(users.length, random);
  return () => {
    const user = users[rank()];
    if (user === undefined) throw new Error("there are no users");
    return user;
  };
}
