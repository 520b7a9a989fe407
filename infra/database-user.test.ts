import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contract } from "../api/src/environment.ts";
import { changelogCollection } from "../api/src/migrations/run.ts";
import { lockCollection } from "../api/src/migrations/lock.ts";
import { capture, only, type CapturedResource } from "./capture.ts";
import { DatabaseUser, type DatabaseUserArgs } from "./database-user.ts";

const args: DatabaseUserArgs = {
  projectId: "project",
  clusterName: "cluster",
  roleArn: "arn:aws:iam::111122223333:role/api",
  databaseName: "shop",
  access: { as: "application", collections: ["orders", "carts"] },
};
const userType = "mongodbatlas:index/databaseUser:DatabaseUser";
const roleType = "mongodbatlas:index/customDbRole:CustomDbRole";
const build = async (over: Partial<DatabaseUserArgs> = {}): Promise<readonly CapturedResource[]> =>
  (await capture(() => new DatabaseUser("groundwork-staging-database-api", { ...args, ...over }))).resources;

describe("a database user", () => {
  it("is an IAM role, without a password, on one cluster", async () => {
    const { description: _, ...inputs } = only(await build(), userType).inputs;
    assert.deepEqual(inputs, {
      projectId: "project",
      username: "arn:aws:iam::111122223333:role/api",
      authDatabaseName: "$external",
      awsIamType: "ROLE",
      roles: [{ roleName: "groundwork-staging-database-api", databaseName: "admin" }],
      scopes: [{ name: "cluster", type: "CLUSTER" }],
    });
  });

  it("may find, insert, update, and remove documents of its collections, and nothing else", async () => {
    const { inputs } = only(await build(), roleType);
    assert.equal(inputs["roleName"], "groundwork-staging-database-api");
    assert.equal(inputs["inheritedRoles"], undefined);
    const resources = ["orders", "carts"].map((collectionName) => ({ databaseName: "shop", collectionName }));
    assert.deepEqual(
      inputs["actions"],
      ["FIND", "INSERT", "UPDATE", "REMOVE"].map((action) => ({ action, resources })),
    );
  });

  it("reads and writes its database, indexes too, where it migrates", async () => {
    const resources = await build({ access: { as: "migrations" } });
    assert.deepEqual(only(resources, userType).inputs["roles"], [{ roleName: "readWrite", databaseName: "shop" }]);
    assert.deepEqual(
      resources.filter(({ type }) => type === roleType),
      [],
    );
  });

  const refused: readonly [input: string, over: Partial<DatabaseUserArgs>][] = [
    ["roleArn", { roleArn: "arn:aws:sts::111122223333:assumed-role/api/session" }],
    ["roleArn", { roleArn: "arn:aws:iam::111122223333:user/api" }],
    ["databaseName", { databaseName: "admin" }],
    ["databaseName", { databaseName: "a.b" }],
    ["databaseName", { databaseName: "" }],
    ["access.as", { access: { as: "everything" } as unknown as DatabaseUserArgs["access"] }],
    ["access.collections", { access: { as: "application", collections: [] } }],
    ["access.collections", { access: { as: "application", collections: [""] } }],
  ];
  for (const [input, over] of refused) {
    it(`is refused with ${JSON.stringify(over)}, by the name of ${input}`, async () => {
      await assert.rejects(build(over), new RegExp(`${input}: must`));
    });
  }
});

describe("the collections that the API is allowed", () => {
  const folder = join(import.meta.dirname, "..", "api", "src");
  /** Where the API opens a collection while it serves; those of migrations are theirs. */
  const opened = globSync("**/*.ts", { cwd: folder, exclude: ["**/*.test.ts", "migrations/**", "migrate.ts"] }).flatMap(
    (file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return [...text.matchAll(/\.collection(?:<[^>]*>)?\((\w+|"[^"]*")\)/g)].map(([, name = ""]) =>
        name.startsWith('"') ? name.slice(1, -1) : new RegExp(`const ${name} = "([^"]+)"`).exec(text)?.[1],
      );
    },
  );

  it("are those that it opens", () => {
    assert.deepEqual([...new Set(opened)].sort(), [...contract.collections].sort());
  });

  it("are not those in which migrations write down what they did", () => {
    for (const name of [changelogCollection, lockCollection])
      assert.ok(!(contract.collections as readonly string[]).includes(name), name);
  });
});
