import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { ARN, alarm, asks, monitor, query, subscription, told, topic } from "../../test/sent/monitoring.ts";

const SERVICE = "monitoring-ecs-service-watched";
const BALANCER = "monitoring-load-balancer-watched";
const HEARD = "monitoring-alarm-topic-heard";
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
const composite = (alarmRule: Json, alarmActions: Json = [ARN]): Sent => ({
  type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  name: "composite",
  props: { alarmName: "composite", alarmRule, alarmActions },
});
const byName = { dimensions: { ClusterName: "main", ServiceName: "api-1a2b3c4" } };

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
];
