import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../local/databases.ts";
import { contract } from "./environment.ts";
import { lockCollection, type LockDocument } from "./migrations/lock.ts";
import { readSteps } from "./migrations/steps-on-disk.ts";

const api = join(import.meta.dirname, "..");

describe("the command that migrates", () => {
  let server: RunningDatabase;
  let client: MongoClient;
  before(async () => {
    server = await startMongo();
    client = await new MongoClient(server.url).connect();
  });
  after(async () => {
    await client.close();
    await server.stop();
  });

  /** As the image runs it, with the variables that a migration is given. */
  const startIn = (environment: string, database: string, ...given: string[]): ChildProcess =>
    spawn(process.execPath, [...contract.migrateCommand.slice(1), ...given], {
      cwd: api,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ENVIRONMENT: environment, AWS_REGION: "us-east-1", MONGODB_URI: server.url, MONGODB_DATABASE: database },
    });
  const start = (database: string, ...given: string[]): ChildProcess => startIn("local", database, ...given);
  const end = async (child: ChildProcess) => {
    const exit = once(child, "exit");
    const [said, errors] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    const [code] = (await exit) as unknown[];
    const lines = said.split("\n").filter((line) => line !== "");
    return {
      code,
      errors,
      lines: lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    };
  };

  it("migrates once where two run at the same time, and says what is applied", async () => {
    const steps = (await readSteps()).map(({ fileName }) => fileName);
    const both = await Promise.all([end(start("together")), end(start("together"))]);
    assert.deepEqual(
      both.map(({ code, errors }) => ({ code, errors })),
      [
        { code: 0, errors: "" },
        { code: 0, errors: "" },
      ],
    );
    const migrated = both.flatMap(({ lines }) => lines).filter(({ message }) => message === "migrated");
    assert.deepEqual(
      migrated.map((line) => line["migration"]),
      steps,
    );

    const status = await end(start("together", "--status"));
    assert.deepEqual(
      status.lines.map(({ message, migration }) => [message, migration]),
      steps.map((step) => ["applied", step]),
    );
  });

  it("waits for another, and ends with 1 when it is stopped meanwhile", async () => {
    const locks = client.db("locked").collection<LockDocument>(lockCollection);
    await locks.insertOne({ _id: 1, owner: "another", beat: 1, since: new Date(), released: false });
    const child = start("locked");
    const ending = end(child);
    const said = once(child.stdout!, "data");
    await said;
    child.kill("SIGTERM");
    const { code, lines } = await ending;
    assert.equal(code, 1);
    assert.match(String(lines.at(-1)?.["message"]), /stopped by SIGTERM/);
    assert.equal(await locks.countDocuments(), 1, "it has not taken it");
  });

  it("drops what a preview had, and never what staging or production has", async () => {
    const names = async (database: string) =>
      (await client.db(database).listCollections().toArray()).map(({ name }) => name);
    await client.db("staging-data").collection("maps").insertOne({ kept: true });
    const refused = await end(startIn("staging", "staging-data", "--drop"));
    assert.equal(refused.code, 1);
    assert.match(String(refused.lines[0]?.["message"]), /staging is never dropped/);
    assert.deepEqual(await names("staging-data"), ["maps"]);

    await client.db("preview-login").collection("maps").insertOne({ kept: false });
    for (const collections of [["maps"], []]) {
      const { code, lines } = await end(startIn("preview", "preview-login", "--drop"));
      assert.equal(code, 0);
      assert.deepEqual(
        lines.map(({ message, collections }) => ({ message, collections })),
        [{ message: "dropped", collections }],
      );
    }
    assert.deepEqual(await names("preview-login"), []);
  });

  it("ends with 1 and names what is wrong with its variables", async () => {
    const child = start("not a name");
    const { code, lines } = await end(child);
    assert.equal(code, 1);
    assert.match(String(lines[0]?.["message"]), /^MONGODB_DATABASE: /);
  });
});
