import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { CLUSTER, PROJECT } from "./mongodbatlas-lookup.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { textIn, tinyWorld, type TinyWorld } from "./tiny-world.ts";

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

/** One action of a custom role, on what it is allowed. */
export const action = (name: string, ...resources: readonly Properties[]): Properties => ({
  action: name,
  resources: [...resources],
});
export const orders: Properties = { databaseName: "shop", collectionName: "orders" };

export const roleInputs = (projectId: string, over: Properties = {}): Properties => ({
  projectId,
  roleName: "shop-api",
  actions: [action("FIND", orders), action("INSERT", orders)],
  ...over,
});

export function shop(): { cloud: TinyWorld; projectId: string } {
  const cloud = tinyWorld(mongodbatlas);
  return { cloud, projectId: makeProject(cloud).id };
}

const ARN = "arn:aws:iam::111122223333:role/api";

export const userInputs = (projectId: string, over: Properties = {}): Properties => ({
  projectId,
  username: ARN,
  authDatabaseName: "$external",
  awsIamType: "ROLE",
  roles: [{ roleName: "readWrite", databaseName: "shop" }],
  ...over,
});
