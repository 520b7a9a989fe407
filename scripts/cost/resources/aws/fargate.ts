import { isProperties } from "../../../sandbox/values/value.ts";
import { amount } from "../../money.ts";
import { times } from "../../range.ts";
import {
  type CostResource,
  type Entries,
  free,
  hoursPerMonth,
  type Item,
  type Part,
  priced,
  type World,
} from "../entry.ts";
import { blockOf, isUnknown, listOf, textOf } from "../read.ts";
import { insightsElsewhere } from "./container-insights.ts";
import { agentParts } from "../datadog/agent.ts";
import { shareAmong } from "../share.ts";
import { taskCountOf, tasksOn } from "./task-count.ts";
import { freeStorageGb, taskSizeOf } from "./task-size.ts";

/** Amazon ECS: tasks are charged where they run, and on Fargate by the service that keeps them. */
export const fargate: Entries = {
  "aws:ecs/service:Service": priced(serviceParts),
  "aws:ecs/taskDefinition:TaskDefinition": free(
    "Charged by the service that starts it. A run of its own, as of migrations, is less than a cent a minute.",
  ),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": free("A setting of the cluster."),
  "aws:ecs/capacityProvider:CapacityProvider": free("Charged by the instances that it starts."),
  "aws:ecs/accountSettingDefault:AccountSettingDefault": free("A setting of the account."),
  "aws:appautoscaling/target:Target": free("Scaling is free; the tasks that it adds are the service's high end."),
  "aws:appautoscaling/policy:Policy": free(
    "Scaling is free; CloudWatch alarms that it makes by itself are counted there.",
  ),
  "aws:appautoscaling/scheduledAction:ScheduledAction": free("Scaling is free."),
};

function serviceParts(service: CostResource, world: World): readonly Part[] {
  const launch = launchOf(service);
  if (launch === "EC2" || launch === "EXTERNAL") return [{ notPriced: notOnFargate[launch] }];
  const task = world.references(service, "taskDefinition")[0];
  const size = taskSizeOf(task);
  if (size.windows) return [{ notPriced: "Windows on Fargate, with its licence, is not in prices.csv." }];
  const tasks = tasksOn(taskCountOf(service, world), world);
  const hours = times(tasks.count, hoursPerMonth);
  const spot = launch === "FARGATE_SPOT";
  const prices = `fargate-${spot ? "spot-" : ""}${size.chip}`;
  const rest = {
    ...said(tasks.assumption, size.assumption, spot ? spotPrice : undefined),
    tagsOf: taggedBy(service, task),
  };
  const items: Item[] = [
    { price: `${prices}-vcpu`, quantity: times(hours, size.vcpu), property: "cpu", ...rest },
    { price: `${prices}-memory`, quantity: times(hours, size.memoryGb), property: "memory", ...rest },
  ];
  const paidGb = size.storageGb.minus(freeStorageGb);
  if (paidGb.isPositive() && !paidGb.isZero())
    items.push({ price: "fargate-storage", quantity: times(hours, paidGb), property: "ephemeralStorage", ...rest });
  const address = hasPublicAddress(service);
  if (address !== false)
    items.push({
      price: "public-ipv4-in-use",
      quantity: isUnknown(address) ? { ...hours, low: amount(0) } : hours,
      property: "networkConfiguration",
      // The address belongs to a network interface that no tag reaches.
      taggable: false,
      ...said(
        tasks.assumption,
        isUnknown(address) ? "Whether tasks have public addresses is not known yet." : undefined,
      ),
    });
  // Between a load balancer and its targets AWS charges nothing; to the cache and the database it does.
  items.push({ price: "data-between-zones", taggable: false, ...shareAmong(world.usage.zoneGb, service, world) });
  return [...items, ...insightsElsewhere(service, world), ...agentParts(service, task, tasks, world)];
}

const spotPrice = "Spot follows supply and demand: 70 % below the list price, the most that AWS names.";

function said(...sentences: readonly (string | undefined)[]): Pick<Item, "assumption"> {
  const known = sentences.filter((sentence) => sentence !== undefined);
  return known.length === 0 ? {} : { assumption: known.join(" ") };
}

type Launch = "FARGATE" | "FARGATE_SPOT" | "EC2" | "EXTERNAL";

const notOnFargate: Readonly<Record<"EC2" | "EXTERNAL", string>> = {
  EC2: "Tasks on EC2 cost what their instances cost.",
  EXTERNAL: "Tasks on machines of one's own, by ECS Anywhere, are not in prices.csv.",
};

/** ECS starts tasks on EC2 where neither a strategy nor a launch type says otherwise. */
function launchOf(service: CostResource): Launch {
  const strategies = listOf(service, "capacityProviderStrategies");
  if (isUnknown(strategies)) return "FARGATE";
  const providers = strategies.filter(isProperties).map(({ capacityProvider }) => capacityProvider);
  if (providers.includes("FARGATE")) return "FARGATE";
  if (providers.includes("FARGATE_SPOT")) return "FARGATE_SPOT";
  const launchType = textOf(service, "launchType", "EC2");
  return launchType === "EC2" || launchType === "EXTERNAL" ? launchType : "FARGATE";
}

/** A task bears no tag at all unless its service says whose. */
function taggedBy(service: CostResource, task: CostResource | undefined): CostResource | "none" {
  const source = textOf(service, "propagateTags", "NONE");
  if (source === "SERVICE") return service;
  return source === "TASK_DEFINITION" && task !== undefined ? task : "none";
}

function hasPublicAddress(service: CostResource) {
  const network = blockOf(service, "networkConfiguration");
  const address = isUnknown(network) ? network : network["assignPublicIp"];
  return isUnknown(address) ? address : address === true;
}
