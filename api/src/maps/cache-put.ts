import type { RedisCommands } from "./databases.ts";
import { type CacheEntry, cacheTimes } from "./cache-entry.ts";
import { redisScript, runScript } from "./redis-script.ts";

/**
 * KEYS[1] the entry; ARGV: kind, version, loadedAt, freshUntil, milliseconds to keep it, body.
 * Replaces what is there only by what cannot be older: a higher version; the same one, unless it was removed; anything
 * that was loaded after what is there was no longer fresh. "There is none" without a version keeps the one that is known.
 */
const put = redisScript(`
local kind, version = ARGV[1], tonumber(ARGV[2])
local k, v, f = string.match(redis.call('GETRANGE', KEYS[1], 0, 63), '^([pa]) (%d+) %d+ (%d+)\\n')
if k then
  v = tonumber(v)
  local over = tonumber(f) < tonumber(ARGV[3])
  local newer = version > v or (version == v and (k == kind or kind == 'a')) or (k == 'a' and kind == 'a')
  if not over and not newer then return 0 end
  if kind == 'a' and v > version then version = v end
end
local head = string.format('%s %.0f %s %s', kind, version, ARGV[3], ARGV[4])
redis.call('SET', KEYS[1], head .. '\\n' .. ARGV[6], 'PX', ARGV[5])
return 1`);

/** False where something newer was there. */
export async function putEntry(client: RedisCommands, key: string, entry: CacheEntry): Promise<boolean> {
  const kept = entry.kind === "present" ? cacheTimes.keptMs : cacheTimes.absentKeptMs;
  const values = [
    entry.kind === "present" ? "p" : "a",
    ...[entry.version, entry.loadedAt, entry.freshUntil, kept].map(String),
    entry.body,
  ];
  return (await runScript(client, put, key, values)) === 1;
}
