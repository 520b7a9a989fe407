import { amount } from "../../money.ts";
import { mapRange } from "../../range.ts";
import type { UsageName } from "../../usage.ts";
import { type CostResource, type Entries, free, type Part, priced, type World } from "../entry.ts";
import { amountOf, isUnknown } from "../read.ts";
import { shareOf } from "../share.ts";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

/** Amazon CloudWatch Logs. */
export const logs: Entries = {
  [logGroup]: priced(groupParts),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": free("The metric that it makes is charged where it is used."),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": free("A permission of the log group."),
  "aws:cloudwatch/logStream:LogStream": free("Charged by the log group."),
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": free("Charged by what receives the records."),
};

/** Who writes to a log group, and by which property it names it; what no one of them names is the tasks'. */
const writers: readonly (readonly [type: string, property: string, usage: UsageName])[] = [
  ["aws:ec2/flowLog:FlowLog", "logDestination", "flowLogGb"],
  ["aws:lambda/function:Function", "loggingConfig", "functionLogGb"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "logDeliveryConfigurations", "cacheLogGb"],
];

/** Which assumption a stack's log groups rest on, found once: every group asks for all of them. */
const assumptionsOf = new WeakMap<World, ReadonlyMap<string, UsageName>>();

function assumptionsIn(world: World): ReadonlyMap<string, UsageName> {
  const known = assumptionsOf.get(world);
  if (known !== undefined) return known;
  const written = writers.flatMap(([type, property, usage]) =>
    world.ofType(type).flatMap((writer) => world.references(writer, property).map(({ urn }) => [urn, usage] as const)),
  );
  const found = new Map<string, UsageName>(world.ofType(logGroup).map(({ urn }) => [urn, "tasksLogGb"]));
  for (const [urn, usage] of written) if (found.has(urn)) found.set(urn, usage);
  assumptionsOf.set(world, found);
  return found;
}

/** What AWS services write by themselves has tiers of its own. */
const vended: readonly UsageName[] = ["flowLogGb", "cacheLogGb"];

/** https://aws.amazon.com/cloudwatch/pricing/: its examples count stored logs at 15 % of what came in. */
const compression = amount("0.15");
const daysPerMonth = amount(365).dividedBy(12);
/** A group without retention grows for ever: a year of it is counted. */
const daysWithoutEnd = 365;

function groupParts(group: CostResource, world: World): readonly Part[] {
  const assumptions = assumptionsIn(world);
  const name = assumptions.get(group.urn) ?? "tasksLogGb";
  const alike = [...assumptions.values()].filter((other) => other === name).length;
  const ingested = shareOf(world.usage[name], alike);
  const retention = amountOf(group, "retentionInDays", 0);
  const endless = isUnknown(retention) || retention.isZero();
  const days = endless ? amount(daysWithoutEnd) : retention;
  return [
    { price: vended.includes(name) ? "vended-log-ingestion" : "log-ingestion", ...ingested },
    {
      price: "log-storage",
      quantity: mapRange(ingested.quantity, (gb) => gb.times(compression).times(days).dividedBy(daysPerMonth)),
      property: "retentionInDays",
      assumption: `${ingested.assumption} Stored at 15 % of it for ${days.toFixed()} days${endless ? ", as no end is known" : ""}.`,
    },
  ];
}
