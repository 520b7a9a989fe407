import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, readEnvironment } from "../src/environment.ts";
import { startServer } from "../src/server.ts";
import { type Ask, askerOf } from "./ask.ts";
import { type LogLine, linesOf } from "./log-lines.ts";
import type { Place } from "./place.ts";

/** The whole API in this process, on a free port. */
export interface RunningApi {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly ask: Ask;
  /** Whatever it has logged so far. */
  lines(): readonly LogLine[];
  /** Its stop, with drain; the same as often as it is called. */
  stop(): Promise<void>;
}

export interface RunningApiOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** What no variable may say: a receiver of errors without TLS. */
  readonly over?: Partial<Environment>;
  /** Resolves when draining is over. Default: at once. */
  readonly drained?: () => Promise<void>;
}

/** Starts a server of a place. Its log goes to a file of the place. */
export async function startApi(
  place: Place,
  { variables = {}, over = {}, drained }: RunningApiOptions = {},
): Promise<RunningApi> {
  const logFile = join(place.directory, `${randomUUID()}.log`);
  const logDescriptor = openSync(logFile, "a");
  const environment = { ...readEnvironment({ ...place.variables, ...variables }), ...over };
  const server = await startServer(environment, { logDescriptor, ...(drained && { drained }) });
  const url = `http://127.0.0.1:${server.port}`;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await server.stop();
    closeSync(logDescriptor);
  };
  return {
    url,
    ask: askerOf(url, place),
    lines: () => linesOf(readFileSync(logFile, "utf8")),
    stop: () => (stopping ??= stop()),
  };
}
