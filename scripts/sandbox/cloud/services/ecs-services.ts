import type { Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { SECURITY_GROUP } from "./ec2-security-groups.ts";
import { SUBNET } from "./ec2-subnets.ts";
import { nameOf } from "./ecs-containers.ts";
import {
  CAPACITY_PROVIDERS,
  clientException,
  containersOf,
  findCluster,
  findTaskDefinition,
  invalidParameter,
  servicesOf,
} from "./ecs-lookup.ts";
import { hasPort, supportsFargate } from "./ecs-task-definitions.ts";
import { unreachableRefusal } from "./ecs-task-network.ts";
import { permissionRefusal } from "./ecs-task-start.ts";
import { balancersOf, TARGET_GROUP } from "./elbv2-lookup.ts";
import { findBy, here, valueOf } from "./lookup.ts";

type Check = (operation: Operation, definition: CloudResource) => Refusal | undefined;

const clusterOf = (operation: Operation): CloudResource | undefined =>
  findCluster(operation, textAt(operation.inputs, "cluster") ?? "default");

const providersOf = (inputs: Properties): string[] =>
  mapsAt(inputs, "capacityProviderStrategies").map((one) => textAt(one, "capacityProvider") ?? "");

const isAwsvpc = ({ inputs }: CloudResource): boolean => textAt(inputs, "networkMode") === "awsvpc";

function launchRefusal(operation: Operation, definition: CloudResource): Refusal | undefined {
  const { inputs } = operation;
  const providers = providersOf(inputs);
  const launchType = textAt(inputs, "launchType");
  if (launchType !== undefined && providers.length > 0)
    return invalidParameter(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  const clusterName = valueOf(clusterOf(operation) ?? definition, "name") ?? "";
  const known = here(operation, CAPACITY_PROVIDERS)
    .filter((one) => textAt(one.inputs, "clusterName") === clusterName)
    .flatMap((one) => textsAt(one.inputs, "capacityProviders"));
  const missing = providers.find((provider) => !known.includes(provider));
  if (missing !== undefined)
    return invalidParameter(
      `The specified capacity provider '${missing}' is not associated with the cluster '${clusterName}'. Associate it and try again.`,
    );
  if (
    providers.length > 1 &&
    !mapsAt(inputs, "capacityProviderStrategies").some((one) => (numberAt(one, "weight") ?? 0) > 0)
  )
    return invalidParameter(
      "At least one capacity provider must have a weight greater than 0 in a capacity provider strategy.",
    );
  const based = mapsAt(inputs, "capacityProviderStrategies").filter((one) => (numberAt(one, "base") ?? 0) > 0);
  if (based.length > 1)
    return invalidParameter("Only one capacity provider in a capacity provider strategy can have a base defined.");
  const onFargate = launchType === "FARGATE" || providers.some((provider) => provider.startsWith("FARGATE"));
  if (onFargate && !supportsFargate(definition))
    return invalidParameter("Task definition does not support launch_type FARGATE.");
  if (onFargate && textAt(inputs, "schedulingStrategy") === "DAEMON")
    return invalidParameter("Fargate does not support the scheduling strategy DAEMON.");
  const placed = ["placementConstraints", "orderedPlacementStrategies"].find((key) => mapsAt(inputs, key).length > 0);
  return onFargate && placed !== undefined
    ? invalidParameter(`Fargate does not support ${placed}: it chooses the host itself.`)
    : undefined;
}

const MAX_SUBNETS = 16;
const MAX_GROUPS = 5;

function networkRefusal(operation: Operation, definition: CloudResource): Refusal | undefined {
  const network = mapAt(operation.inputs, "networkConfiguration");
  const subnets = textsAt(network, "subnets");
  if (!isAwsvpc(definition))
    return subnets.length > 0
      ? invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.")
      : undefined;
  if (subnets.length === 0)
    return invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  const groups = textsAt(network, "securityGroups");
  if (subnets.length > MAX_SUBNETS || groups.length > MAX_GROUPS)
    return invalidParameter(`At most ${MAX_SUBNETS} subnets and ${MAX_GROUPS} security groups may be given.`);
  const vpcs = new Set<string>();
  for (const id of subnets) {
    const subnet = findBy(here(operation, SUBNET), id, "id");
    if (subnet === undefined)
      return invalidParameter(
        `Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
      );
    vpcs.add(valueOf(subnet, "vpcId") ?? "");
  }
  for (const id of groups) {
    const group = findBy(here(operation, SECURITY_GROUP), id, "id");
    if (group === undefined)
      return invalidParameter(
        `Error retrieving security group information for [${id}]: The security group '${id}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
      );
    vpcs.add(valueOf(group, "vpcId") ?? "");
  }
  return vpcs.size > 1 ? invalidParameter("All subnets and security groups must belong to the same VPC.") : undefined;
}

function balancerRefusal(operation: Operation, definition: CloudResource): Refusal | undefined {
  const balancers = mapsAt(operation.inputs, "loadBalancers");
  for (const balancer of balancers) {
    const arn = textAt(balancer, "targetGroupArn");
    const group = arn === undefined ? undefined : findBy(here(operation, TARGET_GROUP), arn, "arn");
    if (arn !== undefined && group === undefined)
      return invalidParameter(`Unable to describe the target group with targetGroupArn ${arn}: it does not exist.`);
    if (group !== undefined && balancersOf(operation.world, arn ?? "").length === 0)
      return invalidParameter(
        `The target group with targetGroupArn ${arn ?? ""} does not have an associated load balancer.`,
      );
    const targets = textAt(group?.inputs ?? {}, "targetType") ?? "instance";
    if (group !== undefined && isAwsvpc(definition) && targets !== "ip")
      return invalidParameter(
        `The provided target group ${arn ?? ""} has target type ${targets}, which is incompatible with the awsvpc network mode specified in the task definition.`,
      );
    const wanted = textAt(balancer, "containerName") ?? "";
    const container = containersOf(definition).find((one) => nameOf(one) === wanted);
    if (container === undefined)
      return invalidParameter(`The container ${wanted} does not exist in the task definition.`);
    const port = numberAt(balancer, "containerPort");
    if (!hasPort(container, port))
      return invalidParameter(`The container ${wanted} did not have a container port ${port ?? ""} defined.`);
  }
  return balancers.length === 0 && numberAt(operation.inputs, "healthCheckGracePeriodSeconds") !== undefined
    ? invalidParameter("Health check grace period is only valid for services configured to use load balancers")
    : undefined;
}

function deploymentRefusal(operation: Operation, definition: CloudResource): Refusal | undefined {
  const { inputs } = operation;
  const maximum = numberAt(inputs, "deploymentMaximumPercent") ?? 200;
  const minimum = numberAt(inputs, "deploymentMinimumHealthyPercent") ?? 100;
  if (maximum <= 100 && minimum >= 100)
    return invalidParameter(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
  if (textAt(inputs, "availabilityZoneRebalancing") === "ENABLED" && maximum <= 100)
    return invalidParameter("Availability Zone rebalancing needs a maximumPercent above 100.");
  const alarms = mapAt(inputs, "alarms");
  const known = here(
    operation,
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  );
  const missing = textsAt(alarms, "alarmNames").find((name) => findBy(known, name, "name", "alarmName") === undefined);
  if (flagAt(alarms, "enable") === true && missing !== undefined)
    return invalidParameter(`The following alarm names do not exist: [${missing}].`);
  const controller = textAt(mapAt(inputs, "deploymentController"), "type") ?? "ECS";
  if (controller !== "ECS" && flagAt(mapAt(inputs, "deploymentCircuitBreaker"), "enable") === true)
    return invalidParameter("Deployment circuit breaker feature can only be enabled with ECS deployment controller.");
  return flagAt(inputs, "enableExecuteCommand") === true && textAt(definition.inputs, "taskRoleArn") === undefined
    ? invalidParameter(
        "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
      )
    : undefined;
}

/** What ECS takes or does not take of a service as such. */
function serviceSettingsRefusal(operation: Operation, definition: CloudResource): Refusal | undefined {
  const { inputs } = operation;
  if ((numberAt(inputs, "desiredCount") ?? 0) < 0) return invalidParameter("desiredCount must not be negative.");
  if (textAt(inputs, "iamRole") !== undefined && isAwsvpc(definition))
    return invalidParameter("You cannot specify an IAM role for services that require a service linked role.");
  const connect = mapAt(inputs, "serviceConnectConfiguration");
  const namespace =
    textAt(connect, "namespace") ??
    textAt(mapAt(clusterOf(operation)?.inputs ?? {}, "serviceConnectDefaults"), "namespace");
  return flagAt(connect, "enabled") === true && namespace === undefined
    ? invalidParameter("Service Connect needs a namespace: give one, or a default of the cluster.")
    : undefined;
}

const CHECKS: readonly Check[] = [
  serviceSettingsRefusal,
  launchRefusal,
  networkRefusal,
  balancerRefusal,
  deploymentRefusal,
  permissionRefusal,
  unreachableRefusal,
];

function serviceRefusal(operation: Operation): Refusal | undefined {
  if (clusterOf(operation) === undefined) return new Refusal("ClusterNotFoundException", "Cluster not found.");
  const named = textAt(operation.inputs, "taskDefinition");
  if (named === undefined)
    return textAt(mapAt(operation.inputs, "deploymentController"), "type") === "EXTERNAL"
      ? undefined
      : invalidParameter("TaskDefinition can not be blank.");
  const definition = findTaskDefinition(operation, named);
  if (definition === undefined) return clientException(`TaskDefinition not found: ${named}`);
  return CHECKS.map((check) => check(operation, definition)).find((refusal) => refusal !== undefined);
}

function takenRefusal(operation: Operation): Refusal | undefined {
  const cluster = clusterOf(operation);
  const name = textAt(operation.inputs, "name");
  const others = cluster === undefined ? [] : servicesOf(operation, cluster);
  return name !== undefined && findBy(others, name, "name") !== undefined
    ? invalidParameter("Creation of service was not idempotent.")
    : undefined;
}

/** The provider itself refuses it, before it asks ECS. */
function strategyRefusal({ existing, inputs }: Operation): Refusal | undefined {
  const [before, now] = [existing?.inputs ?? {}, inputs].map((side) =>
    JSON.stringify(side["capacityProviderStrategies"] ?? []),
  );
  return before !== now && flagAt(inputs, "forceNewDeployment") !== true
    ? new Refusal(
        "InvalidConfiguration",
        "force_new_deployment should be true when capacity_provider_strategy is being updated",
      )
    : undefined;
}

const LINKED_ROLE = "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";

export const service: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  refuseCreate: (operation) => serviceRefusal(operation) ?? takenRefusal(operation),
  refuseUpdate: (operation) => strategyRefusal(operation) ?? serviceRefusal(operation),
  id(operation) {
    const cluster = clusterOf(operation);
    const clusterName = cluster === undefined ? "default" : (valueOf(cluster, "name") ?? "");
    return regionalArn(operation.location, "ecs", `service/${clusterName}/${textAt(operation.inputs, "name") ?? ""}`);
  },
  computed: ({ inputs }, id) => ({
    arn: id,
    availabilityZoneRebalancing: textAt(inputs, "availabilityZoneRebalancing") ?? "ENABLED",
    iamRole: textAt(inputs, "iamRole") ?? LINKED_ROLE,
    launchType: textAt(inputs, "launchType") ?? (providersOf(inputs).length > 0 ? "" : "EC2"),
    name: textAt(inputs, "name") ?? parseArn(id)?.resource.split("/").at(-1) ?? "",
    platformVersion: textAt(inputs, "platformVersion") ?? "LATEST",
  }),
};
