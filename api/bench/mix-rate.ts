import type { Request } from "autocannon";
import { contract } from "../src/environment.ts";
import { startBalancer } from "./balancer.ts";
import { askInTurn } from "./steady.ts";
import type { Surroundings } from "./surroundings.ts";

const atATime = 64;
const warmSeconds = 6;
const seconds = 4;
const measured = new WeakMap<Surroundings, Promise<number>>();

/**
 * Requests a second that one instance behind the balancer answers where each waits for the one before: what this machine
 * holds of the load, the balancer, and the databases, which share a core. Measured once for each surroundings.
 */
export function mostPerSecond(
  surroundings: Surroundings,
  requestsOf: () => Promise<readonly Request[]>,
): Promise<number> {
  const known = measured.get(surroundings) ?? measure(surroundings, requestsOf);
  measured.set(surroundings, known);
  return known;
}

async function measure(surroundings: Surroundings, requestsOf: () => Promise<readonly Request[]>): Promise<number> {
  const requests = await requestsOf();
  const api = await surroundings.startApi();
  const balancer = await startBalancer({
    targets: [api.port],
    checkPath: contract.paths.ready,
    checkSeconds: seconds,
    threshold: 2,
  });
  try {
    await askInTurn({ url: balancer.url, requests, atATime, seconds: warmSeconds });
    return (await askInTurn({ url: balancer.url, requests, atATime, seconds })).perSecond;
  } finally {
    await balancer.close();
    await api.stop();
  }
}
