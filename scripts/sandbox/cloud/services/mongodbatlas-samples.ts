import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { CLUSTER, PROJECT } from "./mongodbatlas-lookup.ts";
import { textIn, type TinyWorld } from "./tiny-world.ts";

/** For the tests of Atlas: a project, and a cluster that is right in everything. */
export const ORGANIZATION = "5b93ff2f96e82120a0a7d1f5";

export const REGION: Properties = {
  providerName: "AWS",
  regionName: "US_EAST_1",
  priority: 7,
  electableSpecs: { instanceSize: "M10", nodeCount: 3 },
  autoScaling: {
    computeEnabled: true,
    computeScaleDownEnabled: true,
    computeMinInstanceSize: "M10",
    computeMaxInstanceSize: "M30",
    diskGbEnabled: true,
  },
};

export const specsOf = (...regions: readonly Properties[]): Properties[] => [{ regionConfigs: [...regions] }];

export const clusterInputs = (projectId: string, over: Properties = {}): Properties => ({
  projectId,
  name: "orders-0a1b2c3",
  clusterType: "REPLICASET",
  backupEnabled: true,
  pitEnabled: true,
  replicationSpecs: specsOf(REGION),
  advancedConfiguration: { oplogMinRetentionHours: 24 },
  ...over,
});

export const makeProject = (cloud: TinyWorld, name = "shop"): CloudResource =>
  cloud.create(PROJECT, name, { name, orgId: ORGANIZATION });

export function makeCluster(cloud: TinyWorld, over: Properties = {}): { projectId: string; cluster: CloudResource } {
  const projectId = makeProject(cloud).id;
  return { projectId, cluster: cloud.create(CLUSTER, "orders", clusterInputs(projectId, over)) };
}

export const zoneOf = (cluster: CloudResource): string => {
  const specs = cluster.outputs["replicationSpecs"] as Properties[];
  return textIn(specs[0] ?? {}, "zoneId");
};
