import { type Tracer, trace } from "@opentelemetry/api";
import type { Logger } from "../telemetry/log.ts";
import { type BreakerOptions, defaultBreaker } from "./breaker.ts";
import { beforeDeadline } from "./deadline.ts";
import type { Dependency, DependencyName, DependencyUsage, OnCall } from "./dependency.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import { createProbe, defaultProbe, type ProbeTimes } from "./probe.ts";
import { createSpans, type Place } from "./spans.ts";

/** What every dependency may be told. */
export interface DependencyOptions {
  readonly log: Pick<Logger, "info" | "warn">;
  readonly onCall?: OnCall;
  /** Of a call that names none, in milliseconds. */
  readonly deadlineMs?: number;
  readonly breaker?: Partial<BreakerOptions>;
  readonly probe?: Partial<ProbeTimes>;
  /** How long `warm` may take, in milliseconds. */
  readonly warmMs?: number;
  /** Default: that of the process. */
  readonly tracer?: Tracer;
}

/** What one driver adds. */
export interface Driver<Client> {
  readonly name: DependencyName;
  /** The one of now: a driver that is beyond help is replaced. */
  readonly client: () => Client;
  readonly place: Place;
  readonly deadlineMs: number;
  readonly capacity: number;
  /** Whether a call can be abandoned before its deadline. */
  readonly abortable: boolean;
  readonly reasonOf: GuardOptions["reasonOf"];
  readonly ping: (signal: AbortSignal) => Promise<unknown>;
  /** Resolves once its connections stand. */
  readonly open: () => Promise<unknown>;
  readonly connections: () => Pick<DependencyUsage, "connections" | "waiting">;
  readonly close: () => Promise<void>;
}

const defaultWarmMs = 5_000;

export function guarded<Client>(driver: Driver<Client>, options: DependencyOptions): Dependency<Client> {
  const { name, client, capacity, reasonOf } = driver;
  const guard = createGuard({
    name,
    deadlineMs: options.deadlineMs ?? driver.deadlineMs,
    capacity,
    breaker: { ...defaultBreaker, ...options.breaker },
    reasonOf,
    abortable: driver.abortable,
    spans: createSpans(name, driver.place, options.tracer ?? trace.getTracer("groundwork.dependencies")),
    log: options.log,
    onCall: options.onCall,
  });
  const probe = createProbe({
    ...defaultProbe,
    ...options.probe,
    name,
    ask: driver.ping,
    reasonOf,
    onAnswer: () => guard.answered(),
    onFailure: (reason) => guard.failed(reason),
  });
  return {
    name,
    call: (context, call, work) => guard.call(context, call, (signal, maxTimeMs) => work(client(), signal, maxTimeMs)),
    report: () => ({ state: guard.state, latencyMs: probe.latencyMs }),
    usage: () => ({ inFlight: guard.inFlight, capacity, ...driver.connections() }),
    async warm() {
      const milliseconds = options.warmMs ?? defaultWarmMs;
      // The probe below says what is wrong.
      await beforeDeadline({ name, milliseconds, reasonOf }, driver.open).catch(() => undefined);
      await probe.ask();
    },
    async close() {
      probe.close();
      await driver.close();
    },
  };
}
