import type { Request } from "autocannon";
import { failedOf } from "./latencies.ts";
import { load } from "./load.ts";
import { median } from "./numbers.ts";
import type { ServerProcess } from "./server-process.ts";

export interface Contender {
  readonly name: string;
  readonly server: ServerProcess;
  readonly requestsOf: (connection: number) => Request[];
}

/** How a server stands in the middle of its rounds. */
export interface Standing {
  readonly name: string;
  readonly perSecond: number;
  /** Of the server's processor, for one request. */
  readonly cpuMicroseconds: number;
  /** Requests per second, against the first contender's of the same round. */
  readonly ratio: number;
  /** Requests per second of processor time, against the first contender's of the same round. */
  readonly cpuRatio: number;
}

export interface Rounds {
  readonly rounds: number;
  /** Of each server in each round. */
  readonly seconds: number;
  readonly connections: number;
  /** Of each server before the first round: V8 compiles by how often code has run, and a slow machine takes longer. */
  readonly warmRequests: number;
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

/**
 * The servers take turns, each round in another order, and are compared within a round, so that what else the machine
 * does hits all of them. Before them each compiles what it runs, and may refuse what is more than it can do. Throws
 * where an answer in a round is not 200.
 */
export async function compare(contenders: readonly Contender[], rounds: Rounds): Promise<readonly Standing[]> {
  const measured: Measured[][] = contenders.map(() => []);
  const { connections, warmRequests } = rounds;
  for (const { server, requestsOf } of contenders)
    await load({ url: server.url, connections, until: { requests: warmRequests }, requestsOf });
  for (let round = 0; round < rounds.rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined) continue;
      measured[index]?.push(await measure(contender, rounds));
    }
  const [baseline = []] = measured;
  return contenders.map(({ name }, index) => {
    const own = measured[index] ?? [];
    const ratios = (of: (own: Measured, base: Measured) => number): number =>
      median(own.flatMap((each, round) => (baseline[round] === undefined ? [] : [of(each, baseline[round])])));
    return {
      name,
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      cpuMicroseconds: median(own.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      ratio: ratios((each, base) => each.perSecond / base.perSecond),
      cpuRatio: ratios((each, base) => base.cpuMicroseconds / each.cpuMicroseconds),
    };
  });
}

async function measure(contender: Contender, { seconds, connections }: Rounds): Promise<Measured> {
  const { server, requestsOf, name } = contender;
  const before = await server.usage();
  const loaded = await load({ url: server.url, connections, until: { seconds }, requestsOf });
  const after = await server.usage();
  const failed = failedOf(loaded, [200]);
  if (failed > 0)
    throw new Error(`${name}: ${failed} requests failed; answers by status ${JSON.stringify([...loaded.statuses])}`);
  return {
    perSecond: loaded.perSecond,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / loaded.requests,
  };
}
