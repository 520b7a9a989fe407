import { joinTo } from "../../support/join.ts";
import { ALARM, OR_MONITOR, unwatched, type Kind, type Kinds } from "../../support/monitoring/unwatched.ts";
import { ALARMS, TOPIC, heardTopics } from "../../support/monitoring/watchers.ts";
import type { Finding, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";

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

const SERVICES: Kinds = { "aws:ecs/service:Service": ecsService };
const BALANCERS: Kinds = {
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:alb/loadBalancer:LoadBalancer": loadBalancer,
};

/** Topics that alarms tell, and that tell nobody. */
function unheardTopics(stack: Stack): readonly Finding[] {
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
    name: "monitoring-alarm-topic-heard",
    description: "Somebody subscribes to every topic that alarms tell.",
    why: "An alarm that goes to an empty topic looks well in the console, and nobody is told.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: unheardTopics,
  },
];
