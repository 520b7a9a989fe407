import { type ContainerInsights, environments } from "../../../../infra/settings/environments.ts";
import type { EnvironmentName } from "../../usage.ts";
import { isProperties } from "../../../sandbox/values/value.ts";
import { between, type Range, sumRanges, times } from "../../range.ts";
import { type CostResource, type Entries, type Part, priced, type World } from "../entry.ts";
import { isUnknown, listOf } from "../read.ts";
import { shareAmong } from "../share.ts";

/**
 * Metrics of Container Insights, each charged as a custom metric: of a cluster, and of a service with its family of
 * tasks. Their names: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/appinsights-metrics-ecs.html.
 * How many each of them has is counted from what they measure, so it is a span; the high end has a second family of
 * tasks, such as migrations.
 */
const ofACluster = between(10, 12, 13);
const ofAService = between(21, 25, 35);

const cluster = "aws:ecs/cluster:Cluster";

/** Clusters cost nothing by themselves; what watches them does. */
export const containerInsights: Entries = {
  [cluster]: priced(clusterParts),
};

const service = "aws:ecs/service:Service";
const assumption = "Metrics are counted from the names that CloudWatch lists; each is charged as a custom metric.";

function clusterParts(own: CostResource, world: World): readonly Part[] {
  const setting = insightsOf(own);
  if (setting === "disabled") return [{ free: "A cluster is free; Container Insights is off." }];
  if (setting === "enhanced")
    return [{ notPriced: "Container Insights with enhanced observability has prices of its own, not in prices.csv." }];
  const services = world
    .ofType(service)
    .filter((one) => world.references(one, "cluster").some(({ urn }) => urn === own.urn)).length;
  return [
    {
      price: "custom-metric",
      quantity: sumRanges([ofACluster, times(ofAService, services)]),
      property: "settings",
      note: "Container Insights",
      assumption: `${assumption} One cluster and ${services === 1 ? "one service" : `${services} services`}.`,
    },
    {
      price: "log-ingestion",
      ...shareAmong(world.usage.insightsLogGb, own, world),
      property: "settings",
      note: "Container Insights",
    },
  ];
}

/** What a service adds to a cluster of another stack, if that is watched: as the settings say, for want of its state. */
export function insightsElsewhere(
  one: CostResource,
  world: World,
  chosen: ContainerInsights = environments.service.containerInsights[world.environment as EnvironmentName],
): readonly Part[] {
  if (chosen === "disabled") return [];
  if (world.references(one, "cluster").some(({ type }) => type === cluster)) return [];
  const quantity: Range = { ...ofAService, low: ofAService.low.times(0) };
  return [
    {
      price: "custom-metric",
      quantity,
      property: "cluster",
      note: "Container Insights",
      assumption: `${assumption} The cluster is another stack's, and taken to have Container Insights on.`,
    },
  ];
}

/** ECS's own default, unless the account has another. */
const byDefault = "disabled";

function insightsOf(own: CostResource): string {
  const settings = listOf(own, "settings");
  if (isUnknown(settings)) return "enabled";
  const value = settings.filter(isProperties).find(({ name }) => name === "containerInsights")?.["value"];
  return isUnknown(value) ? "enabled" : typeof value === "string" ? value : byDefault;
}
