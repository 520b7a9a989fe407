import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { Asset, type Properties } from "../values/value.ts";
import type { CloudResource } from "./service.ts";
import {
  type CloudStore,
  FILE_NAME,
  IdTaken,
  type Insertion,
  NameTaken,
  PAGE_BYTES,
  WorldError,
  openWorld,
} from "./world.ts";

const key = Buffer.alloc(32, 1);
const here = { partition: "aws", account: "111122223333", region: "eu-west-1" };
const there = { ...here, region: "us-east-1" };

const thing = (id: string, more: Partial<CloudResource> = {}): CloudResource => ({
  type: "test:index:Thing",
  id,
  urn: `urn:pulumi:s::p::test:index:Thing::${id}`,
  location: here,
  inputs: { name: id },
  outputs: { name: id, out: 1 },
  ...more,
});

const insertion = (resource: CloudResource, more: Partial<Insertion> = {}): Insertion => ({
  resource,
  claims: [],
  companions: [],
  operation: "",
  ...more,
});

describe("the cloud's world", () => {
  let directory: string;
  let worlds: CloudStore[];
  const open = (where = directory, secret = key): CloudStore => {
    const world = openWorld(where, secret, (type) => type.startsWith("global:"));
    worlds.push(world);
    return world;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "world-"));
    worlds = [];
  });
  afterEach(() => {
    for (const world of worlds) world.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("keeps what was made, with assets, for who opens it later", () => {
    const inputs: Properties = { deep: { list: [1, null, "x"] }, code: new Asset("hash", { text: "code" }) };
    open().insert(insertion(thing("a", { inputs }), { operation: "op" }));
    const world = open();
    assert.deepEqual(world.byId("test:index:Thing", "a")?.inputs, inputs);
    assert.equal(world.byOperation("op")?.id, "a");
    assert.equal(world.byUrn(thing("a").urn)[0]?.location.region, "eu-west-1");
  });

  it("shows one connection at once what another changed", () => {
    const [one, other] = [open(), open()];
    const { key: number } = one.insert(insertion(thing("a")));
    assert.deepEqual(
      other.all("test:index:Thing").map(({ id }) => id),
      ["a"],
    );
    other.update(number, { resource: thing("a", { outputs: { out: 2 } }), claims: [], companions: [] });
    assert.deepEqual(one.byId("test:index:Thing", "a")?.outputs, { out: 2 });
    one.remove(number, []);
    assert.deepEqual(other.all("test:index:Thing"), []);
    assert.deepEqual(other.everything(), []);
  });

  it("finds a resource in its place, and has one place per account for types without regions", () => {
    const world = open();
    world.insert(insertion(thing("a")));
    world.insert(insertion(thing("a", { location: there, outputs: { far: true } })));
    assert.deepEqual(world.find("test:index:Thing", "a", there)?.outputs, { far: true });
    assert.equal(world.find("test:index:Thing", "a", { ...here, account: "000000000000" }), undefined);
    world.insert(insertion(thing("g", { type: "global:index:Thing" })));
    assert.equal(world.find("global:index:Thing", "g", there)?.id, "g");
    assert.throws(() => world.insert(insertion(thing("g", { type: "global:index:Thing", location: there }))), IdTaken);
  });

  it("refuses an id that is taken in the place, and changes nothing then", () => {
    const world = open();
    world.insert(insertion(thing("a")));
    assert.throws(
      () =>
        world.insert(insertion(thing("a", { urn: "other" }), { claims: [{ property: "name", scope: "", name: "n" }] })),
      (error) => error instanceof IdTaken && error.holder.urn === thing("a").urn,
    );
    world.insert(insertion(thing("b"), { claims: [{ property: "name", scope: "", name: "n" }] }));
    assert.equal(world.everything().length, 2);
  });

  it("lets ids repeat where they are no identities", () => {
    const world = open();
    for (const urn of ["one", "two"]) world.insert(insertion(thing("none", { urn }), { sharedId: true }));
    assert.equal(world.find("test:index:Thing", "none", here, "two")?.urn, "two");
  });

  it("gives a name once within its scope, also after an update, and again after a delete", () => {
    const world = open();
    const claims = [{ property: "name", scope: "1", name: "n" }];
    const { key: number } = world.insert(insertion(thing("a"), { claims }));
    assert.throws(() => world.insert(insertion(thing("b"), { claims })), NameTaken);
    world.insert(insertion(thing("c"), { claims: [{ property: "name", scope: "2", name: "n" }] }));
    world.update(number, { resource: thing("a"), claims, companions: [] });
    assert.throws(() => world.insert(insertion(thing("b"), { claims })), NameTaken);
    world.remove(number, []);
    world.insert(insertion(thing("b"), { claims }));
  });

  it("makes companions, adopts those that exist, and removes them with their owner", () => {
    const world = open();
    const companion = thing("default", { urn: "" });
    const { key: number } = world.insert(insertion(thing("a"), { companions: [companion] }));
    world.insert(insertion(thing("b"), { companions: [companion] }));
    assert.equal(world.everything().length, 3);
    world.update(number, { resource: thing("a"), claims: [], companions: [companion, thing("more", { urn: "" })] });
    assert.equal(world.everything().length, 4);
    world.remove(number, []);
    assert.deepEqual(
      world.everything().map(({ id }) => id),
      ["b"],
    );
  });

  it("keeps what a delete leaves behind", () => {
    const world = open();
    const { key: number } = world.insert(insertion(thing("a")));
    world.remove(number, [thing("a", { type: "test:index:Deleted", urn: "" })]);
    assert.deepEqual(
      world.everything().map(({ type }) => type),
      ["test:index:Deleted"],
    );
  });

  it("has nothing of a value or a claimed name in clear on disk", () => {
    const world = open();
    const secret = "correct-horse-battery";
    world.insert(
      insertion(thing("a", { inputs: { password: secret }, outputs: { password: secret } }), {
        claims: [{ property: "name", scope: "", name: secret }],
      }),
    );
    for (const name of readdirSync(directory))
      assert.equal(readFileSync(join(directory, name)).includes(secret), false, name);
    assert.equal(statSync(directory).mode & 0o077, 0);
  });

  it("serves two processes that write at once, and gives each name to one", async () => {
    const run = (label: string) =>
      promisify(execFile)(process.execPath, [
        join(import.meta.dirname, "fixtures", "world-writer.ts"),
        directory,
        label,
        "40",
      ]);
    const runs = await Promise.all([run("one"), run("two")]);
    const won = runs.map(({ stdout }) => Number(stdout));
    assert.equal(
      won.reduce((sum, count) => sum + count, 0),
      40,
    );
    assert.equal(open().everything().length, 120);
  });

  const broken: [name: string, spoil: () => void, message: RegExp][] = [
    [
      "a file that is no database",
      () => writeFileSync(join(directory, FILE_NAME), "not a database, but long enough to look at".repeat(30)),
      /is damaged.*sandbox reset/,
    ],
    [
      "a file cut in half",
      () => {
        openWorld(directory, key, () => false).close();
        truncateSync(join(directory, FILE_NAME), statSync(join(directory, FILE_NAME)).size / 2);
      },
      /is damaged/,
    ],
    [
      "a file of a newer version",
      () => {
        const database = new DatabaseSync(join(directory, FILE_NAME));
        database.exec("PRAGMA user_version = 99");
        database.close();
      },
      /newer version of the sandbox \(99/,
    ],
    ["another passphrase", () => openWorld(directory, Buffer.alloc(32, 9), () => false).close(), /another passphrase/],
    [
      "a directory that is a file",
      () => {
        rmSync(directory, { recursive: true });
        writeFileSync(directory, "");
      },
      /cannot be opened for writing.*--state-dir/,
    ],
  ];
  for (const [name, spoil, message] of broken)
    it(`says what to do about ${name}`, () => {
      spoil();
      assert.throws(
        () => open(),
        (error) => error instanceof WorldError && error.message.includes(directory) && message.test(error.message),
      );
    });

  it("says what to do about a full disk, and is as it was", () => {
    const world = open();
    world.insert(insertion(thing("a")));
    const pages = statSync(join(directory, FILE_NAME)).size / PAGE_BYTES;
    const limited = openWorld(directory, key, () => false, { maxPages: pages });
    worlds.push(limited);
    assert.throws(
      () => limited.insert(insertion(thing("big", { inputs: { text: "x".repeat(100_000) } }))),
      (error) => error instanceof WorldError && error.message.includes("free space"),
    );
    assert.deepEqual(
      world.everything().map(({ id }) => id),
      ["a"],
    );
    assert.deepEqual(
      limited.everything().map(({ id }) => id),
      ["a"],
    );
  });
});
