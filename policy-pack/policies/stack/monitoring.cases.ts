import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const SERVICE = "monitoring-ecs-service-watched";
const BALANCER = "monitoring-load-balancer-watched";
const STORE = "monitoring-data-store-watched";
const LETTERS = "monitoring-dead-letters-watched";
const HEARD = "monitoring-alarm-topic-heard";

const ARN = "arn:aws:sns:us-east-1:111122223333:alarms";
const SUFFIX = "app/edge/0123456789abcdef";

const service = (name: Json = "api-1a2b3c4"): Sent => ({
  type: "aws:ecs/service:Service",
  name: "api",
  props: { id: name, name, tags: { ...tags, Service: "api" } },
});
const balancer = (arnSuffix: Json = SUFFIX): Sent => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "edge",
  props: { id: arnSuffix, arnSuffix },
});
const cache = (id: Json = "cache-1a2b3c4"): Sent => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "cache",
  props: {
    id,
    replicationGroupId: id,
    memberClusters: typeof id === "string" && id !== UNKNOWN ? [`${id}-001`] : UNKNOWN,
  },
});
const atlas = (projectId: Json = "p1", references: Sent["references"] = {}): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  name: "data",
  props: { id: "c1", name: "data-1a2b3c4", projectId },
  references,
});
const project = (id: Json = "p1"): Sent => ({
  type: "mongodbatlas:index/project:Project",
  name: "project",
  props: { id },
});
const alert = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "mongodbatlas:index/alertConfiguration:AlertConfiguration",
  name: "alert",
  props: { projectId: "p1", eventType: "NO_PRIMARY", enabled: true, notifications: [{ typeName: "GROUP" }], ...props },
  references,
});
const topic = (arn: Json = ARN): Sent => ({ type: "aws:sns/topic:Topic", name: "alarms", props: { id: arn, arn } });
const subscription = (of: Json = ARN, references: Sent["references"] = {}): Sent => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  name: "mail",
  props: { topic: of, protocol: "email", endpoint: "a@example.net" },
  references,
});
const alarm = (props: Sent["props"], references: Sent["references"] = {}, name = "alarm"): Sent => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  name,
  props: { name, alarmActions: [ARN], ...props },
  references,
});
const composite = (alarmRule: Json, alarmActions: Json = [ARN]): Sent => ({
  type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  name: "composite",
  props: { alarmName: "composite", alarmRule, alarmActions },
});
const byName = { dimensions: { ClusterName: "main", ServiceName: "api-1a2b3c4" } };
const query = (expression: string): Sent["props"] => ({ metricQueries: [{ id: "q", expression }] });
const monitor = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "datadog:index/monitor:Monitor",
  name: "monitor",
  props: { message: "It is down. @pagerduty-api", ...props },
  references,
});
const asks = (filter: string): Sent["props"] => ({ query: `avg(last_5m):avg:aws.metric{${filter}} > 1` });
const told = [topic(), subscription()];

const LETTER_ARN = "arn:aws:sqs:us-east-1:111122223333:letters";
const letters = (arn: Json = LETTER_ARN): Sent => ({
  type: "aws:sqs/queue:Queue",
  name: "letters",
  props: { id: "https://sqs/letters", arn, name: arn === UNKNOWN ? UNKNOWN : "letters" },
});
const jobs = (redrivePolicy: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:sqs/queue:Queue",
  name: "jobs",
  props: { id: "https://sqs/jobs", arn: "arn:aws:sqs:us-east-1:111122223333:jobs", name: "jobs", redrivePolicy },
  references,
});
const REDRIVE = JSON.stringify({ deadLetterTargetArn: LETTER_ARN, maxReceiveCount: 3 });

export const cases: readonly Case[] = [
  { rule: SERVICE, when: "an alarm has its dimension", given: [service(), alarm(byName), ...told], result: "passes" },
  {
    rule: SERVICE,
    when: "nothing is about it",
    given: [service(), ...told],
    result: [
      /name: nothing watches "api".*Fix: add an aws\.cloudwatch\.MetricAlarm with alarmActions and the dimension ServiceName/,
    ],
  },
  {
    rule: SERVICE,
    when: "the alarm is another service's",
    given: [service(), alarm({ dimensions: { ServiceName: "worker-5d6e7f8" } }), ...told],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "the name is that of another dimension",
    given: [service(), alarm({ dimensions: { FunctionName: "api-1a2b3c4" } }), ...told],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "an expression's metric has its dimension",
    given: [
      service(),
      alarm({
        metricQueries: [
          { id: "m", metric: { metricName: "CPUUtilization", ...byName } },
          { id: "e", expression: "m" },
        ],
      }),
      ...told,
    ],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "a query is about all services",
    given: [service(), alarm(query('SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ServiceName)')), ...told],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "a query is about another one",
    given: [
      service(),
      alarm(query(`SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ServiceName) WHERE ServiceName = 'worker'`)),
      ...told,
    ],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "neither is known yet",
    given: [
      service(UNKNOWN),
      alarm({ dimensions: { ServiceName: UNKNOWN } }, { dimensions: ["api"], alarmActions: ["alarms"] }),
      ...told,
    ],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "neither is known yet, and the alarm comes from elsewhere",
    given: [service(UNKNOWN), alarm({ dimensions: { ServiceName: UNKNOWN } }, { dimensions: ["worker"] }), ...told],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "the alarm has no action",
    given: [service(), alarm({ ...byName, alarmActions: [] }), ...told],
    result: [/whatever watches "api" tells nobody, as "alarm"/],
  },
  {
    rule: SERVICE,
    when: "the alarm says nothing of actions",
    given: [service(), { ...alarm({}), props: { name: "alarm", ...byName } }, ...told],
    result: [/tells nobody/],
  },
  {
    rule: SERVICE,
    when: "the alarm's actions are switched off, as text",
    given: [service(), alarm({ ...byName, actionsEnabled: "false" }), ...told],
    result: [/tells nobody/],
  },
  {
    rule: SERVICE,
    when: "it is unknown whether they are",
    given: [service(), alarm({ ...byName, actionsEnabled: UNKNOWN }), ...told],
    result: "waits",
  },
  {
    rule: SERVICE,
    when: "the alarm's action only reboots",
    given: [service(), alarm({ ...byName, alarmActions: ["arn:aws:automate:us-east-1:ec2:reboot"] })],
    result: [/tells nobody/],
  },
  {
    rule: SERVICE,
    when: "nobody subscribes to the topic",
    given: [service(), alarm(byName), topic()],
    result: [/tells nobody/],
  },
  { rule: SERVICE, when: "the topic is another stack's", given: [service(), alarm(byName)], result: "passes" },
  {
    rule: SERVICE,
    when: "the topic is unknown, and nothing explains it",
    given: [service(), alarm({ ...byName, alarmActions: [UNKNOWN] })],
    result: "waits",
  },
  {
    rule: SERVICE,
    when: "the topic is unknown, and has a subscription",
    given: [
      service(),
      alarm({ ...byName, alarmActions: [UNKNOWN] }, { alarmActions: ["alarms"] }),
      topic(UNKNOWN),
      subscription(UNKNOWN, { topic: ["alarms"] }),
    ],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "a composite alarm tells for it",
    given: [service(), alarm({ ...byName, alarmActions: [] }), composite('ALARM("alarm") OR ALARM(other)'), ...told],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "the composite alarm is about others",
    given: [service(), alarm({ ...byName, alarmActions: [] }), composite('ALARM("alarm-2")'), ...told],
    result: [/tells nobody/],
  },
  {
    rule: SERVICE,
    when: "a monitor names it",
    given: [service(), monitor(asks("clustername:main,servicename:api-1a2b3c4"))],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "a monitor asks for its environment and service",
    given: [service(), monitor(asks("env:staging,service:api"))],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "a monitor asks for its service in another environment",
    given: [service(), monitor(asks("env:production,service:api"))],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "a monitor leaves it out",
    given: [service(), monitor(asks("!servicename:api-1a2b3c4"))],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "the monitor tells nobody",
    given: [service(), monitor({ ...asks("servicename:api-1a2b3c4"), message: "Ask a@example.net" })],
    result: [/whatever watches "api" tells nobody, as "monitor"/],
  },
  {
    rule: SERVICE,
    when: "the monitor is a draft",
    given: [service(), monitor({ ...asks("servicename:api-1a2b3c4"), draftStatus: "draft" })],
    result: [/tells nobody/],
  },
  {
    rule: SERVICE,
    when: "the monitor's message is unknown",
    given: [service(), monitor({ ...asks("servicename:api-1a2b3c4"), message: UNKNOWN })],
    result: "waits",
  },
  {
    rule: SERVICE,
    when: "the monitor's query came from it",
    given: [service(UNKNOWN), monitor({ query: UNKNOWN }, { query: ["api"] })],
    result: "passes",
  },

  {
    rule: BALANCER,
    when: "an alarm has its dimension",
    given: [balancer(), alarm({ dimensions: { LoadBalancer: SUFFIX } }), ...told],
    result: "passes",
  },
  {
    rule: BALANCER,
    when: "a monitor names it",
    given: [balancer(), monitor(asks(`loadbalancer:${SUFFIX}`))],
    result: "passes",
  },
  {
    rule: BALANCER,
    when: "only its ARN is known",
    given: [
      {
        ...balancer(),
        props: { arn: `arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/${SUFFIX}` },
      },
      alarm({ dimensions: { LoadBalancer: SUFFIX } }),
      ...told,
    ],
    result: "passes",
  },
  {
    rule: BALANCER,
    when: "nothing is about it",
    given: [balancer(), ...told],
    result: [/arnSuffix: nothing watches "edge"/],
  },
  {
    rule: BALANCER,
    when: "neither is known yet",
    given: [
      balancer(UNKNOWN),
      alarm({ dimensions: { LoadBalancer: UNKNOWN } }, { dimensions: ["edge"], alarmActions: ["alarms"] }),
      ...told,
    ],
    result: "passes",
  },

  {
    rule: STORE,
    when: "an alarm is about a node of the cache",
    given: [cache(), alarm({ dimensions: { CacheClusterId: "cache-1a2b3c4-001" } }), ...told],
    result: "passes",
  },
  {
    rule: STORE,
    when: "a monitor is about all nodes of the cache",
    given: [cache(), monitor(asks("cacheclusterid:cache-1a2b3c4-*"))],
    result: "passes",
  },
  {
    rule: STORE,
    when: "a monitor is about another cache",
    given: [cache(), monitor(asks("cacheclusterid:cache-5d6e7f8-*"))],
    result: [/replicationGroupId: nothing watches "cache"/],
  },
  { rule: STORE, when: "nothing is about the cache", given: [cache()], result: [/nothing watches "cache"/] },
  {
    rule: STORE,
    when: "an Atlas alert is about the project",
    given: [atlas(), project(), alert({})],
    result: "passes",
  },
  {
    rule: STORE,
    when: "an Atlas alert is about a project that is unknown",
    given: [
      atlas(UNKNOWN, { projectId: ["project"] }),
      project(UNKNOWN),
      alert({ projectId: UNKNOWN }, { projectId: ["project"] }),
    ],
    result: "passes",
  },
  {
    rule: STORE,
    when: "the Atlas alert is another project's",
    given: [atlas(), project(), alert({ projectId: "p2" })],
    result: [/name: nothing watches "data"/],
  },
  {
    rule: STORE,
    when: "the Atlas alert is off",
    given: [atlas(), alert({ enabled: false })],
    result: [/nothing watches/],
  },
  {
    rule: STORE,
    when: "the Atlas alert does not say that it is on",
    given: [
      atlas(),
      {
        ...alert({}),
        props: { projectId: "p1", eventType: "NO_PRIMARY", notifications: [{ typeName: "GROUP" }] },
      },
    ],
    result: [/nothing watches/],
  },
  {
    rule: STORE,
    when: "the Atlas alert tells nobody",
    given: [atlas(), alert({ notifications: [] })],
    result: [/nothing/],
  },
  {
    rule: STORE,
    when: "whom it tells is unknown",
    given: [atlas(), alert({ notifications: UNKNOWN })],
    result: "waits",
  },
  {
    rule: STORE,
    when: "the Atlas alert is about who joins",
    given: [atlas(), alert({ eventType: "JOINED_GROUP" })],
    result: [/nothing watches/],
  },
  {
    rule: STORE,
    when: "a monitor is about the Atlas cluster",
    given: [atlas(), monitor(asks("clustername:data-1a2b3c4"))],
    result: "passes",
  },
  {
    rule: STORE,
    when: "an instance of RDS has an alarm",
    given: [
      { type: "aws:rds/instance:Instance", name: "db", props: { id: "db-1", identifier: "db-1" } },
      alarm({ dimensions: { DBInstanceIdentifier: "db-1" } }),
      ...told,
    ],
    result: "passes",
  },

  { rule: LETTERS, when: "no queue takes undeliverable messages", given: [letters()], result: "passes" },
  {
    rule: LETTERS,
    when: "one does, and nothing watches it",
    given: [letters(), jobs(REDRIVE)],
    result: [/name: nothing watches "letters".*dimension QueueName/],
  },
  {
    rule: LETTERS,
    when: "an alarm does",
    given: [letters(), jobs(REDRIVE), alarm({ dimensions: { QueueName: "letters" } }), ...told],
    result: "passes",
  },
  {
    rule: LETTERS,
    when: "one does, and is unknown",
    given: [letters(UNKNOWN), jobs(UNKNOWN, { redrivePolicy: ["letters"] })],
    result: [/nothing watches "letters"/],
  },
  {
    rule: LETTERS,
    when: "a function hands over what it could not do",
    given: [
      letters(),
      {
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        name: "config",
        props: { destinationConfig: { onFailure: { destination: LETTER_ARN } } },
      },
    ],
    result: [/nothing watches "letters"/],
  },

  { rule: HEARD, when: "somebody subscribes", given: [alarm({}), ...told], result: "passes" },
  {
    rule: HEARD,
    when: "nobody does",
    given: [alarm({}), topic()],
    result: [/name: alarms tell "alarms", to which nobody/],
  },
  {
    rule: HEARD,
    when: "somebody subscribes to another",
    given: [alarm({}), topic(), subscription(`${ARN}-2`)],
    result: [/nobody subscribes/],
  },
  {
    rule: HEARD,
    when: "nothing is known yet",
    given: [
      alarm({ alarmActions: [UNKNOWN] }, { alarmActions: ["alarms"] }),
      topic(UNKNOWN),
      subscription(UNKNOWN, { topic: ["alarms"] }),
    ],
    result: "passes",
  },
  {
    rule: HEARD,
    when: "nothing is known yet, and nobody subscribes",
    given: [alarm({ alarmActions: [UNKNOWN] }, { alarmActions: ["alarms"] }), topic(UNKNOWN)],
    result: [/nobody subscribes/],
  },
  {
    rule: HEARD,
    when: "a chat listens",
    given: [
      alarm({}),
      topic(),
      {
        type: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        name: "chat",
        props: { snsTopicArns: [ARN] },
      },
    ],
    result: "passes",
  },
  { rule: HEARD, when: "no alarm tells the topic", given: [topic()], result: "passes" },

  {
    rule: SERVICE,
    when: "only a comment of the monitor names somebody",
    given: [
      service(),
      monitor({ ...asks("servicename:api-1a2b3c4"), message: "It is down. {{!-- @pagerduty-api --}}" }),
    ],
    result: [/whatever watches "api" tells nobody, as "monitor"/],
  },
  {
    rule: SERVICE,
    when: "the alarm is about a service of this name in another cluster",
    given: [
      { ...service(), props: { ...service().props, cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/main" } },
      alarm({ dimensions: { ClusterName: "other", ServiceName: "api-1a2b3c4" } }),
      ...told,
    ],
    result: [/nothing watches "api"/],
  },
  {
    rule: SERVICE,
    when: "the alarm is about it in its own cluster",
    given: [
      { ...service(), props: { ...service().props, cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/main" } },
      alarm(byName),
      ...told,
    ],
    result: "passes",
  },
  {
    rule: SERVICE,
    when: "the topic's only subscription is another topic's",
    given: [service(), alarm(byName), topic(), subscription(`${ARN}-other`, { topic: ["alarms"] })],
    result: [/whatever watches "api" tells nobody/],
  },
  {
    rule: STORE,
    when: "the alert is about another cluster",
    given: [atlas(), alert({ matchers: [{ fieldName: "CLUSTER_NAME", operator: "EQUALS", value: "other" }] })],
    result: [/nothing watches "data"/],
  },
  {
    rule: STORE,
    when: "the alert names the cluster",
    given: [atlas(), alert({ matchers: [{ fieldName: "CLUSTER_NAME", operator: "EQUALS", value: "data-1a2b3c4" }] })],
    result: "passes",
  },
  {
    rule: STORE,
    when: "the name in the alert is not known yet",
    given: [atlas(), alert({ matchers: [{ fieldName: "CLUSTER_NAME", operator: "EQUALS", value: UNKNOWN }] })],
    result: "waits",
  },
];
