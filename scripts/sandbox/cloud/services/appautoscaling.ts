import type { Properties } from "../../values/value.ts";
import { globalArn, regionalArn } from "../arn.ts";
import { mapAt, numberAt, textAt } from "../fields.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { SERVICE } from "./ecs-lookup.ts";
import { balancersOf, LOAD_BALANCER, TARGET_GROUP } from "./elbv2-lookup.ts";
import { findBy, here, uuid, valueOf } from "./lookup.ts";

const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";

const validation = (message: string): Refusal => new Refusal("ValidationException", message);

/** The service-linked role that AWS makes for a namespace when its first target is registered. */
const LINKED_ROLES: Readonly<Record<string, readonly [principal: string, role: string]>> = {
  ecs: ["ecs", "AWSServiceRoleForApplicationAutoScaling_ECSService"],
  dynamodb: ["dynamodb", "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"],
  lambda: ["lambda", "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency"],
};

/** What is scaled: namespace, resource, and dimension together. */
const keyOf = (inputs: Properties): string =>
  ["serviceNamespace", "resourceId", "scalableDimension"].map((key) => textAt(inputs, key) ?? "").join(" ");

function targetRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const [least, most] = [numberAt(inputs, "minCapacity") ?? 0, numberAt(inputs, "maxCapacity") ?? 0];
  if (least < 0 || most < 0) return validation("Capacity must not be negative");
  if (least > most) return validation("Maximum capacity cannot be less than minimum capacity");
  const [namespace = "", dimension = "", resource = ""] = ["serviceNamespace", "scalableDimension", "resourceId"].map(
    (key) => textAt(inputs, key),
  );
  if (!dimension.startsWith(`${namespace}:`))
    return validation(`Unsupported service namespace, resource type or scalable dimension: ${namespace}, ${dimension}`);
  if (namespace !== "ecs") return undefined;
  if (dimension !== "ecs:service:DesiredCount" || !/^service\/[^/]+\/[^/]+$/.test(resource))
    return validation(`Unsupported service namespace, resource type or scalable dimension: ${resource}, ${dimension}`);
  return serviceExists(operation, resource) ? undefined : validation(`ECS service doesn't exist: ${resource}`);
}

/** `service/CLUSTER/NAME`, as the end of the service's ARN. */
const serviceExists = (operation: Operation, resource: string): boolean =>
  here(operation, SERVICE).some(({ id }) => id.endsWith(`:${resource}`));

const target: ResourceRules = {
  refuseCreate: targetRefusal,
  refuseUpdate: targetRefusal,
  id: ({ inputs }) => textAt(inputs, "resourceId") ?? "",
  computed(operation) {
    const { inputs, location } = operation;
    const [principal, role] = LINKED_ROLES[textAt(inputs, "serviceNamespace") ?? ""] ?? [
      "custom-resource",
      "AWSServiceRole",
    ];
    return {
      arn: regionalArn(location, "application-autoscaling", `scalable-target/${operation.hex("target", 32)}`),
      roleArn:
        textAt(inputs, "roleArn") ??
        globalArn(location, "iam", `role/aws-service-role/${principal}.application-autoscaling.amazonaws.com/${role}`),
      suspendedState: {
        dynamicScalingInSuspended: false,
        dynamicScalingOutSuspended: false,
        scheduledScalingSuspended: false,
        ...mapAt(inputs, "suspendedState"),
      },
    };
  },
};

const TRACKING = "targetTrackingScalingPolicyConfiguration";

/** Policy type to the block that it needs. */
const BLOCKS: Readonly<Record<string, string>> = {
  StepScaling: "stepScalingPolicyConfiguration",
  TargetTrackingScaling: TRACKING,
  PredictiveScaling: "predictiveScalingPolicyConfiguration",
};

const ECS_METRICS = [
  "ECSServiceAverageCPUUtilization",
  "ECSServiceAverageMemoryUtilization",
  "ALBRequestCountPerTarget",
];
const PER_TARGET = "ALBRequestCountPerTarget";

const metricOf = (inputs: Properties): Properties => mapAt(mapAt(inputs, TRACKING), "predefinedMetricSpecification");

function policyFailures(inputs: Properties): CheckFailure[] {
  const type = textAt(inputs, "policyType") ?? "StepScaling";
  const block = BLOCKS[type];
  if (block !== undefined && inputs[block] === undefined)
    return [{ property: block, reason: `must be given when policyType is ${type}` }];
  return [];
}

function policyRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  if (here(operation, TARGET).every((one) => keyOf(one.inputs) !== keyOf(inputs)))
    return new Refusal(
      "ObjectNotFoundException",
      `No scalable target registered for service namespace: ${textAt(inputs, "serviceNamespace") ?? ""}, resource ID: ${textAt(inputs, "resourceId") ?? ""}, scalable dimension: ${textAt(inputs, "scalableDimension") ?? ""}`,
    );
  const rivals = here(operation, POLICY).filter((one) => keyOf(one.inputs) === keyOf(inputs));
  const name = textAt(inputs, "name");
  if (operation.existing === undefined && rivals.some((one) => textAt(one.inputs, "name") === name))
    return new Refusal("AlreadyExists", `A scaling policy ${name ?? ""} of this target exists already`);
  return textAt(inputs, "policyType") === "TargetTrackingScaling" ? trackingRefusal(operation, rivals) : undefined;
}

function trackingRefusal(operation: Operation, rivals: readonly CloudResource[]): Refusal | undefined {
  const { inputs } = operation;
  const metric = metricOf(inputs);
  const type = textAt(metric, "predefinedMetricType");
  if ((numberAt(mapAt(inputs, TRACKING), "targetValue") ?? 0) <= 0)
    return validation("Target value must be greater than 0");
  if (type === undefined) return undefined;
  if (textAt(inputs, "serviceNamespace") === "ecs" && !ECS_METRICS.includes(type))
    return validation(
      `Predefined metric type ${type} is not supported for namespace ecs: use ${ECS_METRICS.join(", ")}`,
    );
  if (rivals.some((one) => JSON.stringify(metricOf(one.inputs)) === JSON.stringify(metric)))
    return validation("Only one TargetTrackingScaling policy for a given metric specification is allowed.");
  const label = textAt(metric, "resourceLabel");
  if (type === PER_TARGET) return labelRefusal(operation, label);
  return label === undefined
    ? undefined
    : validation(`Resource label must not be specified for predefined metric type ${type}`);
}

/** The ends of the ARNs of a load balancer and of a target group that it forwards to. */
function labelRefusal(operation: Operation, label: string | undefined): Refusal | undefined {
  if (label === undefined)
    return validation(`Resource label must be specified for predefined metric type ${PER_TARGET}`);
  const [, balancerSuffix, groupSuffix] =
    /^(app\/[^/]+\/[0-9a-f]+)\/(targetgroup\/[^/]+\/[0-9a-f]+)$/.exec(label) ?? [];
  if (balancerSuffix === undefined || groupSuffix === undefined)
    return validation(
      `Resource label '${label}' must be app/LOAD-BALANCER/ID/targetgroup/TARGET-GROUP/ID, from the ends of both ARNs`,
    );
  const balancer = findBy(here(operation, LOAD_BALANCER), balancerSuffix, "arnSuffix");
  const group = findBy(here(operation, TARGET_GROUP), groupSuffix, "arnSuffix");
  const forwards =
    balancer !== undefined &&
    group !== undefined &&
    balancersOf(operation.world, valueOf(group, "arn") ?? "").includes(valueOf(balancer, "arn") ?? "");
  return forwards
    ? undefined
    : validation(`Load balancer and target group of resource label '${label}' do not exist or are not associated`);
}

const policy: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  check: policyFailures,
  refuseCreate: policyRefusal,
  refuseUpdate: policyRefusal,
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed(operation, id) {
    const { inputs, location } = operation;
    const resource = `${textAt(inputs, "serviceNamespace") ?? ""}/${textAt(inputs, "resourceId") ?? ""}`;
    const alarm = (end: string): string =>
      regionalArn(
        location,
        "cloudwatch",
        `alarm:TargetTracking-${textAt(inputs, "resourceId") ?? ""}-Alarm${end}-${uuid(operation.hex(end, 32))}`,
      );
    return {
      // Target tracking makes its own alarms: out above the target, in well below it.
      alarmArns: textAt(inputs, "policyType") === "TargetTrackingScaling" ? [alarm("High"), alarm("Low")] : [],
      arn: regionalArn(
        location,
        "autoscaling",
        `scalingPolicy:${uuid(operation.hex("policy", 32))}:resource/${resource}:policyName/${id}`,
      ),
      name: id,
    };
  },
};

export const appautoscaling: Service = { resources: { [TARGET]: target, [POLICY]: policy } };
