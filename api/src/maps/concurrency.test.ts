import assert from "node:assert/strict";
import { type Answered, type MapsApp, startMapsApp } from "../../local/maps-app.ts";
import { type RunningDatabase, startMongo, startRedis } from "../../local/databases.ts";
import { keyOf } from "./idempotency-key.ts";

interface Data {
  readonly practiceData: Readonly<Record<string, unknown>>;
  readonly version: number;
}

const dataOf = ({ body, text, status }: Answered): Data => {
  assert.equal(status, 200, text);
  return (body as { readonly data: Data }).data;
};
const typeOf = ({ body }: Answered): unknown => (body as { readonly type?: unknown }).type;
const times = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("maps: two tasks", () => {
  let servers: readonly [RunningDatabase, RunningDatabase];
  let tasks: readonly [MapsApp, MapsApp];
  let forgetful: MapsApp;
  let users = 0;
  let user = "";
  before(async () => {
    servers = await Promise.all([startMongo(), startRedis()]);
    const [{ url: mongoUrl }, { url: redisUrl }] = servers;
    const start = (markMs?: number) => startMapsApp({ mongoUrl, redisUrl, ...(markMs !== undefined && { markMs }) });
    tasks = await Promise.all([start(), start()]);
    // Its marks are gone before anything is done.
    forgetful = await start(1);
  });
  after(async () => {
    await Promise.all([...tasks, forgetful].map((task) => task.close()));
    await Promise.all(servers.map((server) => server.stop()));
  });
  beforeEach(() => {
    users += 1;
    user = `user-${users}`;
  });

  const taskOf = (index: number): MapsApp => tasks[index % 2 === 0 ? 0 : 1];
  const post = (task: MapsApp, practiceData: unknown, headers: Readonly<Record<string, string>> = {}) =>
    task.ask("POST", "/map", { body: { userId: user, practiceData }, headers, as: user });
  const read = async (task: MapsApp): Promise<Data> => dataOf(await task.ask("GET", `/map/${user}`, { as: user }));

  it("loses no update of 20 concurrent writers", async () => {
    const written = await Promise.all(times(20, (index) => post(taskOf(index), { [`n${index}`]: index })));
    const versions = written.map((answered) => dataOf(answered).version).sort((one, other) => one - other);
    assert.deepEqual(
      versions,
      times(20, (index) => index + 1),
    );
    for (const task of tasks) {
      const { practiceData, version } = await read(task);
      assert.equal(version, 20);
      assert.deepEqual(Object.keys(practiceData).length, 20);
    }
  });

  it("lets one of 20 conditional writers through", async () => {
    await post(tasks[0], { a: 0 });
    const written = await Promise.all(times(20, (index) => post(taskOf(index), { a: index }, { "If-Match": '"1"' })));
    assert.equal(written.filter(({ status }) => status === 200).length, 1);
    assert.equal(written.filter(({ status }) => status === 412).length, 19);
  });

  it("reads in one task what was written in another", async () => {
    for (const index of times(10, (number) => number)) {
      const { version } = dataOf(await post(taskOf(index), { a: index }));
      assert.equal((await read(taskOf(index + 1))).version, version);
    }
  });

  it("lets 1,000 repeats of a key have one effect", async () => {
    const headers = { "Idempotency-Key": "one" };
    const bodies = new Set<string>();
    for (const round of times(20, (index) => index)) {
      const answers = await Promise.all(times(50, (index) => post(taskOf(index), { a: 1, b: [round * 0] }, headers)));
      for (const answered of answers) {
        if (answered.status === 409) assert.equal(answered.headers.get("retry-after"), "1");
        else bodies.add(answered.text);
      }
    }
    assert.equal(bodies.size, 1);
    assert.equal((await read(tasks[0])).version, 1);
  });

  it("lets repeats have one effect though their marks have expired", async () => {
    const headers = { "Idempotency-Key": "one" };
    const answers = await Promise.all(
      times(30, (index) => post(index % 2 === 0 ? forgetful : tasks[0], { a: 1 }, headers)),
    );
    assert.equal(
      answers.filter((one) => one.headers.get("idempotency-replayed") === null && one.status === 200).length,
      1,
    );
    assert.equal((await read(tasks[0])).version, 1);
  });

  it("refuses a key in flight, and another request with it", async () => {
    const { id, fingerprint } = keyOf("k", { callerId: user, userId: user, patch: { a: 1 }, ifMatch: undefined });
    const mark = (value: string) =>
      tasks[0].redis.call(background(), { operation: "set" }, (client) =>
        client.set(`test:maps:mark:${user}:${id}`, value, { PX: 60_000 }),
      );
    const headers = { "Idempotency-Key": "k" };
    await mark(`somebody ${fingerprint}`);
    const inFlight = await post(tasks[1], { a: 1 }, headers);
    assert.equal(typeOf(inFlight), "/problems/key-in-flight");
    assert.equal(inFlight.headers.get("retry-after"), "1");
    assert.equal(typeOf(await post(tasks[1], { a: 2 }, headers)), "/problems/key-reused");
    await tasks[0].redis.call(background(), { operation: "del" }, (client) =>
      client.del(`test:maps:mark:${user}:${id}`),
    );
    assert.equal(dataOf(await post(tasks[1], { a: 1 }, headers)).version, 1);
    // As if a process had died between its effect and the end of its mark.
    await mark(`somebody ${fingerprint}`);
    const replayed = await post(tasks[0], { a: 1 }, headers);
    assert.equal(replayed.headers.get("idempotency-replayed"), "true");
    assert.equal(dataOf(replayed).version, 1);
    assert.equal((await read(tasks[0])).version, 1);
  });

  it("gives the cache by a repeat what the first request could not", async () => {
    const headers = { "Idempotency-Key": "k" };
    await post(tasks[0], { a: 1 }, headers);
    const absent = `a 0 ${Date.now()} ${Date.now() + 30_000}\n`;
    await tasks[0].redis.call(background(), { operation: "set" }, (client) =>
      client.set(`test:maps:entry:${user}`, absent),
    );
    assert.equal((await tasks[1].ask("GET", `/map/${user}`, { as: user })).status, 404);
    assert.equal(dataOf(await post(tasks[1], { a: 1 }, headers)).version, 1);
    assert.equal((await read(tasks[1])).version, 1);
  });

  it("leaves no mark behind", async () => {
    await post(tasks[0], { a: 1 }, { "Idempotency-Key": "k" });
    await post(tasks[0], { a: 1 }, { "Idempotency-Key": "l", "If-Match": '"7"' });
    const keys = await tasks[0].redis.call(background(), { operation: "keys" }, (client) =>
      client.keys(`test:maps:mark:${user}:*`),
    );
    assert.deepEqual(keys, []);
  });
});

const background = () => ({ signal: new AbortController().signal, span: undefined });
