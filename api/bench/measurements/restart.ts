import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { contract } from "../../src/environment.ts";
import { type Balancer, startBalancer } from "../balancer.ts";
import { failureRows } from "./failure-rows.ts";
import { startMix } from "../mix.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import { steadyLoad } from "../steady.ts";
import type { ServerProcess } from "../server-process.ts";
import type { Surroundings } from "../surroundings.ts";

/** Two checks, as infra/service/ingress.ts has it for a task that comes; one that goes must be out while it drains. */
const threshold = 2;
/** Between two steps, so that each is seen under load. */
const pauseMilliseconds = 2_000;

/** Each of two instances is restarted under load, one after the other, behind a load balancer. */
export async function restart(surroundings: Surroundings, plan: Plan): Promise<readonly Row[]> {
  const { drainSeconds, checkSeconds } = plan.restart;
  const mix = await startMix(surroundings, plan.mix);
  const start = (port?: number): Promise<ServerProcess> =>
    surroundings.startApi({
      program: join(import.meta.dirname, "../servers/api-with-drain.ts"),
      env: { BENCH_DRAIN_SECONDS: String(drainSeconds) },
      ...(port !== undefined && { port }),
    });
  const instances = [await start(), await start()];
  const balancer = await startBalancer({
    targets: instances.map(({ port }) => port),
    checkPath: contract.paths.ready,
    checkSeconds,
    threshold,
  });
  const enough = new AbortController();
  const loading = steadyLoad({
    url: balancer.url,
    perSecond: mix.perSecond,
    requests: mix.requests,
    until: { stopped: enough.signal },
  });
  const exits: (number | string)[] = [];
  const stopSeconds: number[] = [];
  try {
    for (const [index, instance] of instances.entries()) {
      await sleep(pauseMilliseconds);
      const begun = performance.now();
      exits.push(await instance.stop());
      stopSeconds.push((performance.now() - begun) / 1_000);
      instances[index] = await start(instance.port);
      await untilHealthy(balancer, instance.port);
    }
    await sleep(pauseMilliseconds);
  } finally {
    enough.abort();
    await loading.catch(() => undefined);
    await balancer.close();
    await Promise.all(instances.map((instance) => instance.stop()));
  }
  const loaded = await loading;
  return [
    ...failureRows("restart of each instance under load: failed requests", [loaded], mix.expected),
    {
      what: "  exits with another code than 0",
      value: exits.filter((code) => code !== 0).length,
      unit: "count",
      limit: { atMost: 0 },
    },
    {
      what: "  longest from SIGTERM to the exit",
      value: Math.max(...stopSeconds),
      unit: "seconds",
      limit: { atMost: contract.stopTimeoutSeconds },
    },
    { what: "  asked for", value: mix.perSecond, unit: "perSecond" },
    { what: "  requests", value: loaded.requests, unit: "count" },
    { what: "  p99", value: loaded.p99, unit: "milliseconds" },
  ];
}

async function untilHealthy(balancer: Balancer, port: number): Promise<void> {
  while (!balancer.isHealthy(port)) await sleep(50);
}
