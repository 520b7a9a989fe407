import { isProperties, type Properties, type Value } from "../../../sandbox/values/value.ts";
import { zero } from "../../money.ts";
import type { Range } from "../../range.ts";
import type { CostResource, Item, Part, World } from "../entry.ts";
import { shareOf } from "../share.ts";
import { isUnknown, textOf } from "../read.ts";

const serviceType = "aws:ecs/service:Service";

/** How many tasks run, and where that is from. */
export interface TaskCount {
  readonly count: Range;
  readonly assumption?: string;
}

/**
 * What Datadog charges for the tasks of a service that run its agent: each task, each with traces, and what they send.
 * Empty where none does. Ten GB of spans and 65,000 indexed ones come with each traced task.
 * https://docs.datadoghq.com/account_management/billing/usage_monitor_apm/
 */
export function agentParts(
  service: CostResource,
  task: CostResource | undefined,
  tasks: TaskCount,
  world: World,
): readonly Part[] {
  const containers = containersOf(task);
  if (containers === undefined) return perhaps(service, tasks, world);
  const agent = containers.find(isAgent);
  if (agent === undefined) return [];
  const variables = variablesOf(agent);
  const tags = { tagsOf: taggedBy(service, variables) };
  const counted = {
    quantity: tasks.count,
    property: "containerDefinitions",
    ...(tasks.assumption !== undefined && { assumption: tasks.assumption }),
    ...tags,
  };
  const parts: Part[] = [{ price: "datadog-fargate-task", ...counted }];
  if (isOn(variables, "DD_APM_ENABLED", true)) parts.push({ price: "datadog-apm-fargate-task", ...counted });
  const agents = world.ofType(serviceType).length;
  if ([...variables.keys()].some((name) => /^DD_(OTLP|DOGSTATSD)/.test(name)))
    parts.push({ price: "datadog-custom-metrics", ...shareOf(world.usage.indexedMetrics, agents, 100), ...tags });
  if (isOn(variables, "DD_LOGS_ENABLED", false))
    parts.push(...logItems(world, agents).map((item) => ({ ...item, ...tags })));
  return parts;
}

/** Before a deployment the containers may be unknown: a preview's tasks have no agent, all others have one. */
function perhaps(service: CostResource, tasks: TaskCount, world: World): readonly Part[] {
  const isExpected = world.environment !== "preview";
  const span = ({ expected, high }: Range): Range => ({ low: zero, expected: isExpected ? expected : zero, high });
  const unread = "Whether its tasks run Datadog's agent is not known yet.";
  const counted = {
    quantity: span(tasks.count),
    property: "containerDefinitions",
    assumption: tasks.assumption === undefined ? unread : `${tasks.assumption} ${unread}`,
    tagsOf: service,
  };
  const metrics = shareOf(world.usage.indexedMetrics, world.ofType(serviceType).length, 100);
  return [
    { price: "datadog-fargate-task", ...counted },
    { price: "datadog-apm-fargate-task", ...counted },
    {
      price: "datadog-custom-metrics",
      quantity: span(metrics.quantity),
      assumption: `${metrics.assumption} ${unread}`,
      tagsOf: service,
    },
  ];
}

const logItems = (world: World, agents: number): readonly Item[] => [
  { price: "datadog-log-ingestion", ...shareOf(world.usage.datadogLogGb, agents) },
  { price: "datadog-log-indexing", ...shareOf(world.usage.datadogLogEvents, agents) },
];

function containersOf(task: CostResource | undefined): readonly Properties[] | undefined {
  if (task === undefined) return undefined;
  const text = textOf(task, "containerDefinitions", "[]");
  if (isUnknown(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((one: Value) => isProperties(one)) : undefined;
  } catch {
    return undefined;
  }
}

/** The container that prepares the agent's files runs a command of its own, and is gone before the agent starts. */
const isAgent = ({ image, environment }: Properties): boolean =>
  typeof image === "string" && /(^|\/)datadog\/agent(:|@|$)|datadog-agent/.test(image) && Array.isArray(environment);

type Variables = ReadonlyMap<string, string>;

function variablesOf({ environment }: Properties): Variables {
  const given = Array.isArray(environment) ? environment.filter(isProperties) : [];
  return new Map(
    given.flatMap(({ name, value }) =>
      typeof name === "string" && typeof value === "string" ? [[name, value] as const] : [],
    ),
  );
}

const isOn = (variables: Variables, name: string, byDefault: boolean): boolean =>
  (variables.get(name) ?? String(byDefault)) === "true";

/** Datadog attributes usage by the agent's own tags: `DD_TAGS`, and `env` of `DD_ENV`. */
function taggedBy(service: CostResource, variables: Variables): CostResource {
  const env = variables.get("DD_ENV");
  const listed = (variables.get("DD_TAGS") ?? "").split(/[ ,]+/).filter((tag) => tag !== "");
  return {
    ...service,
    type: "datadog:index/agent:Agent",
    inputs: { tags: [...(env === undefined ? [] : [`env:${env}`]), ...listed] },
    outputs: {},
  };
}
