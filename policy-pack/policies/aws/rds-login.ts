import { described, expects, isSet, isTrue, oneOf, type Expectation } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { notInState } from "../../support/secrets/in-state.ts";
import { Unknown } from "../../support/unknown.ts";
import { CLUSTER, INSTANCE, PROXY, familyOf } from "./rds.ts";

/** Whether Secrets Manager, or the database that this one is a copy of, gives the first user its password. */
const unmanaged =
  (...others: readonly string[]) =>
  (resource: Resource): readonly Finding[] => {
    const manage = resource.props["manageMasterUserPassword"];
    if (manage instanceof Unknown) return [{ property: "manageMasterUserPassword", unknown: manage }];
    if (isTrue.is(manage)) return [];
    if (others.some((other) => isSet.is(resource.props[other]))) return [];
    return [
      {
        property: "manageMasterUserPassword",
        wrong: described(manage),
        fix: "set manageMasterUserPassword: true, which keeps the password in Secrets Manager",
      },
    ];
  };

const MANAGED = "remove it, and set manageMasterUserPassword: true";

const IAM_FAMILIES: ReadonlySet<string> = new Set(["postgres", "mysql", "mariadb"]);

/** IAM authentication, of the engines that know it. */
function withoutIam(resource: Resource): readonly Finding[] {
  const family = familyOf(resource.props["engine"]);
  if (family !== undefined && !IAM_FAMILIES.has(family)) return [];
  const property = "iamDatabaseAuthenticationEnabled";
  return expects(property, isTrue, `set ${property}: true`)(resource, {});
}

const DEFAULT_NAMES: ReadonlySet<string> = new Set([
  "admin",
  "administrator",
  "awsuser",
  "master",
  "mysql",
  "postgres",
  "root",
  "sa",
]);

const ownName: Expectation = {
  is: (value) => typeof value !== "string" || !DEFAULT_NAMES.has(value.toLowerCase()),
  expected: "a name that nobody guesses",
};

export const rules: readonly Rule[] = [
  {
    name: "rds-iam-authentication",
    description: "RDS lets users prove an IAM role.",
    why: "A role's proof lasts 15 minutes and is nowhere stored, unlike a password.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_161", "FSBP RDS.10", "AwsSolutions-RDS6", "AWS-0176"],
    resources: [{ types: [INSTANCE, CLUSTER], unknown: "refuse", find: withoutIam }],
  },
  {
    name: "rds-master-password-managed",
    description: "The password of an RDS master user is in Secrets Manager alone.",
    why: "One in the program stands in its state and history, and nobody rotates it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [INSTANCE], unknown: "refuse", find: notInState("password", MANAGED) },
      { types: [CLUSTER], unknown: "refuse", find: notInState("masterPassword", MANAGED) },
      {
        types: [INSTANCE],
        unknown: "defer",
        find: unmanaged("password", "passwordWo", "replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime"),
      },
      {
        types: [CLUSTER],
        unknown: "defer",
        find: unmanaged(
          "masterPassword",
          "masterPasswordWo",
          "replicationSourceIdentifier",
          "snapshotIdentifier",
          "restoreToPointInTime",
          "globalClusterIdentifier",
        ),
      },
    ],
  },
  {
    name: "rds-master-name-not-default",
    description: "The master user of RDS has a name that is not its engine's default.",
    why: "Whoever tries passwords must guess the name too.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP RDS.25"],
    resources: [
      { types: [INSTANCE], unknown: "defer", find: expects("username", ownName, 'set username to another, "keeper"') },
      {
        types: [CLUSTER],
        unknown: "defer",
        find: expects("masterUsername", ownName, 'set masterUsername to another, "keeper"'),
      },
    ],
  },
  {
    name: "rds-proxy-secret-by-role",
    description: "Clients of an RDS proxy prove an IAM role.",
    why: "The proxy then keeps the only copy of the database's password.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: [PROXY],
        unknown: "refuse",
        find: expects("auths[].iamAuth", oneOf("REQUIRED"), 'set auths[0].iamAuth: "REQUIRED"'),
      },
    ],
  },
];
