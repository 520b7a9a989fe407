import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const PROJECT = "1d4b74b21f2ec1f5e9c9a5e7";

const entry = (type: string, props: Sent["props"] = {}): Sent => ({ type: `mongodbatlas:index/${type}`, props });
const cluster = (projectId: Json = PROJECT, references: Sent["references"] = {}): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  name: "orders",
  props: { id: "orders", projectId },
  references,
});
const inProject = (type: string, props: Sent["props"] = {}, projectId: Json = PROJECT, name = type): Sent => ({
  type: `mongodbatlas:index/${type}`,
  name,
  props: { projectId, ...props },
  references: projectId === UNKNOWN ? { projectId: ["project"] } : {},
});
const project: Sent = { type: "mongodbatlas:index/project:Project", name: "project", props: { id: UNKNOWN } };

const user = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/databaseUser:DatabaseUser",
  props: {
    username: "arn:aws:iam::111122223333:role/api",
    authDatabaseName: "$external",
    awsIamType: "ROLE",
    roles: [{ databaseName: "api", roleName: "readWrite" }],
    scopes: [{ type: "CLUSTER", name: "orders" }],
    ...props,
  },
});
const { awsIamType: _awsIamType, ...UNPROVEN } = user().props;
const unproven = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/databaseUser:DatabaseUser",
  props: { ...UNPROVEN, ...props },
});
const role = (...resources: Json[]): Sent => ({
  type: "mongodbatlas:index/customDbRole:CustomDbRole",
  props: { roleName: "api", actions: [{ action: "FIND", resources }] },
});
const onCluster = (action: Json, cluster: Json = true): Sent => ({
  type: "mongodbatlas:index/customDbRole:CustomDbRole",
  props: { roleName: "api", actions: [{ action, resources: [{ cluster }] }] },
});
const alert = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/alertConfiguration:AlertConfiguration",
  props: {
    projectId: PROJECT,
    eventType: "NO_PRIMARY",
    enabled: true,
    notifications: [{ typeName: "EMAIL", emailAddress: "platform@example.com" }],
    ...props,
  },
});
const EVENTS = ["NO_PRIMARY", "HOST_DOWN", "CPS_SNAPSHOT_FAILED"];
const alerts = (events: readonly string[], projectId: Json = PROJECT): readonly Sent[] =>
  events.map((eventType) =>
    inProject("alertConfiguration:AlertConfiguration", { eventType }, projectId, eventType.toLowerCase()),
  );

const world = "mongodbatlas-access-list-not-world";
const endpoint = "mongodbatlas-private-endpoint";
const administrator = "mongodbatlas-user-not-administrator";
const byRole = "mongodbatlas-user-by-role";
const narrow = "mongodbatlas-custom-role-narrow";
const owner = "mongodbatlas-key-not-owner";
const audited = "mongodbatlas-audited";
const notifies = "mongodbatlas-alert-notifies";

const PRIVATE_LINK = "privateLinkEndpointService:PrivateLinkEndpointService";

export const cases: readonly Case[] = [
  ...[
    "projectIpAccessList:ProjectIpAccessList",
    "accessListApiKey:AccessListApiKey",
    "serviceAccountAccessListEntry:ServiceAccountAccessListEntry",
    "projectServiceAccountAccessListEntry:ProjectServiceAccountAccessListEntry",
  ].flatMap((type) =>
    aboutProperty({
      rule: world,
      sound: entry(type, { cidrBlock: "203.0.113.7/32" }),
      property: "cidrBlock",
      passes: ["203.0.113.7/32", "10.0.0.0/16", "2001:db8::/48"],
      fails: ["0.0.0.0/0", "::/0", "0.0.0.0/1", "::0/0"],
      absent: "passes",
      unknown: "waits",
      says: /[\d.:]+\/\d is the internet\..*Fix: remove the entry/,
    }),
  ),
  {
    rule: world,
    when: "one address is let in",
    given: entry("projectIpAccessList:ProjectIpAccessList", { ipAddress: "203.0.113.7" }),
    result: "passes",
  },

  { rule: endpoint, when: "the project has one", given: [cluster(), inProject(PRIVATE_LINK)], result: "passes" },
  {
    rule: endpoint,
    when: "the project is peered",
    given: [cluster(), inProject("networkPeering:NetworkPeering")],
    result: "passes",
  },
  {
    rule: endpoint,
    when: "the project of unknown id has one",
    given: [project, cluster(UNKNOWN, { projectId: ["project"] }), inProject(PRIVATE_LINK, {}, UNKNOWN)],
    result: "passes",
  },
  {
    rule: endpoint,
    when: "another project has one",
    given: [cluster(), inProject(PRIVATE_LINK, {}, "a0a0a0a0a0a0a0a0a0a0a0a0")],
    result: [/projectId: its project has no private endpoint and no peering\..*Fix: add a mongodbatlas\.PrivateLink/],
  },

  ...aboutProperty({
    rule: administrator,
    sound: user(),
    property: "roles[0].roleName",
    passes: ["readWrite", "orders-application"],
    fails: ["atlasAdmin", "readWriteAnyDatabase", "dbAdminAnyDatabase", "readAnyDatabase"],
    absent: "passes",
    unknown: "waits",
  }),
  {
    rule: administrator,
    when: "one role is unknown and another is the administrator's",
    given: user({ roles: [UNKNOWN, { databaseName: "admin", roleName: "atlasAdmin" }] }),
    result: [/roles\[1\]\.roleName: it is "atlasAdmin"/],
  },
  { rule: administrator, when: "the roles are unknown", given: user({ roles: UNKNOWN }), result: "waits" },

  ...aboutProperty({
    rule: "mongodbatlas-user-scoped",
    sound: user(),
    property: "scopes",
    passes: [[{ type: "CLUSTER", name: UNKNOWN }]],
    fails: [[]],
    absent: "fails",
    unknown: "waits",
  }),

  ...aboutProperty({
    rule: byRole,
    sound: user(),
    property: "awsIamType",
    passes: ["ROLE"],
    fails: ["NONE"],
    absent: "fails",
    unknown: "refused",
    says: /neither it nor another proof is set, so the user knows a password/,
  }),
  ...["oidcAuthType", "x509Type", "ldapAuthType"].flatMap((property) => [
    { rule: byRole, when: `${property} is set`, given: unproven({ [property]: "MANAGED" }), result: "passes" as const },
    {
      rule: byRole,
      when: `${property} is unknown`,
      given: unproven({ [property]: UNKNOWN }),
      result: [new RegExp(`${property}: its value is not known`)],
    },
  ]),
  {
    rule: byRole,
    when: "a password is written once",
    given: unproven({ passwordWo: "Tr0ub4dor&3" }),
    result: [/^(?!.*Tr0ub4dor)[^]*awsIamType: neither it nor another proof/],
  },
  ...aboutProperty({
    rule: "mongodbatlas-user-password-not-in-state",
    sound: user(),
    property: "password",
    fails: ["Tr0ub4dor&3"],
    absent: "passes",
    unknown: "fails",
    says: /it is set, and so stands in the state\..*Fix: remove it/,
  }),

  ...aboutProperty({
    rule: narrow,
    sound: role({ databaseName: "api", collectionName: "" }),
    property: "actions[0].resources[0].databaseName",
    passes: ["api"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
    says: /FIND is allowed on every database\..*Fix: name the database/,
  }),
  {
    rule: narrow,
    when: "one resource is unknown and another is every database",
    given: role(UNKNOWN, { databaseName: "" }),
    result: [/actions\[0\]\.resources\[1\]\.databaseName: FIND is allowed on every database/],
  },
  { rule: narrow, when: "it lists databases", given: onCluster("LIST_DATABASES"), result: "passes" },
  { rule: narrow, when: "it measures the cluster", given: onCluster("SERVER_STATUS", "true"), result: "passes" },
  {
    rule: narrow,
    when: "it ends everybody's work",
    given: onCluster("KILL_OP"),
    result: [/actions\[0\]\.resources\[0\]\.cluster: KILL_OP is allowed on the whole cluster/],
  },
  {
    rule: narrow,
    when: "whether it is the whole cluster is unknown",
    given: onCluster("KILL_OP", UNKNOWN),
    result: "waits",
  },
  { rule: narrow, when: "an action on the whole cluster is unknown", given: onCluster(UNKNOWN), result: "waits" },
  ...aboutProperty({
    rule: narrow,
    sound: entry("customDbRole:CustomDbRole", { inheritedRoles: [{ databaseName: "api", roleName: "read" }] }),
    property: "inheritedRoles[0].roleName",
    passes: ["read"],
    fails: ["readWriteAnyDatabase"],
    absent: "passes",
    unknown: "waits",
  }),

  ...(
    [
      [entry("apiKey:ApiKey", { roleNames: ["ORG_READ_ONLY"] }), "roleNames[0]", "ORG_MEMBER", "ORG_OWNER"],
      [
        entry("projectApiKey:ProjectApiKey", { projectAssignments: [{ roleNames: ["GROUP_READ_ONLY"] }] }),
        "projectAssignments[0].roleNames[0]",
        "GROUP_CLUSTER_MANAGER",
        "GROUP_OWNER",
      ],
      [entry("serviceAccount:ServiceAccount", { roles: ["ORG_READ_ONLY"] }), "roles[0]", "ORG_MEMBER", "ORG_OWNER"],
      [
        entry("projectServiceAccount:ProjectServiceAccount", { roles: ["GROUP_READ_ONLY"] }),
        "roles[0]",
        "GROUP_READ_ONLY",
        "GROUP_OWNER",
      ],
    ] as const
  ).flatMap(([sound, property, passes, fails]) =>
    aboutProperty({
      rule: owner,
      sound,
      property,
      passes: [passes],
      fails: [fails],
      absent: "passes",
      unknown: "refused",
    }),
  ),

  ...aboutProperty({
    rule: audited,
    sound: inProject("auditing:Auditing", { enabled: true }),
    property: "enabled",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  {
    rule: audited,
    when: "the project has an audit log",
    given: [cluster(), inProject("auditing:Auditing", { enabled: true })],
    result: "passes",
  },
  {
    rule: audited,
    when: "the project has none",
    given: [cluster()],
    result: [/projectId: its project has no audit log\..*Fix: add a mongodbatlas\.Auditing/],
  },
  {
    rule: audited,
    when: "the project of unknown id has none",
    given: [project, cluster(UNKNOWN, { projectId: ["project"] })],
    result: [/its project has no audit log/],
  },

  ...aboutProperty({
    rule: notifies,
    sound: alert(),
    property: "enabled",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: notifies,
    sound: alert(),
    property: "notifications",
    passes: [
      [{ typeName: "PAGER_DUTY", serviceKey: UNKNOWN }],
      [{ typeName: "GROUP", smsEnabled: "true" }],
      [{ typeName: "USER", username: "on-call", emailEnabled: true }],
    ],
    fails: [[]],
    absent: "fails",
    unknown: "waits",
    says: /nobody is told\..*Fix: add a notification/,
  }),
  {
    rule: notifies,
    when: "no way to the project's people is switched on",
    given: alert({ notifications: [{ typeName: "GROUP", emailEnabled: false }] }),
    result: [/notifications\[0\]: neither mail nor text message is switched on/],
  },
  {
    rule: notifies,
    when: "it is unknown whether mail is switched on",
    given: alert({ notifications: [{ typeName: "GROUP", emailEnabled: UNKNOWN }] }),
    result: "waits",
  },
  {
    rule: notifies,
    when: "one notification is unknown and another reaches nobody",
    given: alert({ notifications: [UNKNOWN, { typeName: "TEAM", teamId: "platform" }] }),
    result: [/notifications\[1\]: neither mail nor text message/],
  },
  { rule: notifies, when: "the project has them all", given: [cluster(), ...alerts(EVENTS)], result: "passes" },
  {
    rule: notifies,
    when: "the project of unknown id has them all",
    given: [project, cluster(UNKNOWN, { projectId: ["project"] }), ...alerts(EVENTS, UNKNOWN)],
    result: "passes",
  },
  {
    rule: notifies,
    when: "one is missing",
    given: [cluster(), ...alerts(EVENTS.slice(1))],
    result: [/projectId: its project has no alert of NO_PRIMARY\..*Fix: add a mongodbatlas\.AlertConfiguration with/],
  },
  {
    rule: notifies,
    when: "the environment asks for another",
    given: [cluster(), ...alerts(EVENTS)],
    config: { events: ["CPS_OPLOG_BEHIND"] },
    result: [/its project has no alert of CPS_OPLOG_BEHIND/],
  },
];
