import { isDeepStrictEqual } from "node:util";
import type { RuntimeConfigSource } from "../http/services.ts";
import { defaultRuntimeConfig, type RuntimeConfig, runtimeConfig } from "../runtime-config.ts";
import type { Logger } from "../telemetry/log.ts";

export type ParsedConfig = { readonly config: RuntimeConfig } | { readonly problems: readonly string[] };

/** A configuration, or one line for each thing that is wrong with it. Values are not repeated. */
export function parseConfig(text: string): ParsedConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problems: ["it is no JSON"] };
  }
  const result = runtimeConfig.safeParse(value);
  if (result.success) return { config: result.data };
  return { problems: result.error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")) };
}

export interface HeldConfig extends RuntimeConfigSource {
  /** Takes over a value that fits the schema; the last good one stays where it does not. */
  take(text: string): void;
}

/** The configuration in force: the defaults until there is another. */
export function createHeldConfig(log: Pick<Logger, "info" | "error">): HeldConfig {
  const listeners = new Set<(config: RuntimeConfig) => void>();
  let current = defaultRuntimeConfig;
  let last: string | undefined;

  const replace = (config: RuntimeConfig): void => {
    const changed = Object.keys(config).filter(
      (key) => !isDeepStrictEqual(config[key as keyof RuntimeConfig], current[key as keyof RuntimeConfig]),
    );
    if (changed.length === 0) return;
    current = config;
    log.info({ changed }, "the configuration has changed");
    for (const listener of listeners) {
      try {
        listener(config);
      } catch (error) {
        log.error({ err: error }, "a part of the API cannot take the new configuration");
      }
    }
  };

  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    take(text) {
      if (text === last) return;
      last = text;
      const parsed = parseConfig(text);
      if ("config" in parsed) replace(parsed.config);
      else
        log.error({ problems: parsed.problems }, "the configuration does not fit its schema: the last good one stays");
    },
  };
}
