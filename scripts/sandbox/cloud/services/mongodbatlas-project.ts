import { isIP } from "node:net";
import type { Properties } from "../../values/value.ts";
import { isNetwork, parseCidr } from "../cidr.ts";
import { flagAt, mapAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import {
  CLUSTER,
  COMPLIANCE,
  createOnly,
  encodedId,
  firstOf,
  inProject,
  LINK,
  PROJECT,
  projectMissing,
  projectOf,
  SETTLED,
} from "./mongodbatlas-lookup.ts";

const AUDITING = "mongodbatlas:index/auditing:Auditing";
const WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow";
const ACCESS_LIST = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList";

function projectRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world, existing } = operation;
  const name = textAt(inputs, "name") ?? "";
  const organization = textAt(inputs, "orgId") ?? "";
  if (!/^[\w .,:&@'()+-]{1,64}$/.test(name))
    return new Refusal("INVALID_GROUP_NAME", `An invalid group name "${name}" was specified.`);
  if (/10gen-|-10gen/.test(name))
    return new Refusal("INVALID_GROUP_NAME_10GEN", 'Group name cannot contain "10gen-" or "-10gen".');
  if (!/^[0-9a-f]{24}$/.test(organization))
    return new Refusal("INVALID_ORG_ID", `An invalid organization ID ${organization} was specified.`);
  const rival = world
    .all(PROJECT)
    .find(
      (other) =>
        other.id !== existing?.id &&
        textAt(other.inputs, "orgId") === organization &&
        textAt(other.inputs, "name") === name,
    );
  return rival === undefined
    ? undefined
    : new Refusal("GROUP_ALREADY_EXISTS", `A group with name "${name}" already exists.`);
}

/** What must go before its project does, and what Atlas says as long as it is there. */
const CONTENTS: readonly { readonly type: string; readonly code: string; readonly message: string }[] = [
  {
    type: CLUSTER,
    code: "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
    message: "Cannot close group while it has active clusters; please terminate all clusters.",
  },
  {
    type: LINK,
    code: "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES",
    message:
      "Cannot close group while it has active private endpoint services; please terminate all private endpoint services.",
  },
  {
    type: COMPLIANCE,
    code: "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP_COMPLIANCE_POLICY",
    message: "You can't terminate a project if it has a Backup Compliance Policy enabled and active snapshots.",
  },
];

const project: ResourceRules = {
  check: (inputs) => tagFailures(inputs),
  refuseCreate: projectRefusal,
  refuseUpdate: (operation) =>
    createOnly(operation, "projectOwnerId", "withDefaultAlertsSettings") ?? projectRefusal(operation),
  refuseDelete({ world, existing }) {
    const held = CONTENTS.find(({ type }) => inProject(world, type, existing?.id ?? "").length > 0);
    return held === undefined ? undefined : new Refusal(held.code, held.message);
  },
  id: (operation) => operation.hex("project", 24),
  computed: (operation, id) => ({
    clusterCount: inProject(operation.world, CLUSTER, id).length,
    created: SETTLED,
    // What Atlas turns on unless told otherwise.
    ...Object.fromEntries(PROJECT_SETTINGS.map((setting) => [setting, flagAt(operation.inputs, setting) ?? true])),
    ipAddresses: { services: { clusters: [] } },
  }),
};

const PROJECT_SETTINGS = [
  "isCollectDatabaseSpecificsStatisticsEnabled",
  "isDataExplorerEnabled",
  "isPerformanceAdvisorEnabled",
  "isRealtimePerformancePanelEnabled",
  "isSchemaAdvisorEnabled",
] as const;

/** Keys and values of 1 to 255 characters. */
export function tagFailures(inputs: Properties): CheckFailure[] {
  return Object.entries(mapAt(inputs, "tags")).flatMap(([key, value]) => {
    const fits = (text: unknown): boolean => typeof text !== "string" || (text.length >= 1 && text.length <= 255);
    return fits(key) && fits(value)
      ? []
      : [{ property: `tags.${key}`, reason: "a tag's key and value have 1 to 255 characters each" }];
  });
}

const auditing: ResourceRules = {
  refuseCreate: (operation) => projectMissing(operation) ?? auditRefusal(operation),
  refuseUpdate: auditRefusal,
  equivalent: (property, old, now) => property === "auditFilter" && sameJson(old, now),
  id: projectOf,
  computed: ({ inputs }) => ({
    auditAuthorizationSuccess: flagAt(inputs, "auditAuthorizationSuccess") ?? false,
    auditFilter: textAt(inputs, "auditFilter") ?? "{}",
    configurationType: textAt(inputs, "auditFilter") === undefined ? "NONE" : "FILTER_JSON",
    enabled: flagAt(inputs, "enabled") ?? false,
  }),
};

function auditRefusal({ inputs }: Operation): Refusal | undefined {
  const filter = textAt(inputs, "auditFilter");
  return filter === undefined || isJsonObject(filter)
    ? undefined
    : new Refusal(
        "INVALID_JSON_ATTRIBUTE",
        "Received JSON for the auditFilter attribute does not match expected format.",
      );
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function isJsonObject(text: string): boolean {
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const sameJson = (old: unknown, now: unknown): boolean => {
  const [one, other] = [parsed(old), parsed(now)];
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
};

const window: ResourceRules = {
  refuseCreate: (operation) => projectMissing(operation),
  check(inputs) {
    const hours = mapAt(inputs, "protectedHours");
    const [start, end] = [numberAt(hours, "startHourOfDay"), numberAt(hours, "endHourOfDay")];
    return start !== undefined && start === end
      ? [{ property: "protectedHours.endHourOfDay", reason: "must differ from startHourOfDay" }]
      : [];
  },
  id: projectOf,
  computed: ({ inputs }) => ({
    autoDefer: flagAt(inputs, "autoDefer") ?? false,
    autoDeferOnceEnabled: flagAt(inputs, "autoDeferOnceEnabled") ?? false,
    numberOfDeferrals: 0,
    startAsap: false,
    timeZoneId: "Etc/GMT",
  }),
};

const entryOf = (inputs: Properties): string =>
  textAt(inputs, "cidrBlock") ?? textAt(inputs, "ipAddress") ?? textAt(inputs, "awsSecurityGroup") ?? "";

function entryRefusal({ inputs }: Operation): Refusal | undefined {
  const cidr = textAt(inputs, "cidrBlock");
  const address = textAt(inputs, "ipAddress");
  if (cidr !== undefined && parseCidr(cidr) === undefined)
    return new Refusal("INVALID_CIDR_BLOCK", `The cidr block ${cidr} must be in valid CIDR notation.`);
  if (address !== undefined && isIP(address) === 0)
    return new Refusal(
      "INVALID_IP_ADDRESS_OR_CIDR_NOTATION",
      `The address ${address} must be in valid IP address or CIDR notation.`,
    );
  if ((textAt(inputs, "comment") ?? "").length > 80)
    return new Refusal("INVALID_NETWORK_PERMISSION_COMMENT", "The comment must be 80 characters or less.");
  // The sandbox has no peering.
  if (inputs["awsSecurityGroup"] !== undefined)
    return new Refusal(
      "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION",
      "Cannot use aws security groups as whitelist entries without a vpc peering connection.",
    );
  return undefined;
}

const accessList: ResourceRules = {
  check(inputs) {
    const cidr = textAt(inputs, "cidrBlock");
    const range = cidr === undefined ? undefined : parseCidr(cidr);
    return range === undefined || isNetwork(range)
      ? []
      : [{ property: "cidrBlock", reason: `${cidr ?? ""} is not in its canonical form: host bits must be zero` }];
  },
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => entryRefusal(operation),
    ),
  id: (operation) => encodedId({ entry: entryOf(operation.inputs), project_id: projectOf(operation) }),
  computed({ inputs }): Properties {
    const address = textAt(inputs, "ipAddress");
    return {
      awsSecurityGroup: textAt(inputs, "awsSecurityGroup") ?? "",
      cidrBlock:
        textAt(inputs, "cidrBlock") ?? (address === undefined ? "" : `${address}/${isIP(address) === 6 ? 128 : 32}`),
      comment: textAt(inputs, "comment") ?? "",
      ipAddress: address ?? "",
    };
  },
};

export const projectResources: Readonly<Record<string, ResourceRules>> = {
  [PROJECT]: project,
  [AUDITING]: auditing,
  [WINDOW]: window,
  [ACCESS_LIST]: accessList,
};
