import { type Properties, UNKNOWN, type Value, hasUnknown, isProperties } from "../values/value.ts";

/** Tags that the provider puts on everything, and those that it leaves to others. */
export interface TagConfig {
  readonly defaults: Readonly<Record<string, string>>;
  readonly ignoredKeys: readonly string[];
  readonly ignoredPrefixes: readonly string[];
}

export const NO_TAGS: TagConfig = { defaults: {}, ignoredKeys: [], ignoredPrefixes: [] };

/** `tagsAll` as the AWS provider makes it in Check: default tags, overridden by the resource's own. */
export function allTags(tags: Value | undefined, config: TagConfig): Value {
  if (tags !== undefined && hasUnknown(tags)) return UNKNOWN;
  const merged: Properties = { ...config.defaults, ...(isProperties(tags) ? tags : {}) };
  return Object.fromEntries(
    Object.entries(merged)
      .filter(
        ([key]) =>
          !config.ignoredKeys.includes(key) && !config.ignoredPrefixes.some((prefix) => key.startsWith(prefix)),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
