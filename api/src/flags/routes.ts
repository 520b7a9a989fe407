import { contentTagOf, namesTag } from "../http/content-tag.ts";
import { type Route, route } from "../http/route.ts";
import type { RuntimeConfigSource } from "../http/services.ts";
import type { RuntimeConfig } from "../runtime-config.ts";
import { flagsContract } from "./contract.ts";
import { hasFeature } from "./rollout.ts";

export interface FlagOptions {
  readonly config: Pick<RuntimeConfigSource, "current">;
}

/** By name in alphabetical order, so that the same flags are the same bytes. */
export function flagsOf(userId: string, flags: RuntimeConfig["flags"]): Record<string, boolean> {
  const named = Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map(([name, flag]) => [name, hasFeature(name, flag, userId)]));
}

export const flagRoutes = ({ config }: FlagOptions): readonly Route[] => [
  route(flagsContract, ({ caller, headers: { "if-none-match": ifNoneMatch } }) => {
    const flags = flagsOf(caller.userId, config.current.flags);
    const headers = { "Cache-Control": "private, no-cache", ETag: contentTagOf(JSON.stringify(flags)) };
    return namesTag(ifNoneMatch, headers.ETag)
      ? ({ status: 304, headers } as const)
      : ({ status: 200, headers, body: { success: true, data: { flags } } } as const);
  }),
];
