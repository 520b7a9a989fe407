import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { DatabaseUser, type DatabaseUserArgs } from "./database-user.ts";

const args: DatabaseUserArgs = {
  projectId: "project",
  clusterName: "cluster",
  roleArn: "arn:aws:iam::111122223333:role/api",
  databaseName: "shop",
  access: "application",
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

  it("may find, insert, update, and remove documents of its one database, and nothing else", async () => {
    const { inputs } = only(await build(), roleType);
    assert.equal(inputs["roleName"], "groundwork-staging-database-api");
    assert.equal(inputs["inheritedRoles"], undefined);
    const resources = [{ databaseName: "shop", collectionName: "" }];
    assert.deepEqual(
      inputs["actions"],
      ["FIND", "INSERT", "UPDATE", "REMOVE"].map((action) => ({ action, resources })),
    );
  });

  it("reads and writes its database, indexes too, where it migrates", async () => {
    const resources = await build({ access: "migrations" });
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
    ["access", { access: "everything" as "application" }],
  ];
  for (const [input, over] of refused) {
    it(`is refused with ${JSON.stringify(over)}, by the name of ${input}`, async () => {
      await assert.rejects(build(over), new RegExp(`${input}: must`));
    });
  }
});
