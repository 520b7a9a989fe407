import { LRUCache } from "lru-cache";

/** What the limiter needs of a client of Redis. */
export interface CountingClient {
  incr(key: string): Promise<number>;
  pTTL(key: string): Promise<number>;
  pExpire(key: string, milliseconds: number): Promise<unknown>;
}

/** One window of one key, as it was when this task last counted. */
interface Window {
  count: number;
  /** Of `performance.now()`. */
  readonly endsAt: number;
}

/** Counts one, and gives the count and what is left of its window in milliseconds. */
export type Counter = (client: CountingClient, key: string) => Promise<[count: number, left: number]>;

/** Of 200 bytes each at most. */
const knownWindows = 10_000;

/**
 * One command in one round trip while the window's end is known, two at a time where it is not. The first count of a
 * window is followed by its end, for which nobody waits: were it lost, whoever counts next would send it.
 */
export function createCounter(windowMs: number): Counter {
  const windows = new LRUCache<string, Window>({ max: knownWindows });

  const begin = (client: CountingClient, key: string, count: number, left: number): [number, number] => {
    const hasEnd = left >= 0;
    if (!hasEnd) client.pExpire(key, windowMs).catch(() => undefined);
    const lasts = hasEnd ? left : windowMs;
    windows.set(key, { count, endsAt: performance.now() + lasts });
    return [count, lasts];
  };

  return async (client, key) => {
    const known = windows.get(key);
    const left = known === undefined ? 0 : known.endsAt - performance.now();
    if (known === undefined || left <= 0) {
      const [count, ttl] = await Promise.all([client.incr(key), client.pTTL(key)]);
      return begin(client, key, count, ttl);
    }
    const count = await client.incr(key);
    // Counts of a window only grow: this one is another.
    if (count <= known.count) return begin(client, key, count, await client.pTTL(key));
    known.count = count;
    return [count, left];
  };
}
