import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../../../api/local/databases.ts";
import type { MapDocument } from "../../../api/src/maps/document.ts";
import { UserError } from "../../sandbox/user-error.ts";
import { mapsOf } from "../canaries.ts";
import { verdictOf } from "../report.ts";
import { atlasClient } from "./client.ts";
import { type AtlasDrillOptions, atlasRestoreDrill } from "./drill.ts";
import { atlasProject } from "./resources.ts";
import { PROJECT_ID, SOURCE, startTestAtlas, TAKEN, TEST_KEY, type TestAtlas } from "./test-atlas.ts";

const taken = new Date(TAKEN);
const earlier = new Date(taken.getTime() - 3_600_000);
const later = new Date(taken.getTime() + 3_600_000);

describe("the restore drill in Atlas", () => {
  let live: RunningDatabase;
  let temporary: RunningDatabase;
  let clients: readonly MongoClient[];
  let atlas: TestAtlas;
  let lines: string[];
  /** What of the snapshot comes back. */
  let snapshot: readonly MapDocument[];
  const maps = (client: number) => clients[client]!.db("api").collection<MapDocument>("maps");

  before(async () => {
    [live, temporary] = await Promise.all([startMongo(), startMongo()]);
    clients = [new MongoClient(live.url), new MongoClient(temporary.url)];
    await maps(0).insertMany([...mapsOf("old", 20, earlier)]);
    await maps(0).insertMany([...mapsOf("new", 3, later)]);
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([live.stop(), temporary.stop()]);
  });

  beforeEach(async () => {
    lines = [];
    snapshot = [...mapsOf("old", 20, earlier), ...mapsOf("gone-since", 5, earlier)];
    await maps(1).deleteMany({});
    atlas = await startTestAtlas({
      sourceUrl: live.url,
      targetUrl: temporary.url,
      restore: async () => {
        await maps(1).insertMany([...snapshot]);
      },
    });
  });
  afterEach(() => atlas.close());

  const run = (change: Partial<AtlasDrillOptions> = {}) =>
    atlasRestoreDrill({
      atlas: atlasProject(
        atlasClient({ key: TEST_KEY, projectId: PROJECT_ID, url: atlas.url, pauseMilliseconds: 1 }),
        PROJECT_ID,
      ),
      project: "groundwork",
      environment: "staging",
      clusterName: SOURCE,
      address: "203.0.113.7",
      say: (line) => lines.push(line),
      confirm: () => Promise.resolve(true),
      signal: new AbortController().signal,
      // What serves here knows no users; that one was made is looked at instead.
      connect: (url, { username }) => {
        assert.ok(atlas.users.has(username));
        return new MongoClient(url);
      },
      pollMilliseconds: 1,
      ...change,
    });

  /** Nothing that a drill made is there, and the live cluster is as it was. */
  const assertClean = () => {
    assert.deepEqual(
      [...atlas.clusters.values()].filter(({ state }) => state !== "DELETING").map(({ name }) => name),
      [SOURCE],
    );
    assert.deepEqual([[...atlas.users.keys()], [...atlas.accessList.keys()]], [[], []]);
    assert.ok(!atlas.requests.includes(`DELETE /clusters/${SOURCE}`));
  };

  it("restores the newest complete snapshot into a cluster of its own, compares, and removes everything", async () => {
    const report = await run();
    assert.ok(report);
    assert.deepEqual([report.canaries.expected.count, report.lost], [20, 3]);
    assert.deepEqual(report.canaries.found, report.canaries.expected);
    assert.match(report.source, /^the snapshot of 2025-12-30T03:00:12\.000Z, restored into drill-\d{8}-\d{6}$/);
    assertClean();
    const [created] = atlas.created;
    assert.deepEqual([created?.["terminationProtectionEnabled"], created?.["backupEnabled"]], [false, false]);
    // A month-old snapshot is older than the day that staging promises.
    assert.deepEqual(verdictOf({ ...report, recoveryPointSeconds: 60 }, { pointHours: 24, timeHours: 1 }).reasons, []);
    assert.ok(!verdictOf(report, { pointHours: 24, timeHours: 1 }).holds);
  });

  it("compares more documents than one question may name", async () => {
    const many = mapsOf("many", 600, earlier);
    await maps(0).insertMany([...many]);
    snapshot = [...snapshot, ...many];
    const report = await run();
    await maps(0).deleteMany({ _id: { $in: many.map(({ _id }) => _id) } });
    assert.equal(report?.canaries.found.count, 620);
    assert.deepEqual(report.canaries.found, report.canaries.expected);
  });

  it("states the cost before it makes anything, and stops at a no", async () => {
    const asked: string[] = [];
    const report = await run({
      confirm: (question) => {
        asked.push(question);
        assert.ok(
          lines.some((line) =>
            /^Costs +a temporary cluster M10 in US_EAST_1: 0\.08 USD an hour, at most 0\.16 USD$/.test(line),
          ),
        );
        return Promise.resolve(false);
      },
    });
    assert.equal(report, undefined);
    assert.match(
      asked[0] ?? "",
      /^Make drill-\d{8}-\d{6}, restore into it, and delete it after 2 hours at the latest\?$/,
    );
    assert.ok(atlas.requests.every((request) => request.startsWith("GET ")));
  });

  it("lets only the user and the address in that it needs, and for hours", async () => {
    const seen: unknown[] = [];
    await run({
      connect: (url) => {
        seen.push(structuredClone([...atlas.users.values()]), [...atlas.accessList.values()]);
        return new MongoClient(url);
      },
    });
    const [user] = seen[0] as Record<string, unknown>[];
    const [{ name }] = atlas.created as [{ name: string }];
    assert.deepEqual(user?.["roles"], [{ roleName: "read", databaseName: "api" }]);
    assert.deepEqual(
      user["scopes"],
      [SOURCE, name].map((cluster) => ({ name: cluster, type: "CLUSTER" })),
    );
    const [entry] = seen[1] as Record<string, unknown>[];
    for (const until of [user["deleteAfterDate"], entry?.["deleteAfterDate"]])
      assert.ok(Date.parse(String(until)) < Date.now() + 3 * 3_600_000);
    assert.ok(!lines.join().includes(String(user["password"])));
  });

  it("leaves an address alone that was let in before", async () => {
    atlas.accessList.set("203.0.113.7", { comment: "somebody's" });
    await run();
    assert.deepEqual(atlas.accessList.get("203.0.113.7"), { comment: "somebody's" });
  });

  it("says which canaries did not come back, or came back changed", async () => {
    snapshot = snapshot.slice(1);
    assert.equal((await run())?.canaries.found.count, 19);
    const [first, ...others] = mapsOf("old", 20, earlier);
    snapshot = [{ ...first!, version: 2 }, ...others];
    await maps(1).deleteMany({});
    const report = await run();
    assert.deepEqual(verdictOf({ ...report!, recoveryPointSeconds: 0 }, { pointHours: 1, timeHours: 1 }).reasons, [
      "canaries came back with other content",
    ]);
  });

  it("deletes the cluster of an earlier drill first, and none that only has such a name", async () => {
    const leftover = { state: "IDLE" as const, looks: 0, url: temporary.url, body: {} };
    const tags = [{ key: "Purpose", value: "restore-drill" }];
    atlas.clusters.set("drill-20260101-030000", { ...leftover, name: "drill-20260101-030000", tags });
    atlas.clusters.set("drill-20260102-030000", { ...leftover, name: "drill-20260102-030000", tags: [] });
    await run();
    const order = atlas.requests.filter((request) => /^(DELETE|POST) \/clusters/.test(request));
    assert.deepEqual(order.slice(0, 2), ["DELETE /clusters/drill-20260101-030000", "POST /clusters"]);
    assert.ok(lines.some((line) => line.startsWith("Leftover   drill-20260101-030000")));
    assert.equal(atlas.clusters.get("drill-20260102-030000")?.state, "IDLE");
  });

  for (const wrong of ["failed", "cancelled", "expired"] as const)
    it(`cleans up after a restore that ends as ${wrong}`, async () => {
      atlas.faults.restore = wrong;
      await assert.rejects(run(), (error) => error instanceof UserError && error.message.includes(wrong));
      assertClean();
    });

  it("cleans up after an interruption at any step, and says why it stopped", async () => {
    for (const at of ["POST /clusters", "/backup/restoreJobs", "POST /databaseUsers"]) {
      const controller = new AbortController();
      const reason = new UserError("interrupted");
      const looking = setInterval(() => {
        if (atlas.requests.some((request) => request.endsWith(at))) controller.abort(reason);
      }, 1);
      await assert.rejects(run({ signal: controller.signal, pollMilliseconds: 20 }), reason);
      clearInterval(looking);
      assertClean();
      atlas.requests.length = 0;
      // Two drills of one second would have one name.
      for (const [name, { state }] of atlas.clusters) if (state === "DELETING") atlas.clusters.delete(name);
      await maps(1).deleteMany({});
    }
  });

  it("removes a cluster whose making nobody confirmed: the connection was cut", async () => {
    atlas.faults.cut = "/clusters";
    await assert.rejects(run(), /^UserError: Atlas cannot be reached at http:\/\/127\.0\.0\.1:\d+: /);
    assertClean();
  });

  it("tries again where Atlas does not delete at once, and says what is left where it never does", async () => {
    atlas.faults.deleteCluster = { status: 409, errorCode: "CLUSTER_BUSY", detail: "later" };
    await run();
    assertClean();
    atlas.faults.restore = "failed";
    atlas.faults.deleteCluster = { status: 403, errorCode: "NOT_ALLOWED", detail: "no" };
    await assert.rejects(run(), (error: Error) => {
      assert.match(
        error.message,
        /^Atlas's restore [0-9a-f]{24} failed; what could not be removed: the cluster drill-/,
      );
      return true;
    });
  });

  it("deletes no cluster that is not its own, whatever its name", async () => {
    atlas.faults.createCluster = { status: 409, errorCode: "DUPLICATE_CLUSTER_NAME", detail: "taken" };
    await assert.rejects(
      run({
        confirm: (question) => {
          const name = /drill-[\d-]+\d/.exec(question)?.[0] ?? "";
          atlas.clusters.set(name, { name, state: "IDLE", looks: 0, tags: [], url: "", body: {} });
          return Promise.resolve(true);
        },
      }),
      /^UserError: Atlas says DUPLICATE_CLUSTER_NAME: taken; what could not be removed: .*is not the drill's/,
    );
    assert.ok(!atlas.requests.some((request) => request.startsWith("DELETE ")));
  });

  const refusals: Readonly<Record<string, readonly [fault: Partial<TestAtlas["faults"]>, said: RegExp]>> = {
    "an address that the key does not let in": [
      { everything: { status: 403, errorCode: "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail: "203.0.113.7" } },
      /IP_ADDRESS_NOT_ON_ACCESS_LIST: 203\.0\.113\.7; put this machine's address on the key's access list/,
    ],
    "a name that is taken": [
      { createCluster: { status: 409, errorCode: "DUPLICATE_CLUSTER_NAME", detail: "taken" } },
      /^Atlas says DUPLICATE_CLUSTER_NAME: taken$/,
    ],
  };
  for (const [what, [fault, said]] of Object.entries(refusals))
    it(`says in one line what Atlas says of ${what}`, async () => {
      Object.assign(atlas.faults, fault);
      await assert.rejects(run(), (error) => error instanceof UserError && said.test(error.message));
      assertClean();
    });

  it("refuses a project that is not staging's, and a cluster without a snapshot, before it makes anything", async () => {
    atlas.projectName = "groundwork-production-database-0a1b2c3";
    await assert.rejects(run(), /is called groundwork-production-database-0a1b2c3, which is not staging's/);
    atlas.projectName = "groundwork-staging-database-0a1b2c3";
    atlas.snapshots = atlas.snapshots.slice(2);
    await assert.rejects(run(), /has no snapshot that is complete/);
    assert.ok(atlas.requests.every((request) => request.startsWith("GET ")));
  });

  it("reads the database that the program gives to the API", () => {
    const program = readFileSync(join(import.meta.dirname, "../../../infra/environment-stack.ts"), "utf8");
    assert.match(program, /databaseName: "api"/);
  });

  it("says in one line that a database does not answer, and that Atlas answers oddly", async () => {
    await assert.rejects(
      run({ connect: () => new MongoClient("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50") }),
      /^UserError: the databases cannot be compared: connect ECONNREFUSED/,
    );
    assertClean();
    atlas.snapshots = [{ id: "a", status: "completed" }];
    await assert.rejects(
      run(),
      /^UserError: Atlas's answer about .*snapshots.* has another shape .*\(results\.0\.createdAt/,
    );
  });

  it("needs a private endpoint, or an address", async () => {
    await assert.rejects(run({ address: undefined }), /no private endpoint: run the drill with --address/);
    assertClean();
  });
});
