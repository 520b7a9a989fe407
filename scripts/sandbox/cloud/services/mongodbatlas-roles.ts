import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapsAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { encodedId, firstOf, ofProject, projectMissing, projectOf, ROLE, USER } from "./mongodbatlas-lookup.ts";
import { BUILT_IN, scopeOf } from "./mongodbatlas-privileges.ts";

export const nameOf = ({ inputs }: CloudResource): string => textAt(inputs, "roleName") ?? "";

export const duplicate = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);

function roleNameRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "roleName") ?? "";
  if (!/^[A-Za-z0-9][\w-]*$/.test(name))
    return new Refusal(
      "ATLAS_CUSTOM_ROLE_INVALID_NAME",
      `The role name, "${name}", is invalid. A custom role name must be a non-empty string made up of only ASCII letters, numbers, hyphens, and underscores, and should begin with a letter or number.`,
    );
  if (name.startsWith("xgen-"))
    return new Refusal(
      "ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED",
      `Cannot create custom role ${name} because the prefix "xgen-" is reserved for built-in roles.`,
    );
  if (Object.hasOwn(BUILT_IN, name))
    return new Refusal(
      "ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED",
      `Cannot create custom role ${name} because a built-in role with that name already exists.`,
    );
  return ofProject(operation, ROLE).some((role) => nameOf(role) === name)
    ? new Refusal("ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS", `A custom role with the name ${name} already exists.`)
    : undefined;
}

function actionsRefusal({ inputs }: Operation): Refusal | undefined {
  const actions = mapsAt(inputs, "actions");
  if (actions.length === 0 && listAt(inputs, "inheritedRoles").length === 0)
    return new Refusal(
      "ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS",
      "Custom roles must have one or more user privilege actions or inherited roles.",
    );
  const names = actions.map((action) => textAt(action, "action") ?? "");
  const unknown = names.find((name) => scopeOf(name) === undefined);
  if (unknown !== undefined)
    return new Refusal("INVALID_ENUM_VALUE", `An invalid enumeration value ${unknown} was specified.`);
  if (duplicate(names) !== undefined)
    return new Refusal("ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION", "A custom role cannot have duplicate actions.");
  return actions.map(resourcesRefusal).find((refusal) => refusal !== undefined);
}

function resourcesRefusal(action: Properties): Refusal | undefined {
  const resources = mapsAt(action, "resources");
  const scope = scopeOf(textAt(action, "action") ?? "");
  const fits = (resource: Properties): boolean =>
    flagAt(resource, "cluster") === true
      ? scope === "cluster" && resource["databaseName"] === undefined && resource["collectionName"] === undefined
      : scope === "database" && resource["databaseName"] !== undefined;
  if (!resources.every(fits))
    return new Refusal(
      "ATLAS_INVALID_RESOURCE",
      "One or more of the selected actions was applied to an incorrect resource.",
    );
  const keys = resources.map((one) => JSON.stringify([one["cluster"], one["databaseName"], one["collectionName"]]));
  return duplicate(keys) === undefined
    ? undefined
    : new Refusal(
        "ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE",
        "A custom role cannot have duplicate resources applied to the same action.",
      );
}

function inheritanceRefusal(operation: Operation): Refusal | undefined {
  const own = textAt(operation.inputs, "roleName");
  const others = ofProject(operation, ROLE).map(nameOf);
  for (const inherited of mapsAt(operation.inputs, "inheritedRoles")) {
    const name = textAt(inherited, "roleName") ?? "";
    if (name === own)
      return new Refusal("ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL", "A custom DB role cannot inherit from itself.");
    if (!others.includes(name) && !Object.hasOwn(BUILT_IN, name))
      return new Refusal(
        "ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE",
        "One or more of the specified inherited roles do not exist.",
      );
    if (textAt(inherited, "databaseName") !== "admin" && !["read", "readWrite"].includes(name))
      return new Refusal(
        "ATLAS_INVALID_CUSTOM_ROLE_INHERITED_SCOPE",
        "One or more of the specified inherited roles have an invalid scope.",
      );
  }
  return undefined;
}

const roleRefusal = (operation: Operation): Refusal | undefined =>
  firstOf(
    () => projectMissing(operation),
    () => roleNameRefusal(operation),
    () => actionsRefusal(operation),
    () => inheritanceRefusal(operation),
  );

function roleInUse(operation: Operation): Refusal | undefined {
  const name = textAt(operation.existing?.inputs ?? {}, "roleName") ?? "";
  const names = (type: string, list: string, what: string): string[] =>
    ofProject(operation, type)
      .filter(({ inputs }) => mapsAt(inputs, list).some((role) => textAt(role, "roleName") === name))
      .map(({ inputs }) => textAt(inputs, what) ?? "");
  const users = names(USER, "roles", "username");
  if (users.length > 0)
    return new Refusal(
      "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS",
      `Deleting specified custom role would leave the following users without a role: ${users.join(", ")}.`,
    );
  const roles = names(ROLE, "inheritedRoles", "roleName");
  return roles.length === 0
    ? undefined
    : new Refusal(
        "ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES",
        `Deleting specified custom role would leave the following roles with no actions or inherited roles: ${roles.join(", ")}.`,
      );
}

const role: ResourceRules = {
  check(inputs) {
    const name = textAt(inputs, "roleName");
    return name?.startsWith("x-gen") === true
      ? [{ property: "roleName", reason: "must not begin with x-gen, which is Atlas's own" }]
      : [];
  },
  refuseCreate: roleRefusal,
  refuseUpdate: roleRefusal,
  refuseDelete: roleInUse,
  id: (operation) =>
    encodedId({ project_id: projectOf(operation), role_name: textAt(operation.inputs, "roleName") ?? "" }),
};

export const roleResources: Readonly<Record<string, ResourceRules>> = { [ROLE]: role };
