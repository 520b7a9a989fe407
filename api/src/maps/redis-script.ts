import { createHash } from "node:crypto";
import type { RedisCommands } from "./databases.ts";

/** A Lua script for one key: Redis runs it as one command. */
export interface RedisScript {
  readonly source: string;
  readonly sha1: string;
}

export const redisScript = (source: string): RedisScript => ({
  source,
  sha1: createHash("sha1").update(source).digest("hex"),
});

/** By its digest; with its text where Redis does not know it, or not any more. */
export async function runScript(
  client: RedisCommands,
  { source, sha1 }: RedisScript,
  key: string,
  values: readonly string[],
): Promise<unknown> {
  const options = { keys: [key], arguments: [...values] };
  try {
    return await client.evalSha(sha1, options);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.eval(source, options);
  }
}
