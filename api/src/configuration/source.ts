import type { Environment } from "../environment.ts";
import type { RuntimeConfigSource } from "../http/services.ts";
import type { Logger } from "../telemetry/log.ts";
import { createAppConfigReader } from "./app-config-reader.ts";
import { createFileReader } from "./file-reader.ts";
import { createHeldConfig } from "./held-config.ts";
import { createPoller } from "./poller.ts";
import type { ConfigReader } from "./reader.ts";

export interface ConfigTimes {
  /** The longest that a start waits for the first value. */
  readonly startMs: number;
  readonly deadlineMs: number;
  readonly retryMs: number;
  /** In place of the source's own. */
  readonly intervalMs?: number;
}

const defaultTimes: ConfigTimes = { startMs: 2_000, deadlineMs: 5_000, retryMs: 10_000 };

export interface ConfigSourceOptions {
  readonly environment: Pick<
    Environment,
    | "RUNTIME_CONFIG_FILE"
    | "APPCONFIG_APPLICATION_ID"
    | "APPCONFIG_ENVIRONMENT_ID"
    | "APPCONFIG_PROFILE_ID"
    | "AWS_REGION"
  >;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  readonly times?: Partial<ConfigTimes>;
}

export type RunningConfigSource = RuntimeConfigSource & { close(): void };

/**
 * The configuration from a file or from AppConfig, read again every second or every 15; the defaults where there is
 * neither. Resolves with the first value, or once the start has waited long enough. Never rejects.
 */
export async function createRuntimeConfigSource(options: ConfigSourceOptions): Promise<RunningConfigSource> {
  const times = { ...defaultTimes, ...options.times };
  const held = createHeldConfig(options.log);
  const reader = readerOf(options.environment, times.intervalMs);
  if (reader === undefined) return Object.assign(held, { close: () => undefined });
  const poller = createPoller({
    name: reader.name,
    read: reader.read,
    accept: (text) => {
      if (text !== undefined) held.take(text);
    },
    intervalMs: reader.intervalMs,
    retryMs: Math.min(times.retryMs, reader.intervalMs()),
    deadlineMs: times.deadlineMs,
    log: options.log,
  });
  await within(times.startMs, poller.refresh());
  return Object.assign(held, {
    close() {
      poller.close();
      reader.close();
    },
  });
}

function readerOf(environment: ConfigSourceOptions["environment"], intervalMs?: number): ConfigReader | undefined {
  const {
    RUNTIME_CONFIG_FILE: file,
    APPCONFIG_APPLICATION_ID: applicationId,
    APPCONFIG_ENVIRONMENT_ID: environmentId,
    APPCONFIG_PROFILE_ID: profileId,
    AWS_REGION: region,
  } = environment;
  if (file !== undefined) return createFileReader(file, intervalMs);
  if (applicationId === undefined || environmentId === undefined || profileId === undefined || region === undefined)
    return undefined;
  return createAppConfigReader({ applicationId, environmentId, profileId, region }, intervalMs);
}

const within = (milliseconds: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
