import type { Properties } from "../../values/value.ts";
import { textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { findBy, here } from "./lookup.ts";
import { parseContainers } from "./ecs-container-json.ts";

export const CLUSTER = "aws:ecs/cluster:Cluster";
export const CAPACITY_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
export const SERVICE = "aws:ecs/service:Service";
export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

export const clientException = (message: string): Refusal => new Refusal("ClientException", message);
export const invalidParameter = (message: string): Refusal => new Refusal("InvalidParameterException", message);

/** A cluster by its ARN or name. */
export const findCluster = (operation: Operation, named: string): CloudResource | undefined =>
  findBy(here(operation, CLUSTER), named, "arn", "name");

/** A task definition by `FAMILY:REVISION`, by its ARN, or the newest of a family. */
export function findTaskDefinition(operation: Operation, named: string): CloudResource | undefined {
  const known = here(operation, TASK_DEFINITION);
  const family = known.filter(({ inputs }) => textAt(inputs, "family") === named);
  return (
    findBy(known, named, "id", "arn") ?? findBy(known.slice().reverse(), named, "arnWithoutRevision") ?? family.at(-1)
  );
}

/** The containers of a task definition that exists, and so can be read. */
export function containersOf(taskDefinition: CloudResource): Properties[] {
  const parsed = parseContainers(textAt(taskDefinition.inputs, "containerDefinitions") ?? "[]");
  return "containers" in parsed ? parsed.containers : [];
}

/** The services of a cluster. */
export function servicesOf(operation: Operation, cluster: CloudResource): CloudResource[] {
  return here(operation, SERVICE).filter(
    ({ inputs }) => findBy([cluster], textAt(inputs, "cluster") ?? "default", "arn", "name") !== undefined,
  );
}
