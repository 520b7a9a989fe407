import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, mapAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { accessStringProblem } from "./elasticache-rules.ts";
import { findBy, here, reference } from "./lookup.ts";

const USER = "aws:elasticache/user:User";
export const USER_GROUP = "aws:elasticache/userGroup:UserGroup";
const ASSOCIATION = "aws:elasticache/userGroupAssociation:UserGroupAssociation";
const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const LONGEST_ID = 40;

/** Form of the ids of users, user groups, and replication groups. */
export function idFailures(inputs: Properties, property: string): CheckFailure[] {
  const id = textAt(inputs, property);
  return id === undefined || (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && id.length <= LONGEST_ID)
    ? []
    : [
        {
          property,
          reason: `InvalidParameterValue: ${id} is no identifier: it begins with a letter, holds lower-case letters, digits, and single hyphens, does not end with one, and has at most ${LONGEST_ID} characters`,
        },
      ];
}

export const userGroupNotFound = (id: string): Refusal =>
  new Refusal("UserGroupNotFound", `User group ${id} not found.`);

const invalid = (message: string): Refusal => new Refusal("InvalidParameterValue", message);
const combination = (message: string): Refusal => new Refusal("InvalidParameterCombination", message);

/** How a user proves who it is; undefined where the inputs say nothing. */
function authenticationOf(inputs: Properties): string | undefined {
  const mode = textAt(mapAt(inputs, "authenticationMode"), "type");
  if (mode !== undefined) return mode;
  if (flagAt(inputs, "noPasswordRequired") === true) return "no-password-required";
  return textsAt(inputs, "passwords").length > 0 || inputs["passwordsWo"] !== undefined ? "password" : undefined;
}

function userRefusal({ inputs }: Operation): Refusal | undefined {
  const authentication = authenticationOf(inputs);
  const passwords = [...textsAt(inputs, "passwords"), ...textsAt(mapAt(inputs, "authenticationMode"), "passwords")];
  const access = inputs["accessString"];
  const problem = typeof access === "string" ? accessStringProblem(access) : undefined;
  if (problem !== undefined) return invalid(problem);
  if (authentication === undefined)
    return invalid(
      "Input Authentication type: null is not in the allowed list: [password,no-password-required,iam]. Set authenticationMode, passwords, or noPasswordRequired.",
    );
  if (authentication !== "password" && passwords.length > 0)
    return combination(`Password field is not allowed with authentication type: ${authentication}`);
  if (authentication === "password" && passwords.length === 0 && inputs["passwordsWo"] === undefined)
    return combination("Password field is required with authentication type: password");
  if (authentication === "iam" && textAt(inputs, "userId") !== textAt(inputs, "userName"))
    return combination("User Id and User name must be same for authentication type: iam");
  return undefined;
}

const user: ResourceRules = {
  unique: [
    {
      property: "userId",
      within: "region",
      refuse: (id) => new Refusal("UserAlreadyExists", `User ${id} already exists.`),
    },
  ],
  check: (inputs) => idFailures(inputs, "userId"),
  refuseCreate: (operation) =>
    // The service's own, in every account.
    textAt(operation.inputs, "userId") === "default"
      ? new Refusal("UserAlreadyExists", "User default already exists.")
      : userRefusal(operation),
  refuseUpdate: userRefusal,
  // Any other user leaves its groups as it goes.
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const group = here(operation, USER_GROUP).find((one) => memberIds(operation, one).includes(id));
    return group !== undefined && textAt(operation.existing?.inputs ?? {}, "userName") === "default"
      ? new Refusal(
          "DefaultUserAssociatedToUserGroup",
          `The user ${id} is the default user of user group ${group.id} and cannot be deleted.`,
        )
      : undefined;
  },
  id: ({ inputs }) => textAt(inputs, "userId") ?? "",
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "elasticache", `user:${id}`),
    authenticationMode: {
      type: authenticationOf(inputs) ?? "",
      passwordCount: Math.max(
        textsAt(inputs, "passwords").length,
        textsAt(mapAt(inputs, "authenticationMode"), "passwords").length,
      ),
    },
  }),
};

/** Users of a group: what it was made with, and what was added. */
function memberIds(operation: Operation, group: CloudResource): string[] {
  const added = here(operation, ASSOCIATION)
    .filter(({ inputs }) => textAt(inputs, "userGroupId") === group.id)
    .map(({ inputs }) => textAt(inputs, "userId") ?? "");
  return [...new Set([...textsAt(group.inputs, "userIds"), ...added])];
}

/** What a group of the engine cannot hold together. */
function membersRefusal(operation: Operation, engine: string, ids: readonly string[]): Refusal | undefined {
  const users = ids.flatMap((id) => findBy(here(operation, USER), id, "id") ?? []);
  const names = users.map(({ inputs }) => textAt(inputs, "userName") ?? "");
  // The service's own default user may be a member by its id.
  if (ids.includes("default")) names.push("default");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    return new Refusal("DuplicateUserName", `The user name ${twice} is in the user group already.`);
  if (engine === "redis") {
    const other = users.find(({ inputs }) => textAt(inputs, "engine")?.toLowerCase() !== "redis");
    if (other !== undefined)
      return combination(`User ${other.id} with engine valkey cannot be added to user group with engine Redis`);
    return names.includes("default")
      ? undefined
      : new Refusal("DefaultUserRequired", "Redis user group needs to contain a user with the user name default.");
  }
  const open = ids.includes("default")
    ? "default"
    : users.find(({ inputs }) => authenticationOf(inputs) === "no-password-required")?.id;
  return open === undefined
    ? undefined
    : combination(`No password user ${open} cannot be added to user group with engine Valkey`);
}

const engineOf = (properties: Properties): string => (textAt(properties, "engine") ?? "redis").toLowerCase();

const userNotFound = (id: string): Refusal => new Refusal("UserNotFound", `User ${id} not found.`);

function groupRefusal(operation: Operation): Refusal | undefined {
  const { inputs, existing } = operation;
  const ids = textsAt(inputs, "userIds");
  const missing = ids.find((id) => id !== "default" && findBy(here(operation, USER), id, "id") === undefined);
  if (missing !== undefined) return userNotFound(missing);
  const members = existing === undefined ? ids : memberIds(operation, { ...existing, inputs });
  return membersRefusal(operation, engineOf(inputs), members);
}

const userGroup: ResourceRules = {
  unique: [
    {
      property: "userGroupId",
      within: "region",
      refuse: (id) => new Refusal("UserGroupAlreadyExists", `User group ${id} already exists.`),
    },
  ],
  check: (inputs) => idFailures(inputs, "userGroupId"),
  refuseCreate: groupRefusal,
  refuseUpdate: groupRefusal,
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const user = here(operation, REPLICATION_GROUP).find(({ inputs }) => textsAt(inputs, "userGroupIds").includes(id));
    return user === undefined
      ? undefined
      : new Refusal("InvalidUserGroupState", `User group ${id} is associated with replication group ${user.id}.`);
  },
  id: ({ inputs }) => textAt(inputs, "userGroupId") ?? "",
  computed: ({ location }, id) => ({ arn: regionalArn(location, "elasticache", `usergroup:${id}`) }),
};

const association: ResourceRules = {
  references: [
    { ...reference("userGroupId", [USER_GROUP], "id", "", (id) => id), refuse: userGroupNotFound },
    { ...reference("userId", [USER], "id", "", (id) => id), refuse: userNotFound },
  ],
  replaces: (olds, news) => ["userGroupId", "userId"].filter((property) => olds[property] !== news[property]),
  refuseCreate(operation) {
    const [groupId, userId] = [textAt(operation.inputs, "userGroupId"), textAt(operation.inputs, "userId")];
    const group = findBy(here(operation, USER_GROUP), groupId ?? "", "id");
    if (group === undefined || userId === undefined) return undefined;
    const members = memberIds(operation, group);
    return members.includes(userId)
      ? combination(`User ${userId} is already a member of user group ${group.id}.`)
      : membersRefusal(operation, engineOf(group.inputs), [...members, userId]);
  },
  refuseDelete(operation) {
    const { inputs } = operation.existing ?? operation;
    const group = findBy(here(operation, USER_GROUP), textAt(inputs, "userGroupId") ?? "", "id");
    return group === undefined
      ? undefined
      : membersRefusal(operation, engineOf(group.inputs), memberIds(operation, group));
  },
  id: ({ inputs }) => `${textAt(inputs, "userGroupId") ?? ""},${textAt(inputs, "userId") ?? ""}`,
};

export const userResources = {
  [USER]: user,
  [USER_GROUP]: userGroup,
  [ASSOCIATION]: association,
} satisfies Record<string, ResourceRules>;
