import { DEDICATED, FLEX_CLUSTER, SERVERLESS_INSTANCE } from "../../support/data/atlas.ts";
import { parse } from "../../support/iam/policy-document.ts";
import { joinTo } from "../../support/join.ts";
import { ALARM, OR_MONITOR, unwatched, type Kind, type Kinds, type More } from "../../support/monitoring/unwatched.ts";
import { alerts } from "../../support/monitoring/watchers.ts";
import { at, locate } from "../../support/property.ts";
import type { Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap } from "../../support/unknown.ts";
import { everyOf, someOf, type Verdict } from "../../support/verdict.ts";

const ATLAS = [...DEDICATED, FLEX_CLUSTER, SERVERLESS_INSTANCE];
const ATLAS_ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration";
const ATLAS_PROJECT = "mongodbatlas:index/project:Project";
const QUEUE = "aws:sqs/queue:Queue";
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
        .map((alert) => everyOf([isMeant(cluster, alert), alerts(alert)])),
    );
}

/** Whether the matchers of an alert let it be about a cluster. */
function isMeant(cluster: StackResource, alert: StackResource): Verdict {
  const verdicts = locate(alert.props, "matchers[]")
    .filter(({ value }) => at(value, "fieldName") === "CLUSTER_NAME" && at(value, "operator") === "EQUALS")
    .map(({ value }): Verdict => {
      const [asked, own] = [at(value, "value"), cluster.props["name"]];
      if (asked instanceof Unknown) return asked;
      return own instanceof Unknown ? own : asked === own;
    });
  return everyOf(verdicts);
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
function deadLetterQueues(stack: Stack): readonly StackResource[] {
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

export const rules: readonly Rule[] = [
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
];
