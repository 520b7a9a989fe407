import assert from "node:assert/strict";
import fc from "fast-check";
import type { Notification } from "./notification.ts";
import { pageOf } from "./page.ts";
import { waits } from "./urgency.ts";

const topicArn = "arn:aws:sns:us-east-1:444455556666:groundwork-production-alarms-messages-0a1b2c3";
const arn = "arn:aws:cloudwatch:us-east-1:444455556666:alarm:groundwork-production-cloudwatch-alb-5xx-0a1b2c3";
const runbook = "https://github.com/example-org/groundwork/blob/main/docs/runbook.md#alb-5xx";

const notification = (text: string, over: Partial<Notification> = {}): Notification => ({
  id: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
  topicArn,
  subject: undefined,
  text,
  sent: "2026-11-21T03:00:00.000Z",
  ...over,
});

const alarm = (over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    AlarmName: "groundwork-production-cloudwatch-alb-5xx-0a1b2c3",
    AlarmDescription: `The load balancer gave more than 10 answers of the class 5xx. What to do: ${runbook}`,
    AWSAccountId: "444455556666",
    NewStateValue: "ALARM",
    NewStateReason: "Threshold Crossed: 1 datapoint [42.0] was greater than the threshold (10.0).",
    Region: "US East (N. Virginia)",
    AlarmArn: arn,
    OldStateValue: "OK",
    Trigger: { Period: 300 },
    ...over,
  });

describe("the page of an alarm", () => {
  const page = pageOf(notification(alarm()));

  it("begins an incident that wakes somebody, and says what is wrong", () => {
    assert.equal(page.event_action, "trigger");
    assert.deepEqual(page.payload, {
      summary:
        "ALARM groundwork-production-cloudwatch-alb-5xx-0a1b2c3: The load balancer gave more than 10 answers of the class 5xx.",
      severity: "critical",
      source: "groundwork-production-cloudwatch-alb-5xx-0a1b2c3",
      timestamp: "2026-11-21T03:00:00.000Z",
      custom_details: {
        description: `The load balancer gave more than 10 answers of the class 5xx. What to do: ${runbook}`,
        reason: "Threshold Crossed: 1 datapoint [42.0] was greater than the threshold (10.0).",
        state: "ALARM",
      },
    });
  });

  it("leads to the runbook and to the alarm", () => {
    assert.deepEqual(page.links, [
      { href: runbook, text: "Runbook" },
      {
        href: "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/groundwork-production-cloudwatch-alb-5xx-0a1b2c3",
        text: "CloudWatch",
      },
    ]);
  });

  it("ends the same incident when the alarm is over", () => {
    const over = pageOf(notification(alarm({ NewStateValue: "OK" }), { id: "another" }));
    assert.deepEqual([over.event_action, over.dedup_key], ["resolve", page.dedup_key]);
    assert.equal(page.dedup_key, arn);
  });

  it("begins one too where the alarm no longer sees anything", () => {
    assert.equal(pageOf(notification(alarm({ NewStateValue: "INSUFFICIENT_DATA" }))).event_action, "trigger");
  });

  it("wakes nobody where the alarm says so", () => {
    const { payload } = pageOf(notification(alarm({ AlarmDescription: `Keys were evicted. ${waits} What to do: x` })));
    assert.equal(payload.severity, "warning");
  });

  it("is one for each alarm, however long its name", () => {
    const [one, other] = ["a", "b"].map((end) =>
      pageOf(notification(alarm({ AlarmArn: arn + "x".repeat(255) + end }))),
    );
    assert.notEqual(one?.dedup_key, other?.dedup_key);
  });
});

describe("the page of an event", () => {
  const told = (task: string, means = "A task of the API did not start.") =>
    [`"${means}"`, `"task: ${task}"`, `"reason: image \\"x\\" is not there"`, `"Runbook: ${runbook}"`].join("\n");
  const page = pageOf(notification(told("1")));

  it("wakes somebody, in words, and leads to the runbook", () => {
    assert.equal(page.event_action, "trigger");
    assert.equal(page.payload.summary, "A task of the API did not start.");
    assert.equal(page.payload.severity, "error");
    assert.match(page.payload.custom_details["message"] ?? "", /^A task.*\ntask: 1\nreason: /);
    assert.deepEqual(page.links, [{ href: runbook, text: "Runbook" }]);
  });

  it("wakes nobody where the event says so", () => {
    assert.equal(pageOf(notification(told("1", `A task ended. ${waits}`))).payload.severity, "warning");
  });

  it("adds to the incident that is open, instead of one for each task", () => {
    assert.equal(pageOf(notification(told("2"), { id: "another" })).dedup_key, page.dedup_key);
    assert.ok(page.dedup_key.startsWith(topicArn) && page.dedup_key.endsWith(":alb-5xx"));
  });
});

describe("the page of any other message", () => {
  it("is an incident by itself, wakes nobody, and is the same when SNS repeats it", () => {
    const budget = notification("You requested that we alert you.\n\nActual: 300 USD", {
      subject: "AWS Budgets: 80 %",
    });
    const page = pageOf(budget);
    assert.equal(page.payload.summary, "AWS Budgets: 80 %");
    assert.equal(page.payload.severity, "warning");
    assert.equal(page.payload.custom_details["message"], "You requested that we alert you.\nActual: 300 USD");
    assert.deepEqual(page.links, []);
    assert.deepEqual(pageOf(budget), page);
    assert.notEqual(pageOf({ ...budget, id: "another" }).dedup_key, page.dedup_key);
  });

  it("is made of whatever comes: PagerDuty takes it", () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.object().map(alarm));
    fc.assert(
      fc.property(texts, fc.option(fc.string({ maxLength: 3000 }), { nil: undefined }), (text, subject) => {
        const { dedup_key: key, payload } = pageOf(notification(text, { subject }));
        assert.ok(key.length > 0 && key.length <= 255);
        assert.ok(payload.summary.length > 0 && payload.summary.length <= 1024);
        assert.ok(payload.source.length > 0);
      }),
    );
  });
});
