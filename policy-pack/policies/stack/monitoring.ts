import type { Finding, Rule, StackResource } from "../../support/rule.ts";
import { joinTo } from "../../support/join.ts";
import { parse } from "../../support/iam/policy-document.ts";
import { at, locate, textsOf } from "../../support/property.ts";
import type { Stack } from "../../support/stack.ts";
import { tagsOf } from "../../support/tags/tagged.ts";
import {
  ALARMS,
  TOPIC,
  alerts,
  heardTopics,
  plainKey,
  watcherIndex,
  watchersOf,
  type Watched,
  type Watcher,
} from "../../support/monitoring/watchers.ts";
import { Unknown, isMap } from "../../support/unknown.ts";
import { type Verdict, someOf } from "../../support/verdict.ts";

const ATLAS = [
  "mongodbatlas:index/advancedCluster:AdvancedCluster",
  "mongodbatlas:index/cluster:Cluster",
  "mongodbatlas:index/flexCluster:FlexCluster",
  "mongodbatlas:index/serverlessInstance:ServerlessInstance",
];
const ATLAS_ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration";
const ATLAS_PROJECT = "mongodbatlas:index/project:Project";
const QUEUE = "aws:sqs/queue:Queue";

/** How those who watch a type of resource call it. */
interface Kind {
  /** Dimensions in CloudWatch, and tags in Datadog. */
  readonly keys: readonly string[];
  /** Outputs that hold a name. */
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
}

const ecsService: Kind = {
  keys: ["ServiceName"],
  names: ["name"],
  namespaces: ["AWS/ECS", "ECS/ContainerInsights"],
};
const loadBalancer: Kind = {
  keys: ["LoadBalancer"],
  names: ["arnSuffix"],
  namespaces: ["AWS/ApplicationELB", "AWS/NetworkELB", "AWS/GatewayELB"],
};
const cache = (...names: readonly string[]): Kind => ({
  keys: ["CacheClusterId", "ReplicationGroupId", "ReplicationGroup", "clusterId"],
  names: [...names, "memberClusters"],
  namespaces: ["AWS/ElastiCache"],
});
const database: Kind = {
  keys: ["DBInstanceIdentifier", "DBClusterIdentifier"],
  names: ["identifier", "clusterIdentifier"],
  namespaces: ["AWS/RDS", "AWS/DocDB", "AWS/Neptune"],
};
const search: Kind = { keys: ["DomainName"], names: ["domainName"], namespaces: ["AWS/ES"] };
const atlas: Kind = { keys: ["ClusterName"], names: ["name"], namespaces: [] };
const queue: Kind = { keys: ["QueueName"], names: ["name"], namespaces: ["AWS/SQS"] };

type Kinds = Readonly<Record<string, Kind>>;

const SERVICES: Kinds = { "aws:ecs/service:Service": ecsService };
const BALANCERS: Kinds = {
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:alb/loadBalancer:LoadBalancer": loadBalancer,
};
const STORES: Kinds = {
  "aws:docdb/cluster:Cluster": database,
  "aws:dynamodb/table:Table": { keys: ["TableName"], names: ["name"], namespaces: ["AWS/DynamoDB"] },
  "aws:elasticache/cluster:Cluster": cache("clusterId"),
  "aws:elasticache/replicationGroup:ReplicationGroup": cache("replicationGroupId"),
  "aws:elasticache/serverlessCache:ServerlessCache": cache("name"),
  "aws:elasticsearch/domain:Domain": search,
  "aws:memorydb/cluster:Cluster": { keys: ["ClusterName"], names: ["name"], namespaces: ["AWS/MemoryDB"] },
  "aws:neptune/cluster:Cluster": database,
  "aws:opensearch/domain:Domain": search,
  "aws:rds/cluster:Cluster": database,
  "aws:rds/instance:Instance": database,
  ...Object.fromEntries(ATLAS.map((type) => [type, atlas])),
};
const QUEUES: Kinds = { [QUEUE]: queue };

function watchedAs(resource: StackResource, { keys, names, namespaces }: Kind): Watched {
  const { values } = tagsOf(resource);
  const [env, service] = [values.get("Environment"), values.get("Service")];
  return {
    resource,
    keys: new Set(keys.map(plainKey)),
    names: new Set([...names.flatMap((name) => textsOf(resource.props[name])), ...suffixOf(resource)]),
    cluster: keys.includes("ServiceName") ? clusterOf(resource) : undefined,
    namespaces,
    tags: typeof env === "string" && typeof service === "string" ? { env, service } : undefined,
  };
}

/** A service says it by ARN or by name. */
const clusterOf = ({ props }: StackResource): string | undefined =>
  typeof props["cluster"] === "string" ? props["cluster"].split("/").at(-1) : undefined;

/** `app/name/0123456789abcdef`, the end of a load balancer's ARN. */
function suffixOf({ props }: StackResource): readonly string[] {
  const [, suffix] = typeof props["arn"] === "string" ? (/:loadbalancer\/(.+)$/.exec(props["arn"]) ?? []) : [];
  return suffix === undefined ? [] : [suffix];
}

const indices = new WeakMap<Stack, (watched: Watched) => readonly Watcher[]>();

/** Five rules ask about the same stack. */
function watchersIn(stack: Stack): (watched: Watched) => readonly Watcher[] {
  const kept = indices.get(stack);
  if (kept !== undefined) return kept;
  const index = watcherIndex(watchersOf(stack));
  indices.set(stack, index);
  return index;
}

type More = (resource: StackResource) => Verdict;
const NO_MORE: More = () => false;

/** Resources of some kinds that nobody is told about. `more` finds those who watch in another way. */
function unwatched(
  stack: Stack,
  kinds: Kinds,
  fix: string,
  resources = stack.ofType(Object.keys(kinds)),
  more = NO_MORE,
): readonly Finding[] {
  if (resources.length === 0) return [];
  const find = watchersIn(stack);
  return resources.flatMap((resource): readonly Finding[] => {
    const kind = kinds[resource.type];
    if (kind === undefined) return [];
    const watchers = find(watchedAs(resource, kind));
    const verdict = someOf([...watchers.map(({ isLive }) => isLive), more(resource)]);
    if (verdict === true) return [];
    const property = kind.names[0] ?? "name";
    if (verdict instanceof Unknown) return [{ urn: resource.urn, property, unknown: verdict }];
    const [first] = watchers;
    const wrong =
      first === undefined
        ? `nothing watches "${resource.name}"`
        : `whatever watches "${resource.name}" tells nobody, as "${first.resource.name}"`;
    return [{ urn: resource.urn, property, wrong, fix }];
  });
}

// Alerts about people, keys, and bills watch no cluster.
const ABOUT_CLUSTER =
  /^(OUTSIDE_|HOST_|NO_PRIMARY|PRIMARY_|CLUSTER_|REPLICATION_|TOO_FEW_HEALTHY|TOO_MANY_|COMPUTE_|DISK_|CPS_)/;

/** Whether an alert of Atlas watches the project of a cluster. */
function alerted(stack: Stack): More {
  const toProject = joinTo(stack.ofType([ATLAS_PROJECT]));
  const byProject = new Map<unknown, StackResource[]>();
  for (const alert of stack.ofType([ATLAS_ALERT])) {
    const event = alert.props["eventType"];
    if (typeof event === "string" && !ABOUT_CLUSTER.test(event)) continue;
    for (const key of projectsOf(alert, toProject)) byProject.set(key, [...(byProject.get(key) ?? []), alert]);
  }
  return (cluster) =>
    someOf(
      projectsOf(cluster, toProject)
        .flatMap((key) => byProject.get(key) ?? [])
        .map((alert) => both(isMeant(cluster, alert), alerts(alert))),
    );
}

const both = (one: Verdict, other: Verdict): Verdict => (one === true ? other : other === false ? false : one);

/** Whether the matchers of an alert let it be about a cluster. */
function isMeant(cluster: StackResource, alert: StackResource): Verdict {
  const verdicts = locate(alert.props, "matchers[]")
    .filter(({ value }) => at(value, "fieldName") === "CLUSTER_NAME" && at(value, "operator") === "EQUALS")
    .map(({ value }): Verdict => {
      const [asked, own] = [at(value, "value"), cluster.props["name"]];
      if (asked instanceof Unknown) return asked;
      return own instanceof Unknown ? own : asked === own;
    });
  return !verdicts.includes(false) && (verdicts.find((verdict) => verdict instanceof Unknown) ?? true);
}

/** By id, and by URN while that is not known. */
function projectsOf(
  resource: StackResource,
  toProject: (from: StackResource, path: string) => readonly StackResource[],
): readonly unknown[] {
  const id = resource.props["projectId"];
  return [...(typeof id === "string" ? [id] : []), ...toProject(resource, "projectId").map(({ urn }) => urn)];
}

/** Where others name the queue that takes what they could not deliver. */
const DEAD_LETTERS: readonly (readonly [type: string, path: string])[] = [
  ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig.arn"],
  ["aws:lambda/function:Function", "deadLetterConfig.targetArn"],
  ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "destinationConfig.onFailure.destination"],
  ["aws:lambda/eventSourceMapping:EventSourceMapping", "destinationConfig.onFailure.destinationArn"],
  ["aws:scheduler/schedule:Schedule", "target.deadLetterConfig.arn"],
  ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy"],
  ["aws:sqs/queue:Queue", "redrivePolicy"],
  ["aws:sqs/redrivePolicy:RedrivePolicy", "redrivePolicy"],
];

/** Queues that take what could not be delivered elsewhere. */
export function deadLetterQueues(stack: Stack): readonly StackResource[] {
  const queues = stack.ofType([QUEUE]);
  const toQueue = joinTo(queues);
  const byArn = new Map(queues.map((one) => [one.props["arn"], one]));
  const found = new Set<StackResource>();
  for (const [type, path] of DEAD_LETTERS)
    for (const from of stack.ofType([type])) {
      for (const one of toQueue(from, path)) if (one !== from) found.add(one);
      const policy = locate(from.props, path)[0]?.value;
      const parsed = typeof policy === "string" && policy.startsWith("{") ? parse(policy) : policy;
      const named = isMap(parsed) ? byArn.get(at(parsed, "deadLetterTargetArn")) : undefined;
      if (named !== undefined) found.add(named);
    }
  return [...found];
}

/** Topics that alarms tell, and that tell nobody. */
export function unheardTopics(stack: Stack): readonly Finding[] {
  const toTopic = joinTo(stack.ofType([TOPIC]));
  const isHeard = heardTopics(stack);
  const told = new Set(stack.ofType(ALARMS).flatMap((alarm) => toTopic(alarm, "alarmActions")));
  return [...told]
    .filter((topic) => isHeard(topic) !== true)
    .map(({ urn, name }) => ({
      urn,
      property: "name",
      wrong: `alarms tell "${name}", to which nobody subscribes`,
      fix: "add an aws.sns.TopicSubscription for it",
    }));
}

const ALARM = "add an aws.cloudwatch.MetricAlarm with alarmActions";
const OR_MONITOR = "or a datadog.Monitor whose message names whom to tell";

export const rules: readonly Rule[] = [
  {
    name: "monitoring-ecs-service-watched",
    description: "Every ECS service has an alarm or a monitor that tells somebody.",
    why: "Otherwise customers are the first to notice that it is down.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: (stack) => unwatched(stack, SERVICES, `${ALARM} and the dimension ServiceName, ${OR_MONITOR}`),
  },
  {
    name: "monitoring-load-balancer-watched",
    description: "Every load balancer has an alarm or a monitor that tells somebody.",
    why: "Errors that the load balancer answers itself never reach the logs of a service.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: (stack) => unwatched(stack, BALANCERS, `${ALARM} and the dimension LoadBalancer, ${OR_MONITOR}`),
  },
  {
    name: "monitoring-data-store-watched",
    description: "Every data store has an alarm, a monitor, or an alert of its own service that tells somebody.",
    why: "A store that runs out of memory, disk, or connections takes everything before it down.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: (stack) =>
      unwatched(
        stack,
        STORES,
        `${ALARM} and its own dimension, ${OR_MONITOR}`,
        stack.ofType(Object.keys(STORES)),
        alerted(stack),
      ),
  },
  {
    name: "monitoring-dead-letters-watched",
    description: "Every queue of undeliverable messages has an alarm or a monitor that tells somebody.",
    why: "What lies there was lost for whoever sent it, and is deleted after some days.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: (stack) =>
      unwatched(stack, QUEUES, `${ALARM} and the dimension QueueName, ${OR_MONITOR}`, deadLetterQueues(stack)),
  },
  {
    name: "monitoring-alarm-topic-heard",
    description: "Somebody subscribes to every topic that alarms tell.",
    why: "An alarm that goes to an empty topic looks well in the console, and nobody is told.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: unheardTopics,
  },
];
