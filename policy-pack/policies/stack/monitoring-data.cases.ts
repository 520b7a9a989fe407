import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { alarm, asks, monitor, told } from "../../test/sent/monitoring.ts";

const STORE = "monitoring-data-store-watched";
const LETTERS = "monitoring-dead-letters-watched";

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
