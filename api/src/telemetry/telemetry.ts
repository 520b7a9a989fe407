import type { Environment } from "../environment.ts";
import type { RequestTelemetry, RuntimeConfigSource } from "../http/services.ts";
import { createErrors, type Errors, type FailureFacts } from "./errors.ts";
import type { Logger } from "./log.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import type { Tracing } from "./tracing.ts";

/** What the process tells of its work beside its log. */
export interface Telemetry extends RequestTelemetry {
  unexpected(error: unknown, facts: FailureFacts): void;
  readonly metrics: Metrics;
  /** Sends what waits, for at most so many milliseconds. Never rejects. */
  shutdown(deadlineMs?: number): Promise<void>;
}

export interface TelemetryOptions {
  readonly environment: Environment;
  readonly log: Pick<Logger, "info" | "warn">;
  /** `traceSampleRatio` is asked for each request. */
  readonly config: RuntimeConfigSource;
  /** Default: Sentry where SENTRY_DSN is set. */
  readonly errors?: Errors;
  /** Milliseconds between two exports of spans and of metrics. Default: 2 and 10 seconds. */
  readonly intervalsMs?: { readonly spans: number; readonly metrics: number };
}

const shutdownMs = 2_000;

/** Traces and metrics by OTLP to the agent, errors to Sentry; what has no address is not loaded. */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { environment, log, config, intervalsMs } = options;
  const endpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  const errors = options.errors ?? (await createErrors({ environment }));
  const agent = endpoint === undefined ? undefined : await connect(endpoint);
  const tracing: Tracing | undefined = agent?.tracing;
  const metrics = agent?.metrics ?? noMetrics;

  async function connect(url: string) {
    // 150 ms and 20 MB, which a developer's machine does not spend.
    const { connectAgent } = await import("./agent.ts");
    return connectAgent({ url, environment, log, ratio: () => config.current.traceSampleRatio, intervalsMs });
  }

  return {
    metrics,
    begin: (contract, headers) => tracing?.begin(contract, headers),
    end(span, contract, status, durationMs) {
      if (span !== undefined) tracing?.end(span, status);
      metrics.request(contract, status, durationMs);
    },
    unexpected(error, facts) {
      errors.unexpected(error, facts);
    },
    async shutdown(deadlineMs = shutdownMs) {
      const closed = Promise.allSettled([tracing?.shutdown(), metrics.shutdown(), errors.close(deadlineMs)]);
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise((resolve) => {
        timer = setTimeout(resolve, deadlineMs);
      });
      await Promise.race([closed, deadline]);
      clearTimeout(timer);
    },
  };
}
