import { pino, type Logger as PinoLogger } from "pino";
import type { Environment } from "../environment.ts";
import type { RuntimeConfigSource } from "../http/services.ts";
import type { RuntimeConfig } from "../runtime-config.ts";
import { createLineWriter } from "./line-writer.ts";
import { maskOf } from "./mask.ts";
import { levelOf, requestFields, type RequestFacts } from "./request-line.ts";
import { safeError, type SafeError } from "./safe-error.ts";
import { safeValue } from "./safe-value.ts";
import { secretsOf } from "./secrets.ts";

/** JSON lines on standard output. Errors, secrets, and clients' text are made safe in each of them. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error" | "fatal" | "child">;

export interface LogOptions {
  readonly environment: Environment;
  /** Until `follow` knows better. */
  readonly level?: RuntimeConfig["logLevel"];
  /** Default: 1, standard output. */
  readonly descriptor?: number;
}

export interface Log {
  readonly logger: Logger;
  /** Writes the one line of a request: `error` for a fault of ours, `warn` for 503, else `info`. */
  request(facts: RequestFacts): void;
  /** Takes the level from the configuration, now and after each change; returns what stops that. */
  follow(source: RuntimeConfigSource): () => void;
  /** Writes what waits now; lines of `error` and `fatal` never wait. */
  flush(): void;
  /** Writes what waits; later lines are not written. */
  close(): void;
}

const levels: Readonly<Record<string, number>> = pino.levels.values;
const numberOf = (level: string): number => levels[level] ?? 0;

/** One text per millisecond: at full load fifty lines share it. */
function createClock(): () => string {
  let last = 0;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/** The process's log. Every line says which service, environment, version, and commit wrote it. */
export function createLog({ environment, level = "info", descriptor = 1 }: LogOptions): Log {
  const writer = createLineWriter(descriptor);
  const clock = createClock();
  const mask = maskOf(secretsOf(environment));
  const base = {
    service: environment.OTEL_SERVICE_NAME,
    environment: environment.ENVIRONMENT,
    version: environment.VERSION,
    commit: environment.COMMIT,
  };
  let threshold = numberOf(level);
  const safe = (value: unknown): unknown => safeValue(value, mask);

  const root = pino(
    {
      // Children keep the level that they were made with, so the threshold is asked per line instead.
      level: "debug",
      messageKey: "message",
      base,
      timestamp: clock,
      // What the hook has made safe is written as it is; pino's own serializer of `err` would join its causes' stacks.
      serializers: { err: (safeError: unknown) => safeError },
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(inputs, method, number) {
          if (number < threshold) return;
          const [first, ...rest]: unknown[] = inputs;
          const texts = rest.map(safe);
          const given = first instanceof Error ? inputsOf(safeError(first, mask), texts) : [safe(first), ...texts];
          Reflect.apply(method, this, given);
          if (number >= numberOf("error")) writer.flush();
        },
      },
    },
    { write: writer.write },
  );
  const child = Reflect.get(root, "child") as unknown as MakeChild;
  // Bindings become text when a child is made, past the hook.
  Object.defineProperty(root, "child", {
    value(this: PinoLogger, bindings: unknown, options: unknown) {
      return Reflect.apply(child, this, [safe(bindings), options]);
    },
  });

  const prefix = Object.entries(base)
    .map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join("");

  return {
    logger: root,
    request(facts) {
      const of = levelOf(facts.status);
      if (numberOf(of) < threshold) return;
      writer.write(`{"level":"${of}"${clock()}${prefix}${requestFields(facts)},"message":"request"}\n`);
    },
    follow(source) {
      const take = ({ logLevel }: RuntimeConfig): void => {
        threshold = numberOf(logLevel);
      };
      take(source.current);
      return source.onChange(take);
    },
    flush: writer.flush,
    close: writer.close,
  };
}

type MakeChild = (this: PinoLogger, ...inputs: unknown[]) => PinoLogger;

/** As pino would: an error alone is told by its message as well. */
const inputsOf = (error: SafeError, rest: readonly unknown[]): unknown[] => [
  { error },
  ...(rest.length > 0 ? rest : [error.message]),
];
