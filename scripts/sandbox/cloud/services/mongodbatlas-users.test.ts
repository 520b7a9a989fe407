import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { ROLE, USER } from "./mongodbatlas-lookup.ts";
import { roleInputs, shop, userInputs } from "./mongodbatlas-samples.ts";
import { assertRefused } from "./tiny-world.ts";

describe("a database user of Atlas", () => {
  const refused: readonly [what: string, over: Properties, code: string][] = [
    [
      "a role of IAM on another database than $external",
      { authDatabaseName: "admin" },
      "DATABASE_NAME_INVALID_EXTERNAL",
    ],
    ["a password on $external", { awsIamType: "NONE", username: "api", password: "x" }, "DATABASE_NAME_INVALID_ADMIN"],
    ["no password", { awsIamType: "NONE", username: "api", authDatabaseName: "admin" }, "MISSING_ATTRIBUTE"],
    [
      "a password of seven characters",
      { awsIamType: "NONE", username: "api", authDatabaseName: "admin", password: "s3cret!" },
      "SHORT_PASSWORD",
    ],
    [
      "a password that everybody has",
      { awsIamType: "NONE", username: "api", authDatabaseName: "admin", password: "Password" },
      "COMMON_PASSWORD",
    ],
    ["no role", { roles: [] }, "MISSING_ATTRIBUTE"],
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
      userInputs(projectId, {
        awsIamType: "NONE",
        username: "p",
        authDatabaseName: "admin",
        password: "correct-horse",
      }),
    );
    assert.equal(cloud.check(USER, { scopes: [{ name: "c", type: "REGION" }] })[0]?.property, "scopes[0].type");
    assert.deepEqual(cloud.check(USER, { scopes: [{ name: "c", type: "CLUSTER" }] }), []);
  });
});
