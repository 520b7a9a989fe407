import assert from "node:assert/strict";
import { type Answered, type Asked, type MapsApp, startMapsApp } from "../../local/maps-app.ts";
import { type RunningDatabase, startMongo, startRedis } from "../../local/databases.ts";

interface Data {
  readonly userId: string;
  readonly practiceData: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly updatedAt: string;
}

const dataOf = ({ body, text, status }: Answered): Data => {
  assert.equal(status, 200, text);
  return (body as { readonly data: Data }).data;
};
const kindOf = ({ body }: Answered): unknown => (body as { readonly type: unknown }).type;
const pointersOf = ({ body }: Answered): unknown =>
  (body as { readonly errors: readonly { readonly pointer: string }[] }).errors.map(({ pointer }) => pointer);

describe("maps: routes", () => {
  let servers: readonly [RunningDatabase, RunningDatabase];
  let app: MapsApp;
  let clock = 0;
  let users = 0;
  let user = "";
  before(async () => {
    servers = await Promise.all([startMongo(), startRedis()]);
    const [{ url: mongoUrl }, { url: redisUrl }] = servers;
    app = await startMapsApp({ mongoUrl, redisUrl, now: () => Date.now() + clock });
  });
  after(async () => {
    await app.close();
    await Promise.all(servers.map((server) => server.stop()));
  });
  beforeEach(() => {
    users += 1;
    user = `user-${users}`;
    clock = 0;
    app.lookups.length = 0;
  });
  afterEach(() => {
    assert.deepEqual(app.redisErrors, []);
  });

  const post = (practiceData: unknown, headers: Readonly<Record<string, string>> = {}, as = user) =>
    app.ask("POST", "/map", { body: { userId: user, practiceData }, headers, as });
  const get = (asked: Asked = {}) => app.ask("GET", `/map/${user}`, { as: user, ...asked });
  const remove = (asked: Asked = {}) => app.ask("DELETE", `/map/${user}`, { as: user, ...asked });

  describe("POST /map", () => {
    it("makes the map, merges entries, and removes what is null", async () => {
      const first = await post({ scales: { level: 1, deep: { a: null } }, chords: [1, "two", 2.5, true] });
      assert.equal(first.headers.get("etag"), '"1"');
      assert.equal(first.headers.get("idempotency-replayed"), null);
      const { updatedAt, ...data } = dataOf(first);
      assert.ok(Math.abs(Date.parse(updatedAt) - Date.now()) < 60_000);
      assert.deepEqual(data, {
        userId: user,
        practiceData: { scales: { level: 1, deep: { a: null } }, chords: [1, "two", 2.5, true] },
        version: 1,
      });
      const second = dataOf(await post({ scales: { level: 2 }, chords: null, absent: null, "sight reading": 0 }));
      assert.deepEqual(second.practiceData, { scales: { level: 2 }, "sight reading": 0 });
      assert.equal(second.version, 2);
    });

    it("writes where If-Match names the version, and nowhere else", async () => {
      for (const ifMatch of ["*", '"1"']) {
        const none = await post({ a: 1 }, { "If-Match": ifMatch });
        assert.equal(none.status, 412);
        assert.equal(none.headers.get("etag"), null);
      }
      await post({ a: 1 });
      for (const ifMatch of ['"2"', 'W/"1"', '"other"', '"01"', '"1.0"', '"11"']) {
        const refused = await post({ a: 2 }, { "If-Match": ifMatch });
        assert.equal(kindOf(refused), "/problems/version-mismatch", ifMatch);
        assert.equal(refused.headers.get("etag"), '"1"');
      }
      assert.equal(dataOf(await post({ a: 2 }, { "If-Match": '"1"' })).version, 2);
      assert.equal(dataOf(await post({ a: 3 }, { "If-Match": 'W/"2", "7" , "2"' })).version, 3);
      assert.equal(dataOf(await post({ a: 4 }, { "If-Match": "*" })).version, 4);
    });

    it("names each wrong part by its pointer, and stores nothing", async () => {
      const wrong: readonly (readonly [string, readonly string[]])[] = [
        ["[]", [""]],
        ['{"practiceData":{}}', ["/userId"]],
        [`{"userId":"${user}"}`, ["/practiceData"]],
        [`{"userId":"${user}","practiceData":[]}`, ["/practiceData"]],
        [`{"userId":"${user}","practiceData":null}`, ["/practiceData"]],
        [`{"userId":"${user}","practiceData":{},"version":1}`, [""]],
        ['{"userId":{"$gt":""},"practiceData":"x"}', ["/userId", "/practiceData"]],
        ['{"userId":"../x","practiceData":{}}', ["/userId"]],
        ['{"userId":"__proto__","practiceData":{}}', ["/userId"]],
        [`{"userId":"${"u".repeat(129)}","practiceData":{}}`, ["/userId"]],
        ['{"userId":"u","practiceData":{"$set":1,"a.b":2,"":3}}', ["/$set", "/a.b", "/"]],
        ['{"userId":"u","practiceData":{"ok":{"list":[1,{"$where":"x"}]}}}', ["/ok/list/1/$where"]],
        [
          '{"userId":"u","practiceData":{"a~b/c":{"prototype":1},"x":{"_bsontype":"ObjectId"}}}',
          ["/a~0b~1c/prototype", "/x/_bsontype"],
        ],
        [
          '{"userId":"u","practiceData":{"constructor":1,"n\\u0000l":2,"\\ud800":3}}',
          ["/constructor", "/n\0l", "/\ud800"],
        ],
        [
          '{"userId":"u","practiceData":{"a":1e999,"b":-1e999,"c":9007199254740993,"d":"\\udc00","e":"\\u0000"}}',
          ["/a", "/b", "/c", "/d", "/e"],
        ],
        [`{"userId":"u","practiceData":{"${"n".repeat(129)}":1}}`, [`/${"n".repeat(129)}`]],
        [`{"userId":"u","practiceData":{"a":${"[".repeat(8)}${"]".repeat(8)}}}`, [`/a${"/0".repeat(7)}`]],
      ];
      for (const [body, pointers] of wrong) {
        const refused = await app.ask("POST", "/map", { body, as: user });
        assert.equal(refused.status, 400, refused.text);
        const expected = body.includes('"practiceData":{"') ? pointers.map((at) => `/practiceData${at}`) : pointers;
        assert.deepEqual(pointersOf(refused), expected);
      }
      for (const body of ['{"userId":"u","practiceData":{"__proto__":{"polluted":true}}}', "{", ""])
        assert.equal((await app.ask("POST", "/map", { body, as: user })).status, 400, body);
      assert.equal(({} as { readonly polluted?: unknown }).polluted, undefined);
      const headers = { "If-Match": "3", "Idempotency-Key": "no spaces" };
      assert.deepEqual(pointersOf(await post({}, headers)), ["/if-match", "/idempotency-key"]);
      assert.equal((await get()).status, 404);
    });

    it("takes what is just within the limits", async () => {
      const nested = JSON.parse(`${"[".repeat(7)}${"]".repeat(7)}`) as unknown;
      const sent = {
        ["n".repeat(128)]: nested,
        "": undefined,
        $: undefined,
        a$b: Number.MAX_SAFE_INTEGER,
        low: Number.MIN_SAFE_INTEGER,
        tiny: 5e-324,
        fraction: 0.1,
        whole: 2 ** 31,
        "ключ 🎹": "текст 🎹\n\u0001",
        toString: "own",
        toJSON: "own",
        toBSON: "own",
        hasOwnProperty: { valueOf: 1 },
        7: "after",
        length: 3,
        empty: {},
      };
      const expected = JSON.parse(JSON.stringify({ ...sent, "": undefined })) as unknown;
      assert.deepEqual(dataOf(await post(sent)).practiceData, expected);
      assert.deepEqual(dataOf(await get()).practiceData, expected);
      clock = 120_000;
      assert.deepEqual(dataOf(await get()).practiceData, expected);
      assert.deepEqual(app.lookups, ["hit", "miss"]);
    });

    it("refuses a body, a number of entries, and a map that is too large", async () => {
      const long = await post({ a: "x".repeat(65_536) });
      assert.equal(kindOf(long), "/problems/too-large");
      const many = (from: number, count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`name-${from + index}`, 1]));
      assert.equal(dataOf(await post(many(0, 999))).version, 1);
      assert.deepEqual(pointersOf(await post(many(999, 2))), ["/practiceData"]);
      assert.equal(dataOf(await post(many(999, 1))).version, 2);
      assert.equal((await remove()).status, 204);
      for (const name of ["a", "b", "c", "d"]) await post({ [name]: "x".repeat(60_000) });
      const full = await post({ e: "x".repeat(30_000) });
      assert.equal(full.status, 413);
      assert.match(full.text, /the map may have 262144 bytes/);
      assert.deepEqual(Object.keys(dataOf(await get()).practiceData), ["a", "b", "c", "d"]);
    });

    it("refuses other media types and callers", async () => {
      const typed = await app.ask("POST", "/map", { body: "a=1", headers: { "Content-Type": "text/plain" }, as: user });
      assert.equal(typed.status, 415);
      for (const asked of [
        () => post({ a: 1 }, {}, "another"),
        () => get({ as: "another" }),
        () => remove({ as: "another" }),
      ])
        assert.equal(kindOf(await asked()), "/problems/forbidden");
      for (const asked of [() => post({ a: 1 }, {}, ""), () => get({ as: "" }), () => remove({ as: "" })])
        assert.equal((await asked()).status, 401);
      assert.equal(dataOf(await post({ a: 1 }, {}, "somebody+admin")).version, 1);
      assert.equal(dataOf(await get({ as: "somebody+admin" })).version, 1);
      assert.equal((await remove({ as: "somebody+admin" })).status, 204);
    });
  });

  describe("Idempotency-Key", () => {
    it("gives the first answer again, after later writes too", async () => {
      const headers = { "Idempotency-Key": '"first"' };
      await post({ before: 1, gone: [1] });
      const first = await post({ mine: { a: 1 }, gone: null }, headers);
      assert.equal(first.headers.get("idempotency-replayed"), null);
      await post({ mine: { a: 2 }, before: null, gone: "back" });
      await post({ mine: null, other: true }, { "Idempotency-Key": "second" });
      await post({ mine: "again", other: null });
      const replayed = await post({ gone: null, mine: { a: 1 } }, { "Idempotency-Key": "first" });
      assert.equal(replayed.headers.get("idempotency-replayed"), "true");
      assert.equal(replayed.headers.get("etag"), first.headers.get("etag"));
      assert.deepEqual(replayed.body, first.body);
      const second = await post({ mine: null, other: true }, { "Idempotency-Key": "second" });
      assert.deepEqual(dataOf(second).practiceData, { gone: "back", other: true });
      assert.deepEqual(dataOf(await get()).practiceData, { gone: "back", mine: "again" });
      assert.equal(dataOf(await get()).version, 5);
    });

    it("refuses another body, If-Match, or map, but not another caller's key", async () => {
      const headers = { "Idempotency-Key": "k" };
      await post({ a: 1 }, headers);
      assert.equal(kindOf(await post({ a: 2 }, headers)), "/problems/key-reused");
      assert.equal((await post({ a: 1 }, { ...headers, "If-Match": '"1"' })).status, 422);
      const byAdmin = await post({ a: 1 }, headers, "somebody+admin");
      assert.equal(dataOf(byAdmin).version, 2);
      assert.equal(dataOf(await post({ a: 1 }, headers)).version, 1);
    });

    it("repeats a conditional request's answer, though its version is gone", async () => {
      await post({ a: 1 });
      const headers = { "Idempotency-Key": "k", "If-Match": '"1"' };
      assert.equal(dataOf(await post({ a: 2 }, headers)).version, 2);
      assert.equal(dataOf(await post({ a: 2 }, headers)).version, 2);
      assert.equal((await post({ a: 2 }, { ...headers, "Idempotency-Key": "l" })).status, 412);
    });

    it("does not remember a refusal", async () => {
      const headers = { "Idempotency-Key": "k", "If-Match": '"1"' };
      assert.equal((await post({ a: 1 }, headers)).status, 412);
      await post({ b: 1 });
      assert.equal(dataOf(await post({ a: 1 }, headers)).version, 2);
    });

    it("forgets with the map: a repeat after a removal is a new request", async () => {
      const headers = { "Idempotency-Key": "k" };
      await post({ a: 1 }, headers);
      await remove();
      const again = await post({ a: 1 }, headers);
      assert.equal(again.headers.get("idempotency-replayed"), null);
      assert.equal(dataOf(again).version, 2);
    });
  });

  describe("GET /map/{userId}", () => {
    it("answers from the cache, with its age, and by ETag", async () => {
      assert.equal(kindOf(await get()), "/problems/not-found");
      assert.equal((await get()).status, 404);
      const written = await post({ a: 1 });
      const read = await get();
      assert.equal(read.text, written.text);
      assert.equal(read.headers.get("etag"), '"1"');
      assert.equal(read.headers.get("age"), "0");
      assert.equal(read.headers.get("cache-control"), "private, no-cache");
      assert.equal(read.headers.get("content-type"), "application/json; charset=utf-8");
      for (const known of ['"1"', 'W/"1"', '"4", "1"', "*"]) {
        const unchanged = await get({ headers: { "If-None-Match": known } });
        assert.equal(unchanged.status, 304);
        assert.equal(unchanged.headers.get("etag"), '"1"');
        assert.equal(unchanged.headers.get("cache-control"), "private, no-cache");
      }
      assert.equal((await get({ headers: { "If-None-Match": '"2"' } })).status, 200);
      assert.deepEqual(pointersOf(await get({ headers: { "If-None-Match": "1" } })), ["/if-none-match"]);
      assert.deepEqual(app.lookups, ["miss", "negative", ...Array<string>(6).fill("hit")]);
      assert.equal((await app.ask("GET", "/map/%24where", { as: user })).status, 400);
    });

    it("answers what is stale while it is loaded again, and loads what is old first", async () => {
      await post({ a: 1 });
      // As if another task had written, and its Redis had failed.
      await app.mongo.call(background(), { operation: "update" }, (database) =>
        database.collection<{ readonly _id: string }>("maps").updateOne({ _id: user }, { $set: { version: 2 } }),
      );
      assert.equal(dataOf(await get()).version, 1);
      clock = 16_000;
      const stale = await get();
      assert.equal(dataOf(stale).version, 1);
      assert.equal(stale.headers.get("age"), "16");
      for (let tried = 0; dataOf(await get()).version !== 2; tried++) assert.ok(tried < 1_000);
      clock += 120_000;
      const loaded = await get();
      assert.equal(loaded.headers.get("age"), null);
      assert.equal(app.lookups[1], "stale");
      assert.equal(app.lookups.at(-1), "miss");
    });

    it("loads again what it does not understand, and what a clock that was set back left", async () => {
      await post({ a: 1 });
      const key = `test:maps:entry:${user}`;
      await app.redis.call(background(), { operation: "set" }, (client) => client.set(key, "of another release"));
      assert.equal(dataOf(await get()).version, 1);
      clock = -60_000;
      assert.equal(dataOf(await get()).version, 1);
      assert.deepEqual(app.lookups, ["miss", "miss"]);
    });
  });

  describe("DELETE /map/{userId}", () => {
    it("removes the map from everywhere, and may be repeated", async () => {
      assert.equal((await remove()).status, 204);
      await post({ a: 1 });
      await get();
      for (const ifMatch of ['"2"', 'W/"1"']) {
        const refused = await remove({ headers: { "If-Match": ifMatch } });
        assert.equal(refused.status, 412);
        assert.equal(refused.headers.get("etag"), '"1"');
      }
      assert.equal((await remove({ headers: { "If-Match": '"1"' } })).status, 204);
      assert.equal((await remove({ headers: { "If-Match": '"1"' } })).status, 204);
      assert.equal((await get()).status, 404);
      assert.equal(app.lookups.at(-1), "negative");
      const stored = await app.mongo.call(background(), { operation: "find" }, (database) =>
        database.collection<{ readonly _id: string }>("maps").findOne({ _id: user }),
      );
      assert.equal(stored, null);
      await post({ b: 1 });
      assert.equal((await remove({ headers: { "If-Match": "*" } })).status, 204);
    });

    it("lets no old ETag fit the next map", async () => {
      await post({ a: 1 });
      await post({ a: 2 });
      await remove();
      // The negative entry is loaded again, and still knows the version.
      clock = 20_000;
      assert.equal((await get()).status, 404);
      const next = await post({ b: 1 });
      assert.deepEqual([dataOf(next).version, dataOf(next).practiceData], [3, { b: 1 }]);
      assert.equal((await get({ headers: { "If-None-Match": '"1"' } })).status, 200);
    });
  });
});

const background = () => ({ signal: new AbortController().signal, span: undefined });
