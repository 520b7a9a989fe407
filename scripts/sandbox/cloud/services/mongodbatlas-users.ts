import type { Properties } from "../../values/value.ts";
import { mapsAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { encodedId, firstOf, ofProject, projectMissing, projectOf, ROLE, USER } from "./mongodbatlas-lookup.ts";
import { BUILT_IN } from "./mongodbatlas-privileges.ts";
import { duplicate, nameOf } from "./mongodbatlas-roles.ts";

/** How a user proves who it is: the property that says so, or a password. */
const MECHANISMS = ["awsIamType", "x509Type", "ldapAuthType", "oidcAuthType"] as const;

function mechanismOf(inputs: Properties): string {
  const named = MECHANISMS.find((property) => !["", "NONE"].includes(textAt(inputs, property) ?? ""));
  return named === undefined ? "SCRAM" : `${named} ${textAt(inputs, named) ?? ""}`;
}

/** `assumed-role` ARNs are of sessions, not of roles. */
const IAM_ARN: Readonly<Record<string, RegExp>> = {
  ROLE: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  USER: /^arn:aws[a-z-]*:iam::\d{12}:user\/[\w+=,.@/-]+$/,
};

function identityRefusal({ inputs }: Operation): Refusal | undefined {
  const mechanism = mechanismOf(inputs);
  const username = textAt(inputs, "username") ?? "";
  const database = textAt(inputs, "authDatabaseName") ?? "";
  const external = ["awsIamType", "x509Type"].some((property) => mechanism.startsWith(property));
  if (external && database !== "$external")
    return new Refusal(
      "DATABASE_NAME_INVALID_EXTERNAL",
      "Database name invalid. Externally authenticated users can only be created on the $external database.",
    );
  if (mechanism === "SCRAM" && database !== "admin")
    return new Refusal(
      "DATABASE_NAME_INVALID_ADMIN",
      "Database name invalid. SCRAM users can only be created on the admin database.",
    );
  const iam = textAt(inputs, "awsIamType") ?? "NONE";
  const form = IAM_ARN[iam];
  if (form !== undefined && !form.test(username))
    return new Refusal(
      "ATLAS_INVALID_AWS_IAM_ARN",
      `The ARN specified in the username field, ${username}, is not valid for AWS IAM type ${iam}.`,
    );
  return mechanism === "SCRAM" ? passwordRefusal(inputs) : undefined;
}

const SHORTEST_PASSWORD = 8;
const COMMON = ["password", "password1", "passw0rd", "12345678", "123456789", "qwertyuiop", "changeme", "mongodb123"];

function passwordRefusal(inputs: Properties): Refusal | undefined {
  const given = ["password", "passwordWo"].find((property) => inputs[property] !== undefined);
  if (given === undefined)
    return new Refusal("MISSING_ATTRIBUTE", "The required attribute password was not specified.");
  const password = textAt(inputs, given);
  if (password !== undefined && password.length < SHORTEST_PASSWORD)
    return new Refusal(
      "SHORT_PASSWORD",
      `The specified password is too short: it must have at least ${SHORTEST_PASSWORD} characters.`,
    );
  return COMMON.includes(password?.toLowerCase() ?? "")
    ? new Refusal(
        "COMMON_PASSWORD",
        "The password provided is too weak, as it can be found in most commonly used password lists.",
      )
    : undefined;
}

function grantsRefusal(operation: Operation): Refusal | undefined {
  const grants = mapsAt(operation.inputs, "roles").map((grant) => ({
    name: textAt(grant, "roleName") ?? "",
    database: textAt(grant, "databaseName") ?? "",
    collection: textAt(grant, "collectionName"),
  }));
  if (grants.length === 0) return new Refusal("MISSING_ATTRIBUTE", "The required attribute roles was not specified.");
  const custom = ofProject(operation, ROLE).map(nameOf);
  for (const { name, database, collection } of grants) {
    const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
    if (builtIn === undefined && !custom.includes(name))
      return new Refusal("ATLAS_INVALID_ROLE", `The specified role ${name}@${database} does not exist.`);
    if (builtIn !== "any" && database !== "admin")
      return new Refusal("ATLAS_INVALID_ROLE_DATABASE", `The specified role ${name} only exists for database admin.`);
    if (collection !== undefined && !["read", "readWrite"].includes(name))
      return new Refusal("INVALID_ATTRIBUTE", "Invalid attribute collectionName specified.");
  }
  if (grants.length > 1 && grants.some(({ name }) => custom.includes(name)))
    return new Refusal(
      "ATLAS_INVALID_CUSTOM_ROLE_ASSIGNMENT",
      "If assigned a custom DB role, a user can only be assigned one role.",
    );
  const twice = duplicate(grants.map((grant) => JSON.stringify(grant)));
  return twice === undefined
    ? undefined
    : new Refusal(
        "DUPLICATE_DATABASE_ROLES",
        `Duplicate database roles specified for user ${textAt(operation.inputs, "username") ?? ""}: ${twice}.`,
      );
}

function takenRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const name = textAt(inputs, "username") ?? "";
  return ofProject(operation, USER).some(
    (user) =>
      textAt(user.inputs, "username") === name &&
      textAt(user.inputs, "authDatabaseName") === textAt(inputs, "authDatabaseName"),
  )
    ? new Refusal("USER_ALREADY_EXISTS", `A user with username ${name} already exists.`)
    : undefined;
}

function userFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "scopes").flatMap((scope, index) => {
    const type = textAt(scope, "type");
    return type === undefined || ["CLUSTER", "DATA_LAKE", "STREAM"].includes(type)
      ? []
      : [{ property: `scopes[${index}].type`, reason: `must be CLUSTER, DATA_LAKE, or STREAM, not ${type}` }];
  });
}

const user: ResourceRules = {
  check: userFailures,
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => identityRefusal(operation),
      () => grantsRefusal(operation),
      () => takenRefusal(operation),
    ),
  refuseUpdate(operation) {
    const before = operation.existing?.inputs ?? {};
    return firstOf(
      () =>
        textAt(before, "authDatabaseName") === textAt(operation.inputs, "authDatabaseName")
          ? undefined
          : new Refusal(
              "DATABASE_NAME_CANNOT_BE_CHANGED",
              "Cannot modify the authentication database of an existing database user.",
            ),
      () =>
        mechanismOf(before) === mechanismOf(operation.inputs)
          ? undefined
          : new Refusal(
              "AUTH_TYPE_CANNOT_BE_CHANGED",
              "Cannot modify the authentication type of an existing database user.",
            ),
      () => identityRefusal(operation),
      () => grantsRefusal(operation),
    );
  },
  id: (operation) =>
    encodedId({
      auth_database_name: textAt(operation.inputs, "authDatabaseName") ?? "",
      project_id: projectOf(operation),
      username: textAt(operation.inputs, "username") ?? "",
    }),
};

export const userResources: Readonly<Record<string, ResourceRules>> = { [USER]: user };
