import {
  ADVANCED_CLUSTER,
  DEDICATED,
  FLEX_CLUSTER,
  LEGACY_CLUSTER,
  SERVERLESS_INSTANCE,
  clustersWithout,
} from "../../support/data/atlas.ts";
import { outOfSupport, type Lifecycle } from "../../support/data/lifecycle.ts";
import {
  at,
  atLeast,
  described,
  expects,
  isAbsent,
  isFalse,
  isSet,
  isTrue,
  locate,
  matching,
  numberOf,
  oneOf,
  orAbsent,
  textOf,
  type Expectation,
  type Located,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const MAINTENANCE_WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow";
const PROJECT = "mongodbatlas:index/project:Project";

const REGIONS = "replicationSpecs[].regionConfigs[]";

const SHARED_SIZES: ReadonlySet<string> = new Set(["M0", "M2", "M5"]);
const SHARED_PROVIDERS: ReadonlySet<string> = new Set(["TENANT", "FLEX", "SERVERLESS"]);

const noneOf = (values: ReadonlySet<string>, expected: string): Expectation => ({
  is: (value) => typeof value !== "string" || !values.has(value),
  expected,
});
const dedicatedSize = noneOf(SHARED_SIZES, "M10 or larger");
const dedicatedProvider = noneOf(SHARED_PROVIDERS, "AWS, AZURE, or GCP");

/** A resource that is a shared cluster by its type. */
const sharedByType: Find = ({ type, props }) => [
  {
    property: type === FLEX_CLUSTER ? "providerSettings" : "providerSettingsProviderName",
    wrong: `the cluster ${textOf(props["name"]) ?? ""} shares its servers with strangers`,
    fix: "use mongodbatlas.AdvancedCluster with M10 or larger",
  },
];

/** Sets of replicas with fewer than three nodes that can become primary, over all regions of a shard. */
function fewElectable({ props }: Resource): readonly Finding[] {
  const shards = locate(props, "replicationSpecs[]");
  if (shards.length === 0) return [{ property: "replicationSpecs", wrong: "it is not set", fix: FEW_FIX }];
  return shards.flatMap(({ property, value }): readonly Finding[] => {
    const place = value instanceof Unknown ? property : `${property}.regionConfigs`;
    const regions = locate(value, "regionConfigs[]").map((region) => region.value);
    if (regions.some((region) => !dedicatedProvider.is(at(region, "providerName")))) return [];
    const counts = regions.map((region) => at(region, "electableSpecs.nodeCount"));
    const known = counts.reduce<number>((sum, count) => sum + (numberOf(count) ?? 0), 0);
    if (known >= 3) return [];
    const unknown = [value, ...counts].find((part) => part instanceof Unknown);
    if (unknown instanceof Unknown) return [{ property: place, unknown }];
    return [{ property: place, wrong: `it has ${String(known)} electable nodes`, fix: FEW_FIX }];
  });
}

const FEW_FIX = "set electableSpecs.nodeCount to 3 in one region, or to a sum of 3, 5, or 7 over several";

/** `M40_NVME` and `R40` are as large as `M40`. */
const sizeOf = (value: Plain): number | undefined => numberOf(/^[MR](\d+)/.exec(textOf(value) ?? "")?.[1]);

/** Sizes of a region of a cluster, and those to which it may grow by itself. */
const SIZES = ["electableSpecs", "readOnlySpecs", "analyticsSpecs"].map((specs) => `${specs}.instanceSize`);
const SCALINGS = ["autoScaling", "analyticsAutoScaling"];

/** Clusters that are, or may become, larger than the environment allows. */
function unbounded(resource: Resource, config: Config): readonly Finding[] {
  const most = config["largest"];
  if (resource.type === LEGACY_CLUSTER)
    return [
      ...tooLarge({ property: "providerInstanceSizeName", value: resource.props["providerInstanceSizeName"] }, most),
      ...unboundedScaling(resource.props["autoScalingComputeEnabled"], "autoScalingComputeEnabled", () => ({
        property: "providerAutoScalingComputeMaxInstanceSize",
        value: resource.props["providerAutoScalingComputeMaxInstanceSize"],
      }))(most),
    ];
  return locate(resource.props, REGIONS).flatMap(({ property, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property, unknown: value }];
    const below = (path: string): Located => ({ property: `${property}.${path}`, value: at(value, path) });
    return [
      ...SIZES.flatMap((path) => tooLarge(below(path), most)),
      ...SCALINGS.flatMap((scaling) => {
        const enabled = below(`${scaling}.computeEnabled`);
        return unboundedScaling(enabled.value, enabled.property, () => below(`${scaling}.computeMaxInstanceSize`))(
          most,
        );
      }),
    ];
  });
}

const unboundedScaling =
  (enabled: Plain, property: string, maximum: () => Located) =>
  (most: Plain): readonly Finding[] => {
    if (enabled instanceof Unknown) return [{ property, unknown: enabled }];
    if (!isTrue.is(enabled)) return [];
    const bound = maximum();
    if (isSet.is(bound.value)) return tooLarge(bound, most);
    return [
      {
        property: bound.property,
        wrong: "it is not set, so the cluster grows without a bound",
        fix: `set it to a size up to ${textOf(most) ?? ""}`,
      },
    ];
  };

function tooLarge({ property, value }: Located, most: Plain): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const size = sizeOf(value);
  const limit = sizeOf(most);
  if (size === undefined || limit === undefined || size <= limit) return [];
  const largest = textOf(most) ?? "";
  return [
    { property, wrong: `${described(value)}, and must be at most ${largest}`, fix: `set it to ${largest} or smaller` },
  ];
}

/** https://www.mongodb.com/legal/support-policy/lifecycles */
const LIFECYCLE: Lifecycle = {
  "3": "2021-04-30",
  "4": "2022-04-30",
  "4.2": "2023-04-30",
  "4.4": "2024-02-29",
  "5": "2024-10-31",
  "6": "2025-07-31",
  "7": "2027-08-31",
  "8": "2029-10-31",
};
const SOURCE = "https://www.mongodb.com/legal/support-policy/lifecycles";

/** Versions that MongoDB no longer mends. One that follows every release has none to name. */
function oldVersion({ props }: Resource): readonly Finding[] {
  const property = "mongoDbMajorVersion";
  const value = props[property];
  if (!isAbsent(value)) return outOfSupport({ property, value }, LIFECYCLE, SOURCE);
  const cadence = props["versionReleaseSystem"];
  if (cadence instanceof Unknown) return [{ property: "versionReleaseSystem", unknown: cadence }];
  if (cadence === "CONTINUOUS") return [];
  return [
    {
      property,
      wrong: "it is not set, so that the day of creation decides the version",
      fix: 'set mongoDbMajorVersion: "8.0"',
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "mongodbatlas-dedicated-cluster",
    description: "Atlas clusters have servers of their own.",
    why: "Shared ones have no private endpoint, no point-in-time recovery, and neighbours who take the CPU.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [ADVANCED_CLUSTER],
        unknown: "refuse",
        find: expects(`${REGIONS}.electableSpecs.instanceSize`, dedicatedSize, 'set instanceSize: "M10" or larger'),
      },
      {
        types: [ADVANCED_CLUSTER],
        unknown: "refuse",
        find: expects(`${REGIONS}.providerName`, dedicatedProvider, 'set providerName: "AWS"'),
      },
      {
        types: [LEGACY_CLUSTER],
        unknown: "refuse",
        find: expects("providerInstanceSizeName", dedicatedSize, 'set providerInstanceSizeName: "M10" or larger'),
      },
      {
        types: [LEGACY_CLUSTER],
        unknown: "refuse",
        find: expects("providerName", dedicatedProvider, 'set providerName: "AWS"'),
      },
      { types: [FLEX_CLUSTER, SERVERLESS_INSTANCE], unknown: "refuse", find: sharedByType },
    ],
  },
  {
    name: "mongodbatlas-three-electable-nodes",
    description: "Every Atlas replica set has three nodes that can become primary.",
    why: "With fewer the loss of one node leaves no majority, and the database refuses writes.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [ADVANCED_CLUSTER], unknown: "refuse", find: fewElectable },
      {
        types: [LEGACY_CLUSTER],
        unknown: "refuse",
        find: expects("replicationFactor", orAbsent(atLeast(3)), "set replicationFactor: 3, or remove it"),
      },
    ],
  },
  {
    name: "mongodbatlas-tls-1-2",
    description: "Atlas clusters refuse TLS older than 1.2.",
    why: "TLS 1.0 and 1.1 have known weaknesses.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler clusters_tls_enabled"],
    resources: [
      {
        types: DEDICATED,
        unknown: "refuse",
        find: expects(
          "advancedConfiguration.minimumEnabledTlsProtocol",
          matching(/^TLS1_[23]$/, "TLS1_2 or TLS1_3"),
          'set advancedConfiguration.minimumEnabledTlsProtocol: "TLS1_2"',
        ),
      },
    ],
  },
  {
    name: "mongodbatlas-encrypted-by-customer-key",
    description: "A key of the account encrypts the disks and backups of an Atlas cluster.",
    why: "Atlas encrypts with keys of its own otherwise, and nobody but Atlas can take them away.",
    severity: "medium",
    level: "advisory",
    standards: ["Prowler clusters_encryption_at_rest_enabled"],
    resources: [
      {
        types: DEDICATED,
        unknown: "refuse",
        find: expects(
          "encryptionAtRestProvider",
          oneOf("AWS", "AZURE", "GCP"),
          'set encryptionAtRestProvider: "AWS", and add a mongodbatlas.EncryptionAtRest with a KMS key',
        ),
      },
    ],
  },
  {
    name: "mongodbatlas-version-supported",
    description: "Atlas clusters run a version that MongoDB still mends, and name it.",
    why: "Atlas upgrades a cluster by itself soon after the end of its version's life, ready or not.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: DEDICATED, unknown: "refuse", find: oldVersion }],
  },
  {
    name: "mongodbatlas-size-bounded",
    description: "Atlas clusters are no larger than the environment allows, and cannot grow past it by themselves.",
    why: "Each size costs about twice the one before, and a bad query alone makes the cluster grow.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { largest: { type: "string", description: "Largest size of a cluster.", default: "M40" } },
    resources: [{ types: DEDICATED, unknown: "refuse", find: unbounded }],
  },
  {
    name: "mongodbatlas-maintenance-window",
    description: "The project of an Atlas cluster has a maintenance window.",
    why: "Atlas restarts nodes at any hour otherwise.",
    severity: "low",
    level: "mandatory",
    standards: [],
    stack: (stack) =>
      clustersWithout(stack, stack.ofType([MAINTENANCE_WINDOW]), {
        property: "projectId",
        wrong: "its project has no maintenance window",
        fix: "add a mongodbatlas.MaintenanceWindow with dayOfWeek and hourOfDay for the project",
      }),
  },
  {
    name: "mongodbatlas-logs-redacted",
    description: "The logs of an Atlas cluster leave out the values of queries.",
    why: "They are customers' data, and logs are read by more people than the database is.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: DEDICATED,
        unknown: "refuse",
        find: expects("redactClientLogData", isTrue, "set redactClientLogData: true"),
      },
    ],
    remedy: ({ type }) => (DEDICATED.includes(type) ? [{ path: ["redactClientLogData"], value: true }] : []),
  },
  {
    name: "mongodbatlas-javascript-off",
    description: "Atlas clusters run no JavaScript of a query.",
    why: "Text of a user that reaches $where or $function would run on the server.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: DEDICATED,
        unknown: "refuse",
        find: expects(
          "advancedConfiguration.javascriptEnabled",
          isFalse,
          "set advancedConfiguration.javascriptEnabled: false",
        ),
      },
    ],
  },
  {
    name: "mongodbatlas-data-explorer-off",
    description: "Nobody reads documents in Atlas's web console.",
    why: "Whoever may see the project there sees customers' data, and no database user says who it was.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [PROJECT],
        unknown: "refuse",
        find: expects("isDataExplorerEnabled", isFalse, "set isDataExplorerEnabled: false"),
      },
    ],
    remedy: ({ type }) => (type === PROJECT ? [{ path: ["isDataExplorerEnabled"], value: false }] : []),
  },
];
