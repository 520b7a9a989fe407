import { WIDE_ROLES, clustersWithout } from "../../support/data/atlas.ts";
import { isWorld } from "../../support/network/ranges.ts";
import {
  at,
  elements,
  expects,
  isSet,
  isTrue,
  locate,
  textOf,
  textsOf,
  type Expectation,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { notInState } from "../../support/secrets/in-state.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const ACCESS_LISTS = [
  "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
  "mongodbatlas:index/accessListApiKey:AccessListApiKey",
  "mongodbatlas:index/serviceAccountAccessListEntry:ServiceAccountAccessListEntry",
  "mongodbatlas:index/projectServiceAccountAccessListEntry:ProjectServiceAccountAccessListEntry",
];
const USER = "mongodbatlas:index/databaseUser:DatabaseUser";
const CUSTOM_ROLE = "mongodbatlas:index/customDbRole:CustomDbRole";
const AUDITING = "mongodbatlas:index/auditing:Auditing";
const ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration";
const PRIVATE_WAYS = [
  "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService",
  "mongodbatlas:index/networkPeering:NetworkPeering",
];

/** Entries that let the internet at large in. */
function worldEntries({ props }: Resource): readonly Finding[] {
  const property = "cidrBlock";
  const world = isWorld(props[property]);
  if (world instanceof Unknown) return [{ property, unknown: world }];
  if (!world) return [];
  const cidr = textOf(props[property]) ?? "";
  return [
    {
      property,
      wrong: `${cidr} is the internet`,
      fix: "remove the entry, and connect by a private endpoint, or name the addresses that need it",
    },
  ];
}

const narrowRole: Expectation = {
  is: (value) => typeof value !== "string" || !WIDE_ROLES.has(value),
  expected: "a role for one database",
};

/** How a user may prove who it is without a password. */
const PROOFS = ["awsIamType", "oidcAuthType", "x509Type", "ldapAuthType"];

/** Users that know a password instead of proving a role. */
function byPassword({ props }: Resource): readonly Finding[] {
  const proofs = PROOFS.map((property) => ({ property, value: props[property] }));
  if (proofs.some(({ value }) => typeof value === "string" && value !== "" && value !== "NONE")) return [];
  for (const { property, value } of proofs) if (value instanceof Unknown) return [{ property, unknown: value }];
  return [
    {
      property: "awsIamType",
      wrong: "neither it nor another proof is set, so the user knows a password",
      fix: 'set awsIamType: "ROLE", authDatabaseName: "$external", and username to the role\'s ARN',
    },
  ];
}

/** What of a whole cluster may be read without its data. */
const HARMLESS = /^(LIST_|GET_|SERVER_STATUS$|DB_STATS$|COLL_STATS$|TOP$|HOST_INFO$|INPROG$|CONN_POOL_STATS$|SH_GET_)/;

/** Custom roles that reach past named databases. */
function wideActions({ props }: Resource): readonly Finding[] {
  return locate(props, "actions[]").flatMap(({ property, value: action }): readonly Finding[] => {
    if (action instanceof Unknown) return [{ property, unknown: action }];
    const name = at(action, "action");
    return elements({ property: `${property}.resources`, value: at(action, "resources") }).flatMap((resource) =>
      wideResource(resource.property, resource.value, name),
    );
  });
}

function wideResource(property: string, value: Plain, action: Plain): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const cluster = at(value, "cluster");
  const database = at(value, "databaseName");
  if (cluster instanceof Unknown) return [{ property: `${property}.cluster`, unknown: cluster }];
  if (isTrue.is(cluster)) {
    if (action instanceof Unknown)
      return [{ property: property.replace(/\.resources.*$/, ".action"), unknown: action }];
    if (HARMLESS.test(textOf(action) ?? "")) return [];
    return [
      {
        property: `${property}.cluster`,
        wrong: `${textOf(action) ?? "the action"} is allowed on the whole cluster`,
        fix: "name the database instead of the cluster",
      },
    ];
  }
  if (database instanceof Unknown) return [{ property: `${property}.databaseName`, unknown: database }];
  if (isSet.is(database)) return [];
  return [
    {
      property: `${property}.databaseName`,
      wrong: `${textOf(action) ?? "the action"} is allowed on every database`,
      fix: "name the database",
    },
  ];
}

/** Kinds of notification that reach nobody until a way is switched on. */
const SWITCHED: ReadonlySet<Plain> = new Set(["GROUP", "ORG", "USER", "TEAM"]);

/** Alerts that are off, or that nobody hears. */
function unheard(resource: Resource): readonly Finding[] {
  const property = "notifications";
  const value = resource.props[property];
  const off = expects("enabled", isTrue, "set enabled: true")(resource, {});
  const fix = "add a notification with typeName and its address";
  if (value instanceof Unknown) return [...off, { property, unknown: value }];
  if (!isSet.is(value)) return [...off, { property, wrong: "nobody is told", fix }];
  return [...off, ...elements({ property, value }).flatMap(silent)];
}

function silent({ property, value }: { readonly property: string; readonly value: Plain }): readonly Finding[] {
  const type = at(value, "typeName");
  if (type instanceof Unknown) return [{ property, unknown: type }];
  if (!SWITCHED.has(type)) return [];
  const ways = ["emailEnabled", "smsEnabled"].map((way) => at(value, way));
  if (ways.some((way) => isTrue.is(way))) return [];
  const unknown = ways.find((way) => way instanceof Unknown);
  if (unknown instanceof Unknown) return [{ property, unknown }];
  return [{ property, wrong: "neither mail nor text message is switched on", fix: "set emailEnabled: true" }];
}

/** Clusters whose project has no alert of an event that must be heard of. */
function missingAlerts(stack: Stack, config: Config): readonly Finding[] {
  const alerts = Map.groupBy(stack.ofType([ALERT]), ({ props }) => props["eventType"]);
  return textsOf(config["events"]).flatMap((event) =>
    clustersWithout(stack, alerts.get(event) ?? [], {
      property: "projectId",
      wrong: `its project has no alert of ${event}`,
      fix: `add a mongodbatlas.AlertConfiguration with eventType: "${event}" and a notification`,
    }),
  );
}

/** Roles that own an organization or a project of Atlas. */
const OWNERS: ReadonlySet<Plain> = new Set(["ORG_OWNER", "GROUP_OWNER"]);
const notOwner: Expectation = { is: (value) => !OWNERS.has(value), expected: "less than an owner's role" };
const ownerless = (path: string): Find =>
  expects(path, notOwner, "replace it by the roles that the key needs, such as GROUP_CLUSTER_MANAGER");

export const rules: readonly Rule[] = [
  {
    name: "mongodbatlas-access-list-not-world",
    description: "No Atlas access list lets the internet in.",
    why: "Then a password alone stands between the internet and the database.",
    severity: "critical",
    level: "mandatory",
    standards: ["Prowler projects_network_access_list_exposed_to_internet"],
    resources: [{ types: ACCESS_LISTS, unknown: "defer", find: worldEntries }],
  },
  {
    name: "mongodbatlas-private-endpoint",
    description: "Atlas clusters are reached by a private endpoint or by peering.",
    why: "Otherwise every query crosses the public internet, and addresses are all that keep strangers out.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: (stack) =>
      clustersWithout(stack, stack.ofType(PRIVATE_WAYS), {
        property: "projectId",
        wrong: "its project has no private endpoint and no peering",
        fix: "add a mongodbatlas.PrivateLinkEndpoint and a mongodbatlas.PrivateLinkEndpointService for the project",
      }),
  },
  {
    name: "mongodbatlas-user-not-administrator",
    description: "No Atlas database user has a role that reaches past one database.",
    why: "A leak in one service would open every database of the project.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [USER],
        unknown: "defer",
        find: expects(
          "roles[].roleName",
          narrowRole,
          "replace it by readWrite on one database, or by a mongodbatlas.CustomDbRole",
        ),
      },
    ],
  },
  {
    name: "mongodbatlas-user-scoped",
    description: "Atlas database users are confined to named clusters.",
    why: "Without a scope a user exists on every cluster that the project has, or will have.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [USER],
        unknown: "defer",
        find: expects("scopes", isSet, 'set scopes: [{ type: "CLUSTER", name: cluster.name }]'),
      },
    ],
  },
  {
    name: "mongodbatlas-user-by-role",
    description: "Atlas database users prove an IAM role, an identity, or a certificate.",
    why: "A role's proof lasts minutes and is nowhere stored, and a password must be kept, shared, and changed.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [USER], unknown: "refuse", find: byPassword }],
  },
  {
    name: "mongodbatlas-user-password-not-in-state",
    description: "No password of an Atlas database user stands in the program's state.",
    why: "Whoever may read the state could log in, and its history keeps the password for ever.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [USER], unknown: "refuse", find: notInState("password", 'remove it, and set awsIamType: "ROLE"') },
    ],
  },
  {
    name: "mongodbatlas-custom-role-narrow",
    description: "Custom roles of Atlas allow their actions on named databases.",
    why: "A role for one service would otherwise open the data of all.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [CUSTOM_ROLE], unknown: "defer", find: wideActions },
      {
        types: [CUSTOM_ROLE],
        unknown: "defer",
        find: expects("inheritedRoles[].roleName", narrowRole, "replace it by a role for one database"),
      },
    ],
  },
  {
    name: "mongodbatlas-key-not-owner",
    description: "No key or service account owns an Atlas organization or project.",
    why: "Whoever holds it may delete every cluster, and let others in.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: ["mongodbatlas:index/apiKey:ApiKey"], unknown: "refuse", find: ownerless("roleNames[]") },
      {
        types: ["mongodbatlas:index/projectApiKey:ProjectApiKey"],
        unknown: "refuse",
        find: ownerless("projectAssignments[].roleNames[]"),
      },
      {
        types: [
          "mongodbatlas:index/serviceAccount:ServiceAccount",
          "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount",
        ],
        unknown: "refuse",
        find: ownerless("roles[]"),
      },
    ],
  },
  {
    name: "mongodbatlas-audited",
    description: "The project of an Atlas cluster writes an audit log.",
    why: "Without it nobody can say who read or changed what.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler projects_auditing_enabled"],
    resources: [{ types: [AUDITING], unknown: "refuse", find: expects("enabled", isTrue, "set enabled: true") }],
    stack: (stack) =>
      clustersWithout(stack, stack.ofType([AUDITING]), {
        property: "projectId",
        wrong: "its project has no audit log",
        fix: "add a mongodbatlas.Auditing with enabled: true for the project",
      }),
  },
  {
    name: "mongodbatlas-alert-notifies",
    description: "Alerts of Atlas are on, and tell somebody; the events that must be heard of have one.",
    why: "An alert that nobody hears is found in the console after the outage.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: {
      events: {
        type: "array",
        description: "Events of which each project with a cluster has an alert.",
        default: ["NO_PRIMARY", "HOST_DOWN", "CPS_SNAPSHOT_FAILED"],
      },
    },
    resources: [{ types: [ALERT], unknown: "defer", find: unheard }],
    stack: missingAlerts,
  },
];
