import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { appautoscaling } from "./appautoscaling.ts";
import { SERVICE } from "./ecs-lookup.ts";
import { ecs } from "./ecs.ts";
import { LISTENER, LOAD_BALANCER, TARGET_GROUP } from "./elbv2-lookup.ts";
import { assertRefused, STAGING, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";

const scaled = {
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: "service/main/api",
};
const balancer = "app/public/0123456789abcdef";
const group = "targetgroup/api/fedcba9876543210";

/** A world with a service behind a load balancer. */
function world(): TinyWorld {
  const cloud = tinyWorld(appautoscaling, {
    resources: { [SERVICE]: { ...ecs.resources[SERVICE], refuseCreate: none } },
  });
  cloud.create("aws:ecs/cluster:Cluster", "main", { name: "main", arn: "main" });
  cloud.create(SERVICE, "api", { name: "api", cluster: "main", deploymentController: { type: "EXTERNAL" } });
  const arn = (suffix: string) => `arn:aws:elasticloadbalancing:us-east-1:111122223333:${suffix}`;
  const balancers = cloud.create(LOAD_BALANCER, "public", {
    arn: arn(`loadbalancer/${balancer}`),
    arnSuffix: balancer,
  });
  cloud.create(TARGET_GROUP, "api", { arn: arn(group), arnSuffix: group });
  cloud.create(TARGET_GROUP, "idle", { arn: arn("idle"), arnSuffix: "targetgroup/idle/fedcba9876543210" });
  cloud.create(LISTENER, "https", {
    loadBalancerArn: textIn(balancers.inputs, "arn"),
    defaultActions: [{ targetGroupArn: arn(group) }],
  });
  return cloud;
}

const none = () => undefined;

describe("Application Auto Scaling: a target", () => {
  const register = (over: Properties = {}, cloud = world()) =>
    cloud.create(TARGET, "t", { ...scaled, minCapacity: 1, maxCapacity: 2, ...over });

  it("is known by what it scales, and scaled by AWS's own role", () => {
    const target = register();
    assert.equal(target.id, "service/main/api");
    assert.match(textIn(target.outputs, "arn"), /:scalable-target\/[0-9a-f]{32}$/);
    assert.match(textIn(target.outputs, "roleArn"), /AWSServiceRoleForApplicationAutoScaling_ECSService$/);
  });

  it("has bounds that leave something between them, or nothing", () => {
    register({ minCapacity: 0, maxCapacity: 0 });
    assertRefused(() => register({ minCapacity: 3 }), "ValidationException", /cannot be less than minimum/);
    assertRefused(() => register({ minCapacity: -1 }), "ValidationException", /negative/);
    const cloud = world();
    const target = register({}, cloud);
    assertRefused(() => cloud.update(target, { ...target.inputs, maxCapacity: 0 }), "ValidationException");
  });

  it("is a service that is there, by the name that Auto Scaling gives it", () => {
    assertRefused(
      () => register({ resourceId: "service/main/web" }),
      "ValidationException",
      /ECS service doesn't exist/,
    );
    assertRefused(() => register({ resourceId: "main/api" }), "ValidationException", /Unsupported/);
    assertRefused(() => register({ scalableDimension: "rds:cluster:ReadReplicaCount" }), "ValidationException");
    const cloud = world();
    assertRefused(
      () => cloud.create(TARGET, "t", { ...scaled, minCapacity: 1, maxCapacity: 2 }, STAGING),
      "ValidationException",
      /doesn't exist/,
    );
  });
});

describe("Application Auto Scaling: a policy", () => {
  const tracking = (over: Properties = {}, targetValue = 60): Properties => ({
    ...scaled,
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue,
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization", ...over },
    },
  });
  const ready = () => {
    const cloud = world();
    cloud.create(TARGET, "t", { ...scaled, minCapacity: 1, maxCapacity: 2 });
    return (name: string, inputs: Properties) => cloud.create(POLICY, name, { name, ...inputs });
  };
  const perTarget = (resourceLabel?: string) =>
    tracking({ predefinedMetricType: "ALBRequestCountPerTarget", ...(resourceLabel && { resourceLabel }) });

  it("is of a target that is registered", () => {
    const policy = ready()("cpu", tracking());
    assert.equal(policy.id, "cpu");
    assert.match(textIn(policy.outputs, "arn"), /:resource\/ecs\/service\/main\/api:policyName\/cpu$/);
    assert.equal((policy.outputs["alarmArns"] as string[]).length, 2);
    assertRefused(
      () => world().create(POLICY, "cpu", { name: "cpu", ...tracking() }),
      "ObjectNotFoundException",
      /No scalable target registered for service namespace: ecs, resource ID: service\/main\/api/,
    );
  });

  it("has the block of its type", () => {
    const cloud = world();
    assert.deepEqual(cloud.check(POLICY, tracking()), []);
    assert.equal(
      cloud.check(POLICY, { ...scaled, policyType: "TargetTrackingScaling" })[0]?.property,
      "targetTrackingScalingPolicyConfiguration",
    );
    assert.equal(cloud.check(POLICY, scaled)[0]?.property, "stepScalingPolicyConfiguration");
  });

  it("follows a metric of ECS, above nothing, that no other policy of the target follows", () => {
    const put = ready();
    assertRefused(() => put("a", tracking({}, 0)), "ValidationException", /greater than 0/);
    assertRefused(
      () => put("a", tracking({ predefinedMetricType: "LambdaProvisionedConcurrencyUtilization" })),
      "ValidationException",
      /not supported for namespace ecs/,
    );
    put("a", tracking());
    assertRefused(() => put("b", tracking()), "ValidationException", /Only one/);
    assertRefused(() => put("a", tracking({ predefinedMetricType: "x" })), "AlreadyExists");
    put("b", tracking({ predefinedMetricType: "ECSServiceAverageMemoryUtilization" }));
  });

  it("counts requests for a target group behind a load balancer", () => {
    const put = ready();
    put("right", perTarget(`${balancer}/${group}`));
    assertRefused(() => ready()("a", perTarget()), "ValidationException", /must be specified/);
    assertRefused(() => ready()("a", tracking({ resourceLabel: "x" })), "ValidationException", /must not be specified/);
    assertRefused(() => ready()("a", perTarget(group)), "ValidationException", /app\/LOAD-BALANCER\/ID/);
    assertRefused(
      () => ready()("a", perTarget(`${balancer}/targetgroup/idle/fedcba9876543210`)),
      "ValidationException",
      /not associated/,
    );
    assertRefused(() => ready()("a", perTarget(`app/none/0123456789abcdef/${group}`)), "ValidationException");
  });
});
