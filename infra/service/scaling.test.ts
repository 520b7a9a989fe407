import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "../capture.ts";
import { scaleService, scalingBounds } from "./scaling.ts";
import { Cluster } from "../cluster.ts";

describe("the bounds of scaling", () => {
  it("begin at the desired count, so that raising it from 0 starts the service", () => {
    assert.deepEqual(scalingBounds(2, 4), { minimum: 2, maximum: 4 });
  });

  it("are 0 and 0 for a service that is to stop", () => {
    assert.deepEqual(scalingBounds(0, 4), { minimum: 0, maximum: 0 });
  });
});

describe("the scaling of a service", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await capture(() => {
      const parent = new Cluster("parent");
      scaleService(
        "groundwork-staging-api",
        {
          clusterName: "cluster",
          serviceName: "service",
          bounds: { minimum: 1, maximum: 3 },
          cpuPercent: 60,
          requestsPerMinute: 6000,
          loadBalancerArnSuffix: "app/load-balancer/0123456789abcdef",
          targetGroupArnSuffix: "targetgroup/group/fedcba9876543210",
        },
        parent,
      );
    }));
  });

  it("is of the service's count, within its bounds", () => {
    const { resourceId, scalableDimension, minCapacity, maxCapacity } = only(
      resources,
      "aws:appautoscaling/target:Target",
    ).inputs;
    assert.deepEqual(
      [resourceId, scalableDimension, minCapacity, maxCapacity],
      ["service/cluster/service", "ecs:service:DesiredCount", 1, 3],
    );
  });

  it("follows CPU and requests per task: out within a minute, in after five", () => {
    const policies = resources.filter(({ type }) => type === "aws:appautoscaling/policy:Policy");
    assert.deepEqual(
      policies.map(({ inputs }) => inputs["targetTrackingScalingPolicyConfiguration"]),
      [
        {
          targetValue: 60,
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
        {
          targetValue: 6000,
          predefinedMetricSpecification: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: "app/load-balancer/0123456789abcdef/targetgroup/group/fedcba9876543210",
          },
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
      ],
    );
  });
});
