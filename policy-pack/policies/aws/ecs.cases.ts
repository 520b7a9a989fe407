import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Props = Sent["props"];

const cluster = (props: Props, name = "cluster"): Sent => ({
  type: "aws:ecs/cluster:Cluster",
  name,
  props: { ...props, tags },
});
const settings = (...values: Json[]): Sent => cluster({ settings: values });
const exec = (fields: Json): Sent => cluster({ configuration: { executeCommandConfiguration: fields } });

const service = (props: Props, references: Sent["references"] = {}, name = "api"): Sent => ({
  type: "aws:ecs/service:Service",
  name,
  props: {
    propagateTags: "SERVICE",
    enableEcsManagedTags: true,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    desiredCount: 2,
    ...props,
    tags,
  },
  references,
});
const bare = (props: Props = {}): Sent => ({ type: "aws:ecs/service:Service", props: { ...props, tags } });
const network = (fields: Record<string, Json>): Sent =>
  service({ networkConfiguration: { subnets: [UNKNOWN], ...fields } });
const taskSet = (props: Props): Sent => ({ type: "aws:ecs/taskSet:TaskSet", props: { ...props, tags } });
const target = (ecsTarget?: Json): Sent => ({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  props: { rule: "nightly", arn: "arn:aws:ecs:::cluster/c", ...(ecsTarget === undefined ? {} : { ecsTarget }) },
});
const schedule = (ecsParameters?: Json): Sent => ({
  type: "aws:scheduler/schedule:Schedule",
  props: { target: { arn: "arn:aws:ecs:::cluster/c", ...(ecsParameters === undefined ? {} : { ecsParameters }) } },
});

const RUNNING: Props = { id: "arn:aws:ecs:us-east-1:444455556666:service/c/api", name: "api" };
const ON: Props = { ...RUNNING, cluster: "arn:aws:ecs:us-east-1:444455556666:cluster/c" };
const scalable = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:appautoscaling/target:Target",
  name: "scalable",
  props: { serviceNamespace: "ecs", scalableDimension: "ecs:service:DesiredCount", minCapacity: 2, ...props },
  references,
});
const scaling = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:appautoscaling/policy:Policy",
  name: "scaling",
  props: { serviceNamespace: "ecs", ...props },
  references,
});

const CLUSTER_OF_EXEC: Props = { id: "arn:aws:ecs:::cluster/c", arn: "arn:aws:ecs:::cluster/c" };

export const cases: readonly Case[] = [
  {
    rule: "ecs-container-insights",
    when: "it is on",
    given: settings({ name: "containerInsights", value: "enabled" }),
    result: "passes",
  },
  {
    rule: "ecs-container-insights",
    when: "it is enhanced",
    given: settings({ name: "containerInsights", value: "enhanced" }),
    result: "passes",
  },
  {
    rule: "ecs-container-insights",
    when: "it is off",
    given: settings({ name: "containerInsights", value: "disabled" }),
    result: [/settings\[0\]\.value: it is "disabled", and must be enabled or enhanced/],
  },
  {
    rule: "ecs-container-insights",
    when: "there are no settings",
    given: cluster({}),
    result: [/settings: containerInsights is not among them/],
  },
  {
    rule: "ecs-container-insights",
    when: "the value is unknown",
    given: settings({ name: "containerInsights", value: UNKNOWN }),
    result: [/settings\[0\]\.value: its value is not known/],
  },
  {
    rule: "ecs-container-insights",
    when: "a setting is unknown",
    given: settings(UNKNOWN),
    result: [/settings\[0\]: its value is not known/],
  },

  {
    rule: "ecs-no-public-ip",
    when: "a service has none",
    given: network({ assignPublicIp: false }),
    result: "passes",
  },
  { rule: "ecs-no-public-ip", when: "nothing is said", given: bare(), result: "passes" },
  { rule: "ecs-no-public-ip", when: "a network says nothing", given: network({}), result: "passes" },
  {
    rule: "ecs-no-public-ip",
    when: "a service has one",
    given: network({ assignPublicIp: true }),
    result: [/networkConfiguration\.assignPublicIp: it is true, and must be false/],
  },
  {
    rule: "ecs-no-public-ip",
    when: "it is unknown",
    given: network({ assignPublicIp: UNKNOWN }),
    result: [/assignPublicIp: its value is not known/],
  },
  {
    rule: "ecs-no-public-ip",
    when: "a task set has one",
    given: taskSet({ networkConfiguration: { assignPublicIp: true } }),
    result: [/networkConfiguration\.assignPublicIp: it is true/],
  },
  {
    rule: "ecs-no-public-ip",
    when: "a task set has none",
    given: taskSet({ networkConfiguration: {} }),
    result: "passes",
  },
  {
    rule: "ecs-no-public-ip",
    when: "a scheduled task has one",
    given: target({ networkConfiguration: { assignPublicIp: true } }),
    result: [/ecsTarget\.networkConfiguration\.assignPublicIp: it is true/],
  },
  {
    rule: "ecs-no-public-ip",
    when: "a rule starts a task",
    given: target({ networkConfiguration: {} }),
    result: "passes",
  },
  { rule: "ecs-no-public-ip", when: "a rule starts no task", given: target(), result: "passes" },
  {
    rule: "ecs-no-public-ip",
    when: "a schedule's task has one",
    given: schedule({ networkConfiguration: { assignPublicIp: "true" } }),
    result: [/target\.ecsParameters\.networkConfiguration\.assignPublicIp: it is "true"/],
  },
  {
    rule: "ecs-no-public-ip",
    when: "a schedule starts a task",
    given: schedule({ networkConfiguration: {} }),
    result: "passes",
  },
  { rule: "ecs-no-public-ip", when: "a schedule starts no task", given: schedule(), result: "passes" },

  {
    rule: "ecs-latest-platform",
    when: "a version is written down",
    given: service({ platformVersion: "1.3.0" }),
    result: [/platformVersion: it is "1\.3\.0", and must be "LATEST"/],
  },
  {
    rule: "ecs-latest-platform",
    when: "it is the newest",
    given: service({ platformVersion: "LATEST" }),
    result: "passes",
  },
  { rule: "ecs-latest-platform", when: "nothing is said", given: service({}), result: "passes" },
  {
    rule: "ecs-latest-platform",
    when: "it is unknown",
    given: service({ platformVersion: UNKNOWN }),
    result: [/platformVersion: its value is not known/],
  },
  {
    rule: "ecs-latest-platform",
    when: "a scheduled task has an old one",
    given: target({ platformVersion: "1.3.0" }),
    result: [/ecsTarget\.platformVersion: it is "1\.3\.0"/],
  },
  { rule: "ecs-latest-platform", when: "a scheduled task has none", given: target({ taskCount: 1 }), result: "passes" },

  { rule: "ecs-exec-off", when: "nothing is said", given: service({}), result: "passes" },
  { rule: "ecs-exec-off", when: "it is off", given: service({ enableExecuteCommand: false }), result: "passes" },
  {
    rule: "ecs-exec-off",
    when: "it is on",
    given: service({ enableExecuteCommand: true }),
    result: [/enableExecuteCommand: it is true, and must be false/],
  },
  {
    rule: "ecs-exec-off",
    when: "it is unknown",
    given: service({ enableExecuteCommand: UNKNOWN }),
    result: [/enableExecuteCommand: its value is not known/],
  },
  {
    rule: "ecs-exec-off",
    when: "a scheduled task has it",
    given: target({ enableExecuteCommand: true }),
    result: [/ecsTarget\.enableExecuteCommand: it is true/],
  },
  { rule: "ecs-exec-off", when: "a scheduled task has it not", given: target({ taskCount: 1 }), result: "passes" },

  { rule: "ecs-exec-logged", when: "nothing is configured", given: cluster({}), result: "passes" },
  {
    rule: "ecs-exec-logged",
    when: "sessions are recorded and encrypted",
    given: exec({
      logging: "OVERRIDE",
      kmsKeyId: UNKNOWN,
      logConfiguration: { cloudWatchLogGroupName: UNKNOWN, cloudWatchEncryptionEnabled: true },
    }),
    result: "waits",
  },
  {
    rule: "ecs-exec-logged",
    when: "sessions are recorded and encrypted in a bucket",
    given: exec({
      kmsKeyId: "arn:aws:kms:::key/1",
      logging: "OVERRIDE",
      logConfiguration: { s3BucketName: "sessions", s3BucketEncryptionEnabled: "true" },
    }),
    result: "passes",
  },
  {
    rule: "ecs-exec-logged",
    when: "sessions go to the log of the task",
    given: exec({ kmsKeyId: "arn:aws:kms:::key/1" }),
    result: "passes",
  },
  {
    rule: "ecs-exec-logged",
    when: "sessions are recorded nowhere",
    given: exec({ logging: "NONE", kmsKeyId: "arn:aws:kms:::key/1" }),
    result: [/configuration\.executeCommandConfiguration\.logging: it is "NONE"/],
  },
  {
    rule: "ecs-exec-logged",
    when: "sessions and records are in plain text",
    given: exec({ logging: "OVERRIDE", logConfiguration: { cloudWatchLogGroupName: "/exec" } }),
    result: [/executeCommandConfiguration\.kmsKeyId: it is not set/, /cloudWatchEncryptionEnabled: it is not set/],
  },
  {
    rule: "ecs-exec-logged",
    when: "a service may be entered on a cluster without records",
    given: [
      cluster(CLUSTER_OF_EXEC),
      service({ cluster: "arn:aws:ecs:::cluster/c", enableExecuteCommand: true }, { cluster: ["cluster"] }),
    ],
    result: [/configuration\.executeCommandConfiguration: it is not set, and people may run commands in "api"/],
  },
  {
    rule: "ecs-exec-logged",
    when: "the cluster is not known yet",
    given: [
      cluster({ id: UNKNOWN, arn: UNKNOWN }),
      service({ cluster: UNKNOWN, enableExecuteCommand: true }, { cluster: ["cluster"] }),
    ],
    result: [/people may run commands in "api" on the cluster "cluster"/],
  },
  {
    rule: "ecs-exec-logged",
    when: "a service may not be entered",
    given: [cluster(CLUSTER_OF_EXEC), service({ cluster: "arn:aws:ecs:::cluster/c" }, { cluster: ["cluster"] })],
    result: "passes",
  },

  { rule: "ecs-deployment-rolls-back", when: "it does", given: service({}), result: "passes" },
  {
    rule: "ecs-deployment-rolls-back",
    when: "nothing is said",
    given: bare(),
    result: [/deploymentCircuitBreaker\.enable: it is not set/, /deploymentCircuitBreaker\.rollback: it is not set/],
  },
  {
    rule: "ecs-deployment-rolls-back",
    when: "it only stops",
    given: service({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
    result: [/deploymentCircuitBreaker\.rollback: it is false/],
  },
  {
    rule: "ecs-deployment-rolls-back",
    when: "it is unknown",
    given: service({ deploymentCircuitBreaker: { enable: UNKNOWN, rollback: true } }),
    result: [/enable: its value is not known/],
  },
  {
    rule: "ecs-deployment-rolls-back",
    when: "CodeDeploy does it",
    given: bare({ deploymentController: { type: "CODE_DEPLOY" } }),
    result: "passes",
  },

  { rule: "ecs-service-two-tasks", when: "there are two", given: service({ desiredCount: 2 }), result: "passes" },
  {
    rule: "ecs-service-two-tasks",
    when: "there is one",
    given: service({ desiredCount: 1 }),
    result: [/desiredCount: it is 1, and must be at least 2/],
  },
  { rule: "ecs-service-two-tasks", when: "nothing is said", given: bare(), result: [/desiredCount: it is not set/] },
  {
    rule: "ecs-service-two-tasks",
    when: "the number is unknown",
    given: service({ desiredCount: UNKNOWN }),
    result: [/desiredCount: its value is not known/],
  },
  {
    rule: "ecs-service-two-tasks",
    when: "one is enough here",
    given: service({ desiredCount: 1 }),
    config: { tasks: 1 },
    result: "passes",
  },
  {
    rule: "ecs-service-two-tasks",
    when: "each host has one",
    given: bare({ schedulingStrategy: "DAEMON" }),
    result: "passes",
  },
  {
    rule: "ecs-service-two-tasks",
    when: "it scales in to one",
    given: scalable({ minCapacity: 1 }),
    result: [/minCapacity: it is 1, and must be at least 2/],
  },
  {
    rule: "ecs-service-two-tasks",
    when: "it scales in to two",
    given: scalable({ minCapacity: "2" }),
    result: "passes",
  },
  {
    rule: "ecs-service-two-tasks",
    when: "something else scales in to none",
    given: scalable({ serviceNamespace: "dynamodb", minCapacity: 0 }),
    result: "passes",
  },

  {
    rule: "ecs-service-scales",
    when: "a target and a policy name it",
    given: [
      service(ON),
      scalable({ id: "service/c/api", resourceId: "service/c/api" }),
      scaling({ id: "cpu", resourceId: "service/c/api" }),
    ],
    result: "passes",
  },
  {
    rule: "ecs-service-scales",
    when: "a target refers to it, and a policy to the target, while names are unknown",
    given: [
      service({ name: UNKNOWN, cluster: UNKNOWN }),
      scalable({ resourceId: UNKNOWN }, { resourceId: ["api"] }),
      scaling({ resourceId: UNKNOWN }, { resourceId: ["scalable"] }),
    ],
    result: "passes",
  },
  {
    rule: "ecs-service-scales",
    when: "nothing scales it",
    given: [service(ON)],
    result: [
      /desiredCount: nothing scales "api": it has no aws\.appautoscaling\.Target and no aws\.appautoscaling\.Policy/,
    ],
  },
  {
    rule: "ecs-service-scales",
    when: "a target has no policy",
    given: [service(ON), scalable({ resourceId: "service/c/api" })],
    result: [/it has no aws\.appautoscaling\.Policy\./],
  },
  {
    rule: "ecs-service-scales",
    when: "the target is another service's",
    given: [
      service(ON),
      scalable({ resourceId: "service/c/worker" }),
      scaling({ resourceId: "service/c/worker" }, { resourceId: ["scalable"] }),
    ],
    result: [/nothing scales "api"/],
  },
  {
    rule: "ecs-service-scales",
    when: "each host has one task",
    given: [service({ ...ON, schedulingStrategy: "DAEMON" })],
    result: "passes",
  },

  { rule: "ecs-tags-propagated", when: "they are the service's", given: service({}), result: "passes" },
  {
    rule: "ecs-tags-propagated",
    when: "nothing is said",
    given: bare(),
    result: [/propagateTags: it is not set/, /enableEcsManagedTags: it is not set/],
  },
  {
    rule: "ecs-tags-propagated",
    when: "they are not",
    given: service({ propagateTags: "NONE", enableEcsManagedTags: false }),
    result: [/propagateTags: it is "NONE"/, /enableEcsManagedTags: it is false/],
  },
  {
    rule: "ecs-tags-propagated",
    when: "it is unknown",
    given: service({ propagateTags: UNKNOWN }),
    result: [/propagateTags: its value is not known/],
  },
  {
    rule: "ecs-tags-propagated",
    when: "a scheduled task has none",
    given: target({ taskCount: 1 }),
    result: [/ecsTarget\.propagateTags: it is not set/, /ecsTarget\.enableEcsManagedTags: it is not set/],
  },
  {
    rule: "ecs-tags-propagated",
    when: "a schedule's task has its definition's",
    given: schedule({ propagateTags: "TASK_DEFINITION", enableEcsManagedTags: true }),
    result: "passes",
  },
];
