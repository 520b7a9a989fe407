import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import type { DependencyName } from "../src/dependencies/dependency.ts";
import { serviceLevel } from "../src/health/service-levels.ts";
import { eventually } from "./eventually.ts";
import { type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";
import { createPlace, type Place } from "./place.ts";
import { type RunningApi, startApi } from "./running-api.ts";

/** A database with the proxy in front of it. */
interface Faulty {
  readonly database: RunningDatabase;
  readonly proxy: FaultyProxy;
}

/** What goes wrong, and how it ends. */
const faults: Readonly<
  Record<string, { readonly begin: (faulty: Faulty) => unknown; readonly end: (faulty: Faulty) => unknown }>
> = {
  killed: { begin: ({ database }) => database.kill(), end: ({ database }) => database.restart() },
  stalled: { begin: ({ database }) => database.pause(), end: ({ database }) => database.resume() },
  "slow beyond all deadlines": {
    begin: ({ proxy }) => proxy.become("slow", 2_500),
    end: ({ proxy }) => proxy.become("clean"),
  },
  "half-open": { begin: ({ proxy }) => proxy.become("half-open"), end: ({ proxy }) => proxy.become("clean") },
  "resetting its connections": {
    begin: ({ proxy }) => proxy.become("reset"),
    end: ({ proxy }) => proxy.become("clean"),
  },
};

/** The classes' own deadlines, and what a busy machine adds. */
const longestMs = { GET: 3_000 + 2_000, DELETE: 5_000 + 2_000, POST: 5_000 + 2_000 } as const;

interface Readiness {
  readonly status: string;
  readonly works: readonly string[];
  readonly lost: readonly string[];
}

interface Setting {
  readonly mongodb: Faulty;
  readonly redis: Faulty;
  readonly place: Place;
  readonly api: RunningApi;
  close(): Promise<void>;
}

async function faulty(start: () => Promise<RunningDatabase>): Promise<Faulty> {
  const database = await start();
  return { database, proxy: await startFaultyProxy(database.port) };
}

async function startSetting(): Promise<Setting> {
  const [mongodb, redis] = await Promise.all([faulty(startMongo), faulty(startRedis)]);
  const place = await createPlace({
    mongo: { url: `mongodb://127.0.0.1:${mongodb.proxy.port}` },
    redis: { url: `redis://127.0.0.1:${redis.proxy.port}` },
  });
  const api = await startApi(place);
  return {
    mongodb,
    redis,
    place,
    api,
    async close() {
      await api.stop();
      await Promise.all(
        [mongodb, redis].map(async ({ database, proxy }) => {
          await proxy.close();
          await database.stop();
        }),
      );
      await place.remove();
    },
  };
}

const written = (userId: string) => ({ method: "POST", body: { userId, practiceData: { a: 1 } } }) as const;

/** The status of an answer, which comes within the deadline of its class. */
async function statusOf(
  api: RunningApi,
  userId: string,
  path: string,
  asked: { method?: "POST" | "DELETE"; body?: unknown } = {},
) {
  const started = performance.now();
  const answer = await api.ask(path, { ...asked, as: userId });
  await answer.arrayBuffer();
  const took = performance.now() - started;
  assert.ok(took < longestMs[asked.method ?? "GET"], `${asked.method ?? "GET"} ${path} took ${took} ms`);
  return answer.status;
}

const readiness = async (api: RunningApi): Promise<Readiness> => {
  const answer = await api.ask("/health/ready");
  assert.equal(answer.status, 200);
  return (await answer.json()) as Readiness;
};

/** One of each, of users who have a map that was read, and of others. */
const round = async (api: RunningApi, known: string, unknown: string) => {
  const [read, readOther, write, remove, flags, heartbeat, live] = await Promise.all([
    statusOf(api, known, `/map/${known}`),
    statusOf(api, unknown, `/map/${unknown}`),
    statusOf(api, known, "/map", written(known)),
    statusOf(api, unknown, `/map/${unknown}`, { method: "DELETE" }),
    statusOf(api, known, "/flags"),
    statusOf(api, known, "/heartbeat"),
    statusOf(api, known, "/health/live"),
  ]);
  return { read, readOther, write, remove, flags, heartbeat, live };
};

/** Between two rounds, so that ten servers in one process keep up. */
const pause = (): Promise<undefined> => sleep(300, undefined);

const isNoted = { flags: 200, heartbeat: 200, live: 200 } as const;
const allWell = { read: 200, readOther: 404, write: 200, remove: 204, ...isNoted } as const;
/** Without MongoDB what is cached can be read; without Redis everything works. */
const expected = {
  mongodb: { read: 200, readOther: 503, write: 503, remove: 503, ...isNoted },
  redis: allWell,
} as const;

async function scenario(setting: Setting, name: DependencyName, fault: keyof typeof faults): Promise<void> {
  const { [name]: target, api } = setting;
  const { begin, end } = faults[fault] ?? assert.fail(fault);
  /** Asks until the answers and the readiness are these; any other answer on the way must be one of the allowed. */
  const until = (what: string, answers: Readonly<Record<string, number>>, level: Readiness) =>
    eventually(`${name} ${fault}: ${what}`, async () => {
      const found = await round(api, "ann", `bob-${Math.random()}`);
      const { read, readOther, write, remove, ...others } = found;
      for (const status of [read, readOther, write, remove])
        assert.ok([200, 204, 404, 503].includes(status), `${status}`);
      assert.deepEqual(others, isNoted);
      const isSo = isDeepStrictEqual(found, answers) && isDeepStrictEqual(await readiness(api), level);
      return isSo ? true : pause();
    });
  try {
    await begin(target);
    const states = { mongodb: "up", redis: "up", [name]: "down" } as const;
    await until("degraded", expected[name], { status: "degraded", ...serviceLevel(states) });
    await end(target);
    await until("ready again", allWell, { status: "ready", ...serviceLevel({ mongodb: "up", redis: "up" }) });
    const outages = api
      .lines()
      .filter(({ message }) => message.startsWith(`${name} `))
      .map(({ message }) => message);
    assert.equal(outages[0], `${name} does not answer`);
    assert.equal(outages.at(-1), `${name} answers again`);
    // Once each, however many calls have failed; a busy machine may see more than one outage.
    assert.ok(outages.length <= 6, outages.join());
    const unexpected = api.lines().filter(({ level }) => level === "error" || level === "fatal");
    assert.deepEqual(unexpected, []);
  } finally {
    await end(target);
  }
}

describe("while a database is at fault", () => {
  const names = ["mongodb", "redis"] as const;
  const all = names.flatMap((name) => Object.keys(faults).map((fault) => ({ name, fault })));
  let outcomes: ReadonlyMap<string, Promise<PromiseSettledResult<void>>>;

  const settings: Setting[] = [];
  after(() => Promise.all(settings.map((setting) => setting.close())));

  before(async () => {
    // One after the other: all at once keep the event loop so busy that requests are shed.
    for (const { fault } of all) {
      const setting = await startSetting();
      settings.push(setting);
      const { api } = setting;
      assert.equal(await statusOf(api, "ann", "/map", written("ann")), 200, fault);
      assert.deepEqual(await round(api, "ann", "bob"), allWell);
      assert.equal((await readiness(api)).status, "ready");
    }
    // They mostly wait, so that they wait together.
    outcomes = new Map(
      settings.map((setting, i) => {
        const { name = "redis", fault = "" } = all[i] ?? {};
        const outcome = Promise.allSettled([scenario(setting, name, fault)]).then(([result]) => result);
        return [`${name} ${fault}`, outcome];
      }),
    );
  });

  for (const { name, fault } of all) {
    it(`answers in time, says what is lost, and recovers by itself: ${name} ${fault}`, async () => {
      const outcome = await outcomes.get(`${name} ${fault}`);
      if (outcome?.status === "rejected") throw outcome.reason;
    });
  }
});
