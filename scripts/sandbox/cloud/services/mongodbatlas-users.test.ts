import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { ROLE, USER } from "./mongodbatlas-lookup.ts";
import { makeProject } from "./mongodbatlas-samples.ts";
import { assertRefused, tinyWorld, type TinyWorld } from "./tiny-world.ts";

const ARN = "arn:aws:iam::111122223333:role/api";
const action = (name: string, ...resources: readonly Properties[]): Properties => ({
  action: name,
  resources: [...resources],
});
const orders: Properties = { databaseName: "shop", collectionName: "orders" };

const roleInputs = (projectId: string, over: Properties = {}): Properties => ({
  projectId,
  roleName: "shop-api",
  actions: [action("FIND", orders), action("INSERT", orders)],
  ...over,
});

const userInputs = (projectId: string, over: Properties = {}): Properties => ({
  projectId,
  username: ARN,
  authDatabaseName: "$external",
  awsIamType: "ROLE",
  roles: [{ roleName: "readWrite", databaseName: "shop" }],
  ...over,
});

function shop(): { cloud: TinyWorld; projectId: string } {
  const cloud = tinyWorld(mongodbatlas);
  return { cloud, projectId: makeProject(cloud).id };
}

describe("a custom role of Atlas", () => {
  const refused: readonly [what: string, over: Properties, code: string][] = [
    ["a name with a space", { roleName: "shop api" }, "ATLAS_CUSTOM_ROLE_INVALID_NAME"],
    ["a name that begins with xgen-", { roleName: "xgen-shop" }, "ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED"],
    ["the name of a built-in role", { roleName: "readWrite" }, "ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED"],
    ["no permission", { actions: [] }, "ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS"],
    ["an action that there is not", { actions: [action("READ", orders)] }, "INVALID_ENUM_VALUE"],
    [
      "an action twice",
      { actions: [action("FIND", orders), action("FIND", orders)] },
      "ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION",
    ],
    ["a collection twice", { actions: [action("FIND", orders, orders)] }, "ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE"],
    ["a find on the cluster", { actions: [action("FIND", { cluster: true })] }, "ATLAS_INVALID_RESOURCE"],
    ["a cluster's action on a collection", { actions: [action("LIST_DATABASES", orders)] }, "ATLAS_INVALID_RESOURCE"],
    [
      "a role that is not there",
      { inheritedRoles: [{ roleName: "gone", databaseName: "admin" }] },
      "ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE",
    ],
    [
      "itself",
      { inheritedRoles: [{ roleName: "shop-api", databaseName: "admin" }] },
      "ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL",
    ],
    [
      "a role of admin elsewhere",
      { inheritedRoles: [{ roleName: "clusterMonitor", databaseName: "shop" }] },
      "ATLAS_INVALID_CUSTOM_ROLE_INHERITED_SCOPE",
    ],
    ["a project that does not exist", { projectId: "0" }, "GROUP_NOT_FOUND"],
  ];
  for (const [what, over, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const { cloud, projectId } = shop();
      assertRefused(() => cloud.create(ROLE, "x", roleInputs(projectId, over)), code);
    });
  }

  it("has a name of its own in its project", () => {
    const { cloud, projectId } = shop();
    const role = cloud.create(ROLE, "one", roleInputs(projectId));
    assertRefused(() => cloud.create(ROLE, "two", roleInputs(projectId)), "ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS");
    cloud.create(ROLE, "elsewhere", roleInputs(makeProject(cloud, "store").id));
    cloud.update(role, roleInputs(projectId, { actions: [action("LIST_DATABASES", { cluster: true })] }));
    assert.equal(cloud.check(ROLE, { roleName: "x-gen-shop" })[0]?.property, "roleName");
  });

  it("stays while a user or a role has it", () => {
    const { cloud, projectId } = shop();
    const role = cloud.create(ROLE, "one", roleInputs(projectId));
    const heir = cloud.create(
      ROLE,
      "heir",
      roleInputs(projectId, {
        roleName: "heir",
        actions: [],
        inheritedRoles: [{ roleName: "shop-api", databaseName: "admin" }],
      }),
    );
    const user = cloud.create(
      USER,
      "u",
      userInputs(projectId, { roles: [{ roleName: "shop-api", databaseName: "admin" }] }),
    );
    assertRefused(() => cloud.delete(role), "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS");
    cloud.delete(user);
    assertRefused(() => cloud.delete(role), "ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES");
    cloud.delete(heir);
    cloud.delete(role);
    assert.deepEqual(cloud.world.all(ROLE), []);
  });
});

describe("a database user of Atlas", () => {
  const refused: readonly [what: string, over: Properties, code: string][] = [
    [
      "a role of IAM on another database than $external",
      { authDatabaseName: "admin" },
      "DATABASE_NAME_INVALID_EXTERNAL",
    ],
    ["a password on $external", { awsIamType: "NONE", username: "api", password: "x" }, "DATABASE_NAME_INVALID_ADMIN"],
    ["no password", { awsIamType: "NONE", username: "api", authDatabaseName: "admin" }, "MISSING_ATTRIBUTE"],
    ["a name that is no ARN", { username: "api" }, "ATLAS_INVALID_AWS_IAM_ARN"],
    ["the ARN of a session", { username: "arn:aws:sts::111122223333:assumed-role/api/x" }, "ATLAS_INVALID_AWS_IAM_ARN"],
    ["the ARN of a user", { username: "arn:aws:iam::111122223333:user/api" }, "ATLAS_INVALID_AWS_IAM_ARN"],
    ["a role that is not there", { roles: [{ roleName: "shop-api", databaseName: "admin" }] }, "ATLAS_INVALID_ROLE"],
    [
      "atlasAdmin of one database",
      { roles: [{ roleName: "atlasAdmin", databaseName: "shop" }] },
      "ATLAS_INVALID_ROLE_DATABASE",
    ],
    [
      "one collection of atlasAdmin",
      { roles: [{ roleName: "atlasAdmin", databaseName: "admin", collectionName: "orders" }] },
      "INVALID_ATTRIBUTE",
    ],
    [
      "a role twice",
      {
        roles: [
          { roleName: "read", databaseName: "shop" },
          { roleName: "read", databaseName: "shop" },
        ],
      },
      "DUPLICATE_DATABASE_ROLES",
    ],
    ["a project that does not exist", { projectId: "0" }, "GROUP_NOT_FOUND"],
  ];
  for (const [what, over, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const { cloud, projectId } = shop();
      assertRefused(() => cloud.create(USER, "x", userInputs(projectId, over)), code);
    });
  }

  it("has one custom role, or built-in ones", () => {
    const { cloud, projectId } = shop();
    cloud.create(ROLE, "r", roleInputs(projectId));
    const own = { roleName: "shop-api", databaseName: "admin" };
    const read = { roleName: "read", databaseName: "shop" };
    assertRefused(
      () => cloud.create(USER, "x", userInputs(projectId, { roles: [own, read] })),
      "ATLAS_INVALID_CUSTOM_ROLE_ASSIGNMENT",
    );
    assertRefused(
      () => cloud.create(USER, "x", userInputs(projectId, { roles: [{ ...own, databaseName: "shop" }] })),
      "ATLAS_INVALID_ROLE_DATABASE",
    );
    cloud.create(USER, "x", userInputs(projectId, { roles: [own] }));
  });

  it("is one per name and database, and keeps how it proves who it is", () => {
    const { cloud, projectId } = shop();
    const user = cloud.create(USER, "u", userInputs(projectId));
    assertRefused(() => cloud.create(USER, "again", userInputs(projectId)), "USER_ALREADY_EXISTS");
    assertRefused(
      () => cloud.update(user, userInputs(projectId, { authDatabaseName: "admin" })),
      "DATABASE_NAME_CANNOT_BE_CHANGED",
    );
    assertRefused(
      () => cloud.update(user, userInputs(projectId, { awsIamType: "USER" })),
      "AUTH_TYPE_CANNOT_BE_CHANGED",
    );
    cloud.update(user, userInputs(projectId, { roles: [{ roleName: "read", databaseName: "shop" }] }));
  });

  it("may have a password, and be kept to clusters", () => {
    const { cloud, projectId } = shop();
    cloud.create(
      USER,
      "p",
      userInputs(projectId, { awsIamType: "NONE", username: "p", authDatabaseName: "admin", password: "s" }),
    );
    assert.equal(cloud.check(USER, { scopes: [{ name: "c", type: "REGION" }] })[0]?.property, "scopes[0].type");
    assert.deepEqual(cloud.check(USER, { scopes: [{ name: "c", type: "CLUSTER" }] }), []);
  });
});
