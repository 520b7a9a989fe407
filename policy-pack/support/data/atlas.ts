import type { Finding, StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";

export const ADVANCED_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster";
export const LEGACY_CLUSTER = "mongodbatlas:index/cluster:Cluster";
export const FLEX_CLUSTER = "mongodbatlas:index/flexCluster:FlexCluster";
export const SERVERLESS_INSTANCE = "mongodbatlas:index/serverlessInstance:ServerlessInstance";

/** Clusters with servers of their own; the others are shared, and Atlas decides most of what they are. */
export const DEDICATED = [ADVANCED_CLUSTER, LEGACY_CLUSTER];

/** Built-in roles that reach past one database. */
export const WIDE_ROLES: ReadonlySet<string> = new Set([
  "atlasAdmin",
  "backup",
  "dbAdminAnyDatabase",
  "enableSharding",
  "readAnyDatabase",
  "readWriteAnyDatabase",
  "root",
  "userAdminAnyDatabase",
]);

/** By what a resource's project can be told: its id, and where the id comes from while it is unknown. */
const projectKeys = ({ props, references }: StackResource): readonly string[] => [
  ...(typeof props["projectId"] === "string" ? [props["projectId"]] : []),
  ...(references.get("projectId") ?? []),
];

/** Dedicated clusters in whose project none of these resources stands. */
export function clustersWithout(
  stack: Stack,
  companions: readonly StackResource[],
  violation: { readonly property: string; readonly wrong: string; readonly fix: string },
): readonly Finding[] {
  const covered = new Set(companions.flatMap(projectKeys));
  return stack
    .ofType(DEDICATED)
    .filter((cluster) => !projectKeys(cluster).some((key) => covered.has(key)))
    .map(({ urn }) => ({ urn, ...violation }));
}
