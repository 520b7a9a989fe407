import { randomUUID } from "node:crypto";
import type { CallContext } from "../dependencies/dependency.ts";
import type { Key } from "./idempotency-key.ts";
import { detached, type RedisAttempt } from "./redis-attempt.ts";
import { redisScript, runScript } from "./redis-script.ts";

/** What a process got when it asked to work on a key's request. */
export type Mark =
  | { readonly state: "taken"; readonly release: () => Promise<void> }
  /** Another works on it. */
  | { readonly state: "held"; readonly fingerprint: string }
  /** Redis does not answer: the map's own document still lets only one take effect. */
  | { readonly state: "unknown" };

/** Marks in Redis of the keys whose requests are being worked on, in any process. Never rejects. */
export interface Marks {
  take(context: CallContext, userId: string, key: Key): Promise<Mark>;
}

export interface MarksOptions {
  readonly redis: RedisAttempt;
  readonly keyPrefix: string;
  /** How long a mark stays whose process has died. Above the longest request. Default: 10 s. */
  readonly markMs?: number;
}

const take = redisScript(`
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''`);

/** A mark that has expired may be another's by now. */
const release = redisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`);

export function createMarks({ redis, keyPrefix, markMs = 10_000 }: MarksOptions): Marks {
  return {
    async take(context, userId, key) {
      const name = `${keyPrefix}maps:mark:${userId}:${key.id}`;
      const mark = `${randomUUID()} ${key.fingerprint}`;
      const held = await redis(context, "evalsha", (client) => runScript(client, take, name, [mark, String(markMs)]));
      if (typeof held !== "string") return { state: "unknown" };
      if (held !== "") return { state: "held", fingerprint: held.split(" ")[1] ?? "" };
      return {
        state: "taken",
        async release() {
          // Not by the request's signal: the client may have gone, and its next request would be refused.
          await redis(detached(context), "evalsha", (client) => runScript(client, release, name, [mark]));
        },
      };
    },
  };
}
