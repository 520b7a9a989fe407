import { monitorEventLoopDelay, performance } from "node:perf_hooks";

/** How late the event loop was since the last reading; seconds, and a part from 0 to 1. */
export interface EventLoopReading {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly utilization: number;
}

export interface EventLoopMonitor {
  /** Begins anew with each call. */
  read(): EventLoopReading;
  close(): void;
}

const resolutionMs = 20;
const nanosecondsPerSecond = 1e9;

export function createEventLoopMonitor(): EventLoopMonitor {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let before = performance.eventLoopUtilization();
  /** Node measures the time between two timers, which is the resolution where nothing is late. */
  const late = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds - resolutionMs * 1e6) / nanosecondsPerSecond : 0;
  return {
    read() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      const reading = {
        p50: late(delay.percentile(50)),
        p99: late(delay.percentile(99)),
        max: late(delay.max),
        utilization: Number.isFinite(utilization) ? utilization : 0,
      };
      delay.reset();
      return reading;
    },
    close() {
      delay.disable();
    },
  };
}
