import type { Found, Rule } from "./hints.ts";
import { atOtherPrice } from "./hints-prices.ts";
import type { CostLine } from "./model.ts";
import { type Range, sumRanges } from "./range.ts";

/** Cheaper chips, engines, and generations for the same work. */
export const compute: readonly Rule[] = [
  {
    id: "fargate-arm",
    find: ({ cost, prices }) =>
      byResource(atOtherPrice(cost.lines, prices, replacing("fargate-x86-", "fargate-arm-"))).map(([urn, saving]) => ({
        urn,
        saving,
        what: "Its tasks run on x86, where ARM does the same for a fifth less.",
        setting: "runtimePlatform.cpuArchitecture: ARM64 of the task definition, with an image that is built for it",
        loses: "Native packages must have a build for ARM.",
      })),
  },
  {
    id: "cache-valkey",
    find: ({ cost, prices }) =>
      byResource(atOtherPrice(cost.lines, prices, replacing("elasticache-redis-", "elasticache-valkey-"))).map(
        ([urn, saving]) => ({
          urn,
          saving,
          what: "Its engine is Redis, where Valkey speaks the same protocol for a fifth less.",
          setting: "cache.engine: valkey in infra/settings/environments.ts",
          loses: "What Redis added after version 7.2; the change cannot be taken back in place.",
        }),
      ),
  },
  {
    id: "cache-arm",
    find: ({ cost, prices }) =>
      byResource(atOtherPrice(cost.lines, prices, ofCache(replacing("-t3-", "-t4g-")))).map(([urn, saving]) => ({
        urn,
        saving,
        what: "Its nodes are of a former generation on x86.",
        setting: "cache.nodeType: cache.t4g in infra/settings/environments.ts",
        loses: "Nothing: the memory is the same, and the engine runs on ARM.",
      })),
  },
  {
    id: "insights-outside-production",
    find: ({ cost, world }) =>
      world.environment === "production"
        ? []
        : byResource(cost.lines.filter(isInsights).map((line) => ({ line, saving: line.monthly }))).map(
            ([urn, saving]): Found => ({
              urn,
              saving,
              what: "Container Insights pays for about 30 metrics where nobody is woken by them.",
              setting:
                "service.containerInsights: disabled in infra/settings/environments.ts (previews pay for staging's)",
              loses:
                "CloudWatch no longer counts tasks, so its alarm on missing ones must go; Datadog counts them too.",
            }),
          ),
  },
];

const isInsights = ({ item }: CostLine): boolean => item.endsWith(", Container Insights");

const replacing = (from: string, to: string) => (price: string) =>
  price.includes(from) ? price.replace(from, to) : undefined;

const ofCache = (other: (price: string) => string | undefined) => (price: string) =>
  price.startsWith("elasticache-") ? other(price) : undefined;

/** A resource may have several lines: one hint says what all of them save. */
function byResource(
  found: readonly { readonly line: CostLine; readonly saving: Range }[],
): readonly (readonly [urn: string, saving: Range])[] {
  const groups = Map.groupBy(found, ({ line }) => line.urn);
  return [...groups].map(([urn, all]) => [urn, sumRanges(all.map(({ saving }) => saving))] as const);
}
