import assert from "node:assert/strict";
import { Alarms, type AlarmsArgs } from "./alarms.ts";
import { capture, type CapturedResource, only } from "./capture.ts";
import { alarmRows } from "./monitoring/alarms.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

const args: AlarmsArgs = {
  topicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
  accountId: "123456789012",
  region: "us-east-1",
  loadBalancerArnSuffix: "app/groundwork/0123456789abcdef",
  targetGroupArnSuffix: "targetgroup/groundwork/0123456789abcdef",
  clusterName: "cluster",
  serviceName: "service",
  cacheNodeIds: ["cache-001", "cache-002"],
  rotationFunctionName: "rotation",
  unpagedQueueName: "unpaged",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a",
  backupVaultName: "vault",
  runbookUrl: "https://example.com/runbook.md",
};
const build = (over: Partial<AlarmsArgs> = {}) => new Alarms("groundwork-staging-alarms", { ...args, ...over });

describe("the alarms of CloudWatch", () => {
  let resources: readonly CapturedResource[];
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  before(async () => {
    ({ resources } = await capture(() => build()));
  });

  it("are those of the table", () => {
    assert.deepEqual(
      all(ALARM)
        .map(({ name }) => name.replace("groundwork-staging-alarms-", ""))
        .sort(),
      Object.keys(alarmRows).sort(),
    );
  });

  it("tell the topic when they begin and when they end, and name their section of the runbook", () => {
    for (const { name, inputs } of all(ALARM)) {
      assert.deepEqual(inputs["alarmActions"], [args.topicArn], name);
      assert.deepEqual(inputs["okActions"], [args.topicArn], name);
      const key = name.replace("groundwork-staging-alarms-", "");
      assert.ok(String(inputs["alarmDescription"]).endsWith(`https://example.com/runbook.md#${key}`));
      assert.ok(String(inputs["alarmDescription"]).length <= 1024);
      assert.match(String(inputs["treatMissingData"]), /reaching$|^ignore$/);
    }
  });

  it("tell of events too, in words, with the section of the runbook", () => {
    const targets = all(TARGET);
    assert.equal(all("aws:cloudwatch/eventRule:EventRule").length, 3);
    assert.equal(targets.length, 3);
    for (const { name, inputs } of targets) {
      assert.equal(inputs["arn"], args.topicArn);
      const { inputTemplate } = inputs["inputTransformer"] as { inputTemplate: string };
      assert.ok(inputTemplate.includes(`#${name.replace("groundwork-staging-alarms-", "")}"`), inputTemplate);
    }
  });

  it("stand on a dashboard with what they watch", () => {
    const { inputs } = only(resources, "aws:cloudwatch/dashboard:Dashboard");
    const { widgets } = JSON.parse(inputs["dashboardBody"] as string) as {
      widgets: { type: string; properties: { alarms?: string[] } }[];
    };
    const shown = widgets.find(({ type }) => type === "alarm")?.properties.alarms;
    assert.equal(shown?.length, Object.keys(alarmRows).length);
  });

  it("are fewer where there is less to watch", async () => {
    const { rotationFunctionName, unpagedQueueName, certificateArn, backupVaultName, ...rest } = args;
    const captured = await capture(() => new Alarms("groundwork-staging-alarms", rest));
    const names = captured.resources.map(({ name }) => name).join(" ");
    assert.doesNotMatch(names, /rotation|paging|certificate|backup/);
  });

  it("count no tasks where Container Insights does not", async () => {
    const captured = await capture(() => build({ containerInsights: false }));
    const alarms = captured.resources.filter(({ type }) => type === ALARM);
    assert.equal(alarms.length, Object.keys(alarmRows).length - 1);
    assert.doesNotMatch(JSON.stringify(alarms), /ContainerInsights|service-tasks/);
  });

  const refused: readonly [input: string, over: Partial<AlarmsArgs>][] = [
    ["accountId", { accountId: "1" }],
    ["runbookUrl", { runbookUrl: "http://example.com" }],
  ];
  for (const [input, over] of refused)
    it(`refuse ${JSON.stringify(over)}, by the input's name`, async () => {
      await assert.rejects(
        capture(() => build(over)),
        new RegExp(`Error: ${input}: `),
      );
    });
});
