import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { group, serverless } from "../../test/sent/elasticache.ts";

const user = (props: Sent["props"] = {}): Sent => ({
  type: "aws:elasticache/user:User",
  props: {
    userId: "api",
    userName: "api",
    engine: "valkey",
    accessString: "on ~api:* -@all +@read +@write",
    authenticationMode: { type: "iam" },
    ...props,
  },
});
const off = user({ accessString: "off -@all", authenticationMode: { type: "password" }, passwords: [UNKNOWN] });
const userGroup = (userIds: Json): Sent => ({
  type: "aws:elasticache/userGroup:UserGroup",
  props: { engine: "valkey", userGroupId: "users", userIds },
});
const authenticates = "elasticache-authenticates";
const userAuthenticates = "elasticache-user-authenticates";
const byRole = "elasticache-user-by-role";
const limited = "elasticache-user-limited";
const defaultUser = "elasticache-default-user-replaced";

export const cases: readonly Case[] = [
  ...aboutProperty({
    rule: authenticates,
    sound: group(),
    property: "userGroupIds",
    passes: [["users"], [UNKNOWN]],
    absent: "fails",
    unknown: "waits",
    says: /neither it nor authTokenWo, authToken is set\..*Fix: set userGroupIds/,
  }),
  {
    rule: authenticates,
    when: "the list of groups is empty",
    given: group({ userGroupIds: [] }),
    result: [/userGroupIds: neither it nor/],
  },
  {
    rule: authenticates,
    when: "a token stands for the groups",
    given: group({ userGroupIds: [], authToken: "a-token-of-sixteen" }),
    result: "passes",
  },
  {
    rule: authenticates,
    when: "the token is unknown",
    given: group({ userGroupIds: [], authToken: UNKNOWN }),
    result: "waits",
  },
  ...aboutProperty({
    rule: authenticates,
    sound: serverless(),
    property: "userGroupId",
    passes: ["users"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),
  {
    rule: authenticates,
    when: "a serverless Memcached has no users",
    given: { type: "aws:elasticache/serverlessCache:ServerlessCache", props: { engine: "memcached" } },
    result: "passes",
  },

  ...aboutProperty({
    rule: userAuthenticates,
    sound: user(),
    property: "noPasswordRequired",
    passes: [false, "false"],
    fails: [true, "true"],
    absent: "passes",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: userAuthenticates,
    sound: user(),
    property: "authenticationMode.type",
    passes: ["iam", "password"],
    fails: ["no-password-required"],
    absent: "passes",
    unknown: "refused",
  }),
  {
    rule: userAuthenticates,
    when: "the user is switched off and on again",
    given: user({ accessString: "off ~* on -@all", noPasswordRequired: true }),
    result: [/noPasswordRequired: it is true/],
  },
  {
    rule: userAuthenticates,
    when: "the user is switched off",
    given: user({ accessString: "off -@all", noPasswordRequired: true }),
    result: "passes",
  },
  {
    rule: userAuthenticates,
    when: "what the user may do is unknown",
    given: user({ accessString: UNKNOWN, noPasswordRequired: true }),
    result: [/noPasswordRequired: it is true, and must be false/],
  },

  ...aboutProperty({
    rule: byRole,
    sound: user(),
    property: "authenticationMode.type",
    passes: ["iam"],
    fails: ["password", "no-password-required"],
    absent: "fails",
    unknown: "refused",
  }),
  { rule: byRole, when: "the user is switched off", given: off, result: "passes" },

  ...aboutProperty({
    rule: limited,
    sound: user(),
    property: "accessString",
    passes: [
      "on ~api:* -@all +@read +@write",
      "on ~* +@all -@dangerous -@admin",
      "on ~* +@admin -@all +@read",
      "off +@all",
    ],
    fails: ["on ~* +@all", "on allkeys allcommands -@admin", "on ~api:* +@read +@DANGEROUS", "on ~* -@all +@all"],
    absent: "fails",
    unknown: "waits",
  }),

  {
    rule: defaultUser,
    when: "the group holds users of the program",
    given: userGroup(["cache-default", "api"]),
    result: "passes",
  },
  {
    rule: defaultUser,
    when: "the group holds the built-in user",
    given: userGroup(["api", "default"]),
    result: [/userIds\[1\]: it is "default".*Fix: replace it by an aws\.elasticache\.User/],
  },
  {
    rule: defaultUser,
    when: "one member is unknown and another built-in",
    given: userGroup([UNKNOWN, "default"]),
    result: [/userIds\[1\]/],
  },
  { rule: defaultUser, when: "a member is unknown", given: userGroup([UNKNOWN]), result: "waits" },
  { rule: defaultUser, when: "the group is empty", given: userGroup([]), result: "passes" },
  ...aboutProperty({
    rule: defaultUser,
    sound: {
      type: "aws:elasticache/userGroupAssociation:UserGroupAssociation",
      props: { userGroupId: "users", userId: "api" },
    },
    property: "userId",
    passes: ["api"],
    fails: ["default"],
    absent: "passes",
    unknown: "waits",
  }),
];
