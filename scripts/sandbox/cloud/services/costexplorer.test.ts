import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { costexplorer } from "./costexplorer.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";
const INVALID = "ValidationException";

const services = { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" };
const impact = (over: Properties = {}): Properties => ({
  key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
  matchOptions: ["GREATER_THAN_OR_EQUAL"],
  values: ["20"],
  ...over,
});

describe("Cost Explorer", () => {
  let tiny: TinyWorld;
  let monitor: CloudResource;
  beforeEach(() => {
    tiny = tinyWorld(costexplorer);
    monitor = tiny.create(MONITOR, "services", services);
  });

  it("has one monitor of a dimension per account", () => {
    assert.match(monitor.id, /^arn:aws:ce::111122223333:anomalymonitor\/[0-9a-f-]{36}$/);
    assertRefused(() => tiny.create(MONITOR, "again", services), INVALID, /Limit exceeded on dimensional/);
    tiny.create(MONITOR, "accounts", { monitorType: "DIMENSIONAL", monitorDimension: "LINKED_ACCOUNT" });
    tiny.create(MONITOR, "services", services, STAGING);
  });

  it("takes custom monitors of one tag, dimension, or category, as many as wanted", () => {
    const custom = (specification: unknown): Properties => ({
      monitorType: "CUSTOM",
      monitorSpecification: JSON.stringify(specification),
    });
    const tags = { And: null, Tags: { Key: "Environment", MatchOptions: null, Values: ["staging"] } };
    tiny.create(MONITOR, "a", custom(tags));
    tiny.create(MONITOR, "b", custom(tags));
    assertRefused(() => tiny.create(MONITOR, "c", { monitorType: "CUSTOM" }), INVALID, /needs a MonitorSpec/);
    assertRefused(() => tiny.create(MONITOR, "c", custom({})), INVALID, /must name one/);
    assertRefused(() => tiny.create(MONITOR, "c", { ...custom({}), monitorSpecification: "{" }), INVALID, /not JSON/);
    assertRefused(() => tiny.create(MONITOR, "c", { monitorType: "DIMENSIONAL" }), INVALID, /MonitorDimension/);
  });

  const mail = { type: "EMAIL", address: "platform@example.net" };
  const subscription = (over: Properties = {}): Properties => ({
    frequency: "DAILY",
    monitorArnLists: [monitor.id],
    subscribers: [mail],
    thresholdExpression: { dimension: impact() },
    ...over,
  });

  it("sends mails daily, and tells a topic at once", () => {
    const made = tiny.create(SUBSCRIPTION, "mail", subscription());
    assert.match(made.id, /^arn:aws:ce::111122223333:anomalysubscription\//);
    assert.equal(textIn(made.outputs, "accountId"), "111122223333");
    const arn = "arn:aws:sns:us-east-1:111122223333:alarms";
    tiny.create("aws:sns/topic:Topic", "topic", { arn });
    tiny.create(
      SUBSCRIPTION,
      "topic",
      subscription({ frequency: "IMMEDIATE", subscribers: [{ type: "SNS", address: arn }] }),
    );
    const both = { ands: [{ dimension: impact() }, { dimension: impact({ key: "ANOMALY_TOTAL_IMPACT_PERCENTAGE" }) }] };
    tiny.create(SUBSCRIPTION, "both", subscription({ thresholdExpression: both }));
  });

  const topic = { type: "SNS", address: "arn:aws:sns:us-east-1:111122223333:none" };
  const refused: readonly (readonly [what: string, over: Properties, says: RegExp, code?: string])[] = [
    ["a monitor that is not there", { monitorArnLists: ["arn:x"] }, /arn:x/, "UnknownMonitorException"],
    ["no threshold", { thresholdExpression: null }, /cannot both be null/],
    ["an empty threshold", { thresholdExpression: {} }, /one or two impacts/],
    ["a threshold on something else", { thresholdExpression: { dimension: impact({ key: "SERVICE" }) } }, /SERVICE/],
    [
      "another comparison",
      { thresholdExpression: { dimension: impact({ matchOptions: ["EQUALS"] }) } },
      /GREATER_THAN/,
    ],
    [
      "a threshold that is no number",
      { thresholdExpression: { dimension: impact({ values: ["much"] }) } },
      /one number/,
    ],
    ["mails at once", { frequency: "IMMEDIATE" }, /DAILY or WEEKLY/],
    ["a topic by day", { subscribers: [topic] }, /IMMEDIATE/],
    ["a topic that is not there", { frequency: "IMMEDIATE", subscribers: [topic] }, /does not exist/],
    ["mail and topic together", { subscribers: [mail, topic] }, /all of one type/],
    ["an address that is none", { subscribers: [{ ...mail, address: "platform" }] }, /e-mail/],
    ["eleven addresses", { subscribers: Array<Properties>(11).fill(mail) }, /at most 10/],
  ];
  for (const [what, over, says, code = INVALID] of refused)
    it(`refuses a subscription with ${what}, when it is made and when it is changed`, () => {
      assertRefused(() => tiny.create(SUBSCRIPTION, "s", subscription(over)), code, says);
      const made = tiny.create(SUBSCRIPTION, "s", subscription());
      assertRefused(() => tiny.update(made, subscription(over)), code, says);
    });

  it("activates a tag key once something that is billed to the account bears it", () => {
    const inputs = { tagKey: "Stack", status: "Active" };
    assertRefused(() => tiny.create(TAG, "tag", inputs), INVALID, /Tag keys not found: Stack/);
    tiny.create("aws:s3/bucket:Bucket", "bucket", { tagsAll: { Stack: "staging" } }, STAGING);
    assertRefused(() => tiny.create(TAG, "tag", inputs), INVALID, /not found/);
    tiny.create("aws:s3/bucket:Bucket", "bucket", { tagsAll: { Stack: "production" } });
    const made = tiny.create(TAG, "tag", inputs);
    assert.equal(made.id, "Stack");
    assert.equal(made.outputs["type"], "UserDefined");
    assertRefused(() => tiny.update(made, { ...inputs, tagKey: "Owner" }), INVALID, /Owner/);
  });
});
