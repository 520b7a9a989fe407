import type { Request } from "autocannon";
import { Agent, request as ask } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { latencies, type Loaded } from "./latencies.ts";

export interface SteadyOptions {
  readonly url: string;
  readonly perSecond: number;
  /** One after the other, and again from the first. */
  readonly requests: readonly Request[];
  readonly until: { readonly stopped: AbortSignal } | { readonly seconds: number };
}

const tickMilliseconds = 10;
const timeoutMilliseconds = 10_000;

/**
 * So many requests a second, whether they are answered or not, and one verdict for each: autocannon opens a closed
 * connection again without saying that a request was lost with it.
 */
export async function steadyLoad({ url, perSecond, requests, until }: SteadyOptions): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true });
  const measured = latencies();
  const begun = performance.now();
  const running = new Set<Promise<void>>();
  let sent = 0;
  const isOver = (): boolean =>
    "seconds" in until ? performance.now() - begun >= until.seconds * 1_000 : until.stopped.aborted;
  while (!isOver()) {
    const due = ((performance.now() - begun) / 1_000) * perSecond;
    for (; sent < due; sent++) {
      const request = requests[sent % requests.length];
      if (request === undefined) throw new Error("there is nothing to ask for");
      const one = askOnce(url, request, agent)
        .then(measured.record)
        .finally(() => running.delete(one));
      running.add(one);
    }
    await sleep(tickMilliseconds);
  }
  await Promise.all(running);
  agent.destroy();
  return measured.loaded((performance.now() - begun) / 1_000);
}

export interface InTurnOptions {
  readonly url: string;
  readonly requests: readonly Request[];
  /** So many ask at the same time, each once its last request was answered. */
  readonly atATime: number;
  readonly seconds: number;
}

/** As many requests as are answered in that time. */
export async function askInTurn({ url, requests, atATime, seconds }: InTurnOptions): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true });
  const measured = latencies();
  const begun = performance.now();
  let sent = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1_000) {
      const request = requests[sent++ % requests.length];
      if (request === undefined) throw new Error("there is nothing to ask for");
      measured.record(await askOnce(url, request, agent));
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  agent.destroy();
  return measured.loaded((performance.now() - begun) / 1_000);
}

/** Undefined where there was no answer. */
function askOnce(url: string, { method, path, headers, body }: Request, agent: Agent) {
  const begun = performance.now();
  return new Promise<{ readonly status: number | undefined; readonly milliseconds: number }>((resolve) => {
    const end = (status: number | undefined): void => resolve({ status, milliseconds: performance.now() - begun });
    const asked = ask(url + (path ?? "/"), { method, headers, agent, timeout: timeoutMilliseconds }, (answer) => {
      answer.on("end", () => end(answer.statusCode));
      answer.on("error", () => end(undefined));
      answer.resume();
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => end(undefined));
    asked.end(body);
  });
}
