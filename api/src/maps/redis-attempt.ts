import { type CallContext, DependencyUnavailable } from "../dependencies/dependency.ts";
import type { MapsRedis, RedisCommands } from "./databases.ts";

/** A call of Redis without which a request can do: undefined where it failed. Never rejects. */
export type RedisAttempt = <Result>(
  context: CallContext,
  operation: string,
  work: (client: RedisCommands) => Promise<Result>,
) => Promise<Result | undefined>;

/** For what is done after a request, or for others than the one that began it: the dependencies' deadlines end it. */
export const detached = ({ span }: CallContext): CallContext => ({ signal: new AbortController().signal, span });

/** `onError` hears of what is no outage: a refused command, a full cache. */
export const redisAttempt =
  (redis: MapsRedis, onError: (error: unknown) => void): RedisAttempt =>
  async (context, operation, work) => {
    try {
      return await redis.call(context, { operation }, work);
    } catch (error) {
      if (!(error instanceof DependencyUnavailable) && !context.signal.aborted) onError(error);
      return undefined;
    }
  };
