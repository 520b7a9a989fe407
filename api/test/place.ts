import { randomBytes } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningDatabase } from "../local/databases.ts";
import { adminScope } from "../src/auth/caller.ts";
import { advanced, firstKeySet, keyBytes, type KeySet, signingKey } from "../src/auth/key-set.ts";
import { issueToken, type TokenRequest } from "../src/auth/token.ts";
import type { RuntimeConfig } from "../src/runtime-config.ts";

export const tokenNames = { JWT_ISSUER: "groundwork", JWT_AUDIENCE: "groundwork-api" } as const;

/** What servers of one test share beside their databases: keys, callers, and the configuration that is reloaded. */
export interface Place {
  readonly directory: string;
  /** The environment of a server that listens on a free loopback port. */
  readonly variables: Readonly<Record<string, string>>;
  /** The keys in force. */
  readonly keys: () => KeySet;
  /** A user's token, signed with the current key; `user-1+admin` has the scope of an administrator. */
  token(name: string, request?: Partial<TokenRequest>): Promise<string>;
  /** Writes the configuration; servers read it again within about a second. What is left out has its default. */
  configure(config: Partial<RuntimeConfig>): Promise<void>;
  /** One rotation on, as the rotation's own function does it. */
  rotate(): Promise<void>;
  remove(): Promise<void>;
}

export interface PlaceOptions {
  readonly mongo?: Pick<RunningDatabase, "url">;
  readonly redis?: Pick<RunningDatabase, "url">;
  readonly config?: Partial<RuntimeConfig>;
}

/** Nothing listens there; port 9 is that of a service which nobody runs any more. */
const nowhere = "127.0.0.1:9";

/** Limits above whatever a test asks in a minute, for tests that are about something else. */
export const unlimited = {
  requestsPerMinute: 100_000,
  writesPerMinute: 100_000,
  uploadsPerMinute: 10_000,
  failedSignInsPerMinute: 10_000,
} as const;

export async function createPlace({ mongo, redis, config = unlimited }: PlaceOptions = {}): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "groundwork-api-"));
  const keysFile = join(directory, "keys.json");
  const configFile = join(directory, "config.json");
  let keys = firstKeySet(randomBytes(2 * keyBytes));
  const configure = (next: Partial<RuntimeConfig>): Promise<void> => replaceFile(configFile, JSON.stringify(next));
  await Promise.all([replaceFile(keysFile, JSON.stringify(keys)), configure(config)]);
  const tokens = new Map<string, Promise<string>>();
  return {
    directory,
    variables: {
      HOST: "127.0.0.1",
      PORT: "0",
      MONGODB_URI: mongo?.url ?? `mongodb://${nowhere}`,
      REDIS_URL: redis?.url ?? `redis://${nowhere}`,
      JWT_KEYS_FILE: keysFile,
      RUNTIME_CONFIG_FILE: configFile,
    },
    keys: () => keys,
    token(name, request) {
      const [userId = "", scope] = name.split("+");
      const issue = () =>
        issueToken(keys, tokenNames, { userId, ...(scope === "admin" && { scopes: [adminScope] }), ...request });
      if (request !== undefined) return issue();
      const known = tokens.get(name) ?? issue();
      tokens.set(name, known);
      return known;
    },
    configure,
    async rotate() {
      keys = advanced(keys, signingKey(randomBytes(keyBytes)));
      tokens.clear();
      await replaceFile(keysFile, JSON.stringify(keys));
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** At once, so that nobody reads half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, text);
  await rename(next, file);
}
