import { anySet, expects, isNotTrue, isSet, oneOf, textOf, unless, type Expectation } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { isMemcached } from "./elasticache.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";
const USER = "aws:elasticache/user:User";
const USER_GROUP = "aws:elasticache/userGroup:UserGroup";
const USER_ASSOCIATION = "aws:elasticache/userGroupAssociation:UserGroupAssociation";

const openGroup = anySet(
  ["userGroupIds", "authTokenWo", "authToken"],
  "set userGroupIds to an aws.elasticache.UserGroup whose users prove an IAM role",
);

/** RBAC is the only access control of a serverless cache; Memcached has none. */
const openServerless = unless(
  isMemcached,
  expects("userGroupId", isSet, "set userGroupId to an aws.elasticache.UserGroup"),
);

/** An access string with `off` lets nobody in, unless a later word says `on`. */
const isOff = ({ props }: Resource): boolean => saysOff(textOf(props["accessString"]) ?? "");

const saysOff = (accessString: string): boolean =>
  accessString
    .toLowerCase()
    .split(/\s+/)
    .findLast((word) => word === "on" || word === "off") === "off";

/** Users that anybody who reaches the cache may be. */
function passwordless(resource: Resource): readonly Finding[] {
  if (isOff(resource)) return [];
  return [
    ...expects("noPasswordRequired", isNotTrue, 'remove it, and set authenticationMode: { type: "iam" }')(resource, {}),
    ...expects("authenticationMode.type", anyMode, 'set authenticationMode: { type: "iam" }')(resource, {}),
  ];
}

const anyMode: Expectation = {
  is: (value) => value !== "no-password-required",
  expected: "iam",
};

/** Users that are switched off need prove nothing. */
const withoutRole = unless(
  isOff,
  expects("authenticationMode.type", oneOf("iam"), 'set authenticationMode: { type: "iam" }'),
);

const ALL_COMMANDS: ReadonlySet<string> = new Set(["+@all", "allcommands"]);
const NO_COMMANDS: ReadonlySet<string> = new Set(["-@all", "nocommands"]);
const GRAVE = ["admin", "dangerous"];

/** The grave categories of commands that an access string leaves allowed; the later word wins. */
function graveCommands(accessString: string): readonly string[] {
  const allowed = new Set<string>();
  for (const word of accessString.toLowerCase().split(/\s+/))
    if (ALL_COMMANDS.has(word)) for (const category of GRAVE) allowed.add(category);
    else if (NO_COMMANDS.has(word)) allowed.clear();
    else if (/^[+-]@(admin|dangerous)$/.test(word))
      if (word.startsWith("+")) allowed.add(word.slice(2));
      else allowed.delete(word.slice(2));
  return [...allowed];
}

const withoutGraveCommands: Expectation = {
  is: (value) => typeof value === "string" && value !== "" && (saysOff(value) || graveCommands(value).length === 0),
  expected: "without the categories admin and dangerous",
};

/** The user `default` that AWS makes may do everything without a password. */
const builtInUser: Expectation = {
  is: (value) => textOf(value)?.toLowerCase() !== "default",
  expected: "a user of the program",
};

const ownUser = (path: string): ReturnType<typeof expects> =>
  expects(
    path,
    builtInUser,
    'replace it by an aws.elasticache.User with userName: "default" and accessString: "off -@all"',
  );

export const rules: readonly Rule[] = [
  {
    name: "elasticache-authenticates",
    description: "Whoever connects to ElastiCache proves who it is, by a user of a group or by a token.",
    why: "Without it whatever reaches the port reads and writes everything.",
    severity: "high",
    level: "mandatory",
    standards: [
      "CKV_AWS_31",
      "FSBP ElastiCache.6",
      "AwsSolutions-AEC6",
      "Prowler elasticache_redis_replication_group_auth_enabled",
    ],
    resources: [
      { types: [GROUP], unknown: "defer", find: openGroup },
      { types: [SERVERLESS], unknown: "defer", find: openServerless },
    ],
  },
  {
    name: "elasticache-user-authenticates",
    description: "No ElastiCache user that is switched on comes in without a proof.",
    why: "Such a user is anybody who can reach the port.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [{ types: [USER], unknown: "refuse", find: passwordless }],
  },
  {
    name: "elasticache-user-by-role",
    description: "ElastiCache users prove an IAM role instead of knowing a password.",
    why: "A role's proof lasts minutes and is nowhere stored, and a password must be kept, shared, and changed.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [USER], unknown: "refuse", find: withoutRole }],
  },
  {
    name: "elasticache-user-limited",
    description: "No ElastiCache user may administer the cache or run dangerous commands.",
    why: "One leaked login could then flush, copy, or reconfigure the whole cache.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [USER],
        unknown: "defer",
        find: expects(
          "accessString",
          withoutGraveCommands,
          'list what it needs, such as "on ~api:* -@all +@read +@write -@admin -@dangerous"',
        ),
      },
    ],
  },
  {
    name: "elasticache-default-user-replaced",
    description: "No group of ElastiCache users holds the built-in user default.",
    why: "It may do everything without a password, and a connection without a name comes as it.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [USER_GROUP], unknown: "defer", find: ownUser("userIds[]") },
      { types: [USER_ASSOCIATION], unknown: "defer", find: ownUser("userId") },
    ],
  },
];
