import { UNKNOWN } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { cluster, instance, proxy } from "../../test/sent/rds.ts";

const iam = "rds-iam-authentication";
const password = "rds-master-password-managed";

export const cases: readonly Case[] = [
  ...[instance(), cluster(), instance({ engine: "mariadb" })].flatMap((sound) =>
    aboutProperty({
      rule: iam,
      sound,
      property: "iamDatabaseAuthenticationEnabled",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  {
    rule: iam,
    when: "the engine does not know it",
    given: instance({ engine: "sqlserver-se", iamDatabaseAuthenticationEnabled: false }),
    result: "passes",
  },
  {
    rule: iam,
    when: "the engine is unknown",
    given: instance({ engine: UNKNOWN, iamDatabaseAuthenticationEnabled: false }),
    result: [/iamDatabaseAuthenticationEnabled: it is false/],
  },
  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: password,
      sound,
      property: "manageMasterUserPassword",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "waits",
    }),
  ),
  ...(
    [
      [instance(), "password"],
      [cluster(), "masterPassword"],
    ] as const
  ).flatMap(([sound, property]) =>
    aboutProperty({
      rule: password,
      sound,
      property,
      fails: ["Tr0ub4dor&3"],
      absent: "passes",
      unknown: "fails",
      says: /it is set, and so stands in the state/,
    }),
  ),
  {
    rule: password,
    when: "it shows no password",
    given: instance({ password: "Tr0ub4dor&3" }),
    result: [/^(?!.*Tr0ub4dor)/s],
  },
  {
    rule: password,
    when: "the password is written once, and not kept",
    given: instance({ manageMasterUserPassword: false, passwordWo: UNKNOWN }),
    result: "passes",
  },
  {
    rule: password,
    when: "it is a replica",
    given: instance({ manageMasterUserPassword: false, replicateSourceDb: "orders" }),
    result: "passes",
  },
  {
    rule: password,
    when: "it is restored from a snapshot",
    given: cluster({ manageMasterUserPassword: false, snapshotIdentifier: "before" }),
    result: "passes",
  },
  ...(
    [
      [instance(), "username"],
      [cluster(), "masterUsername"],
    ] as const
  ).flatMap(([sound, property]) =>
    aboutProperty({
      rule: "rds-master-name-not-default",
      sound,
      property,
      passes: ["keeper"],
      fails: ["postgres", "Admin"],
      absent: "passes",
      unknown: "waits",
    }),
  ),
  ...aboutProperty({
    rule: "rds-proxy-secret-by-role",
    sound: proxy(),
    property: "auths[0].iamAuth",
    passes: ["REQUIRED"],
    fails: ["DISABLED"],
    absent: "fails",
    unknown: "refused",
  }),
  {
    rule: "rds-proxy-secret-by-role",
    when: "the proxy's own scheme decides",
    given: { type: "aws:rds/proxy:Proxy", props: { requireTls: true, defaultAuthScheme: "IAM_AUTH" } },
    result: "passes",
  },
];
