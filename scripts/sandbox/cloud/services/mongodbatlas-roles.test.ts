import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { ROLE, USER } from "./mongodbatlas-lookup.ts";
import { action, makeProject, orders, roleInputs, shop, userInputs } from "./mongodbatlas-samples.ts";
import { assertRefused } from "./tiny-world.ts";

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
