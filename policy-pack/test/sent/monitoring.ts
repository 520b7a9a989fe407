import type { Json, Sent } from "../analyzer.ts";

export const ARN = "arn:aws:sns:us-east-1:111122223333:alarms";

export const topic = (arn: Json = ARN): Sent => ({
  type: "aws:sns/topic:Topic",
  name: "alarms",
  props: { id: arn, arn },
});
export const subscription = (of: Json = ARN, references: Sent["references"] = {}): Sent => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  name: "mail",
  props: { topic: of, protocol: "email", endpoint: "a@example.net" },
  references,
});
export const alarm = (props: Sent["props"], references: Sent["references"] = {}, name = "alarm"): Sent => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  name,
  props: { name, alarmActions: [ARN], ...props },
  references,
});
export const query = (expression: string): Sent["props"] => ({ metricQueries: [{ id: "q", expression }] });
export const monitor = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "datadog:index/monitor:Monitor",
  name: "monitor",
  props: { message: "It is down. @pagerduty-api", ...props },
  references,
});
export const asks = (filter: string): Sent["props"] => ({ query: `avg(last_5m):avg:aws.metric{${filter}} > 1` });
export const told = [topic(), subscription()];
