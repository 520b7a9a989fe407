import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "../capture.ts";
import { scaleService, scalingBounds, type ServiceScalingArgs } from "./scaling.ts";
import { Cluster } from "../cluster.ts";

describe("the bounds of scaling", () => {
  it("begin at the desired count, so that raising it from 0 starts the service", () => {
    assert.deepEqual(scalingBounds(2, 4), { minimum: 2, maximum: 4 });
  });

  it("are 0 and 0 for a service that is to stop", () => {
    assert.deepEqual(scalingBounds(0, 4), { minimum: 0, maximum: 0 });
  });
});

const args: ServiceScalingArgs = {
  clusterName: "cluster",
  serviceName: "service",
  bounds: { minimum: 1, maximum: 3 },
  cpuPercent: 60,
  requestsPerMinute: 6000,
  loadBalancerArnSuffix: "app/load-balancer/0123456789abcdef",
  targetGroupArnSuffix: "targetgroup/group/fedcba9876543210",
};
const scaled = (over: Partial<ServiceScalingArgs> = {}) =>
  capture(() => {
    scaleService("groundwork-staging-api", { ...args, ...over }, new Cluster("parent"));
  });

describe("the scaling of a service", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await scaled());
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

describe("the scaling of a service that follows the clock", () => {
  const hours = { from: "06:30", to: "23:00", timeZone: "Etc/UTC" };
  const actionsOf = (resources: readonly CapturedResource[]) =>
    resources
      .filter(({ type }) => type === "aws:appautoscaling/scheduledAction:ScheduledAction")
      .map(({ inputs: { schedule, timezone, scalableTargetAction, endTime } }) => ({
        schedule,
        timezone,
        scalableTargetAction,
        endTime,
      }));

  it("stops it every evening, and starts it on weekdays' mornings until it is to go", async () => {
    const until = "2026-11-28T20:00:00Z";
    const { resources } = await scaled({ hours, until });
    assert.deepEqual(actionsOf(resources), [
      {
        schedule: "cron(0 23 ? * * *)",
        timezone: "Etc/UTC",
        scalableTargetAction: { minCapacity: 0, maxCapacity: 0 },
        endTime: undefined,
      },
      {
        schedule: "cron(30 6 ? * MON-FRI *)",
        timezone: "Etc/UTC",
        scalableTargetAction: { minCapacity: 1, maxCapacity: 3 },
        endTime: until,
      },
    ]);
    assert.equal(
      resources.some(({ type }) => type === "aws:appautoscaling/policy:Policy"),
      false,
    );
  });

  it("leaves one that is stopped as it is in the morning too", async () => {
    const { resources } = await scaled({ hours, bounds: scalingBounds(0, 3) });
    for (const { scalableTargetAction } of actionsOf(resources))
      assert.deepEqual(scalableTargetAction, { minCapacity: 0, maxCapacity: 0 });
  });
});
