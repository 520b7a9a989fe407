import assert from "node:assert/strict";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Cluster } from "./cluster.ts";
import type { ContainerInsights } from "./settings/environments.ts";

describe("the cluster", () => {
  let cluster: Cluster;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: cluster, resources } = await capture(() => new Cluster("groundwork-staging-cluster")));
  });

  it("measures tasks and services unless told otherwise", async () => {
    assert.deepEqual(only(resources, "aws:ecs/cluster:Cluster").inputs["settings"], [
      { name: "containerInsights", value: "enabled" },
    ]);
    const { resources: quiet } = await capture(() => new Cluster("c", { containerInsights: "disabled" }));
    assert.deepEqual(only(quiet, "aws:ecs/cluster:Cluster").inputs["settings"], [
      { name: "containerInsights", value: "disabled" },
    ]);
  });

  it("runs on Fargate, and on Spot only what asks for it", () => {
    const { inputs } = only(resources, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.deepEqual(inputs["capacityProviders"], ["FARGATE", "FARGATE_SPOT"]);
    assert.deepEqual(inputs["defaultCapacityProviderStrategies"], [{ capacityProvider: "FARGATE", weight: 1 }]);
  });

  it("is known by its ARN and name", async () => {
    assert.equal(await valueOf(cluster.arn), "arn:aws:ecs:us-east-1:123456789012:groundwork-staging-cluster");
    assert.equal(await valueOf(cluster.name), "groundwork-staging-cluster-0a1b2c3");
  });

  it("refuses a setting that ECS does not have", async () => {
    const containerInsights = "on" as ContainerInsights;
    await assert.rejects(
      capture(() => new Cluster("c", { containerInsights })),
      /containerInsights: /,
    );
  });
});
