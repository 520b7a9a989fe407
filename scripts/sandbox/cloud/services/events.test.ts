import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { events } from "./events.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const BUS = "aws:cloudwatch/eventBus:EventBus";

const topic = "arn:aws:sns:us-east-1:111122223333:alarms";
const eventPattern = JSON.stringify({ source: ["aws.ecs"], detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] } });

describe("EventBridge: a rule", () => {
  it("has its name as id, and its bus before it where that is not the default", () => {
    const cloud = tinyWorld(events);
    const made = cloud.create(RULE, "r", { name: "r", eventPattern });
    assert.equal(made.id, "r");
    assert.equal(made.outputs["arn"], "arn:aws:events:us-east-1:111122223333:rule/r");
    cloud.create(BUS, "own", { name: "own" });
    const onBus = cloud.create(RULE, "r", { name: "r", eventPattern, eventBusName: "own" });
    assert.equal(onBus.id, "own/r");
    assert.equal(onBus.outputs["arn"], "arn:aws:events:us-east-1:111122223333:rule/own/r");
    assertRefused(
      () => cloud.create(RULE, "s", { name: "s", eventPattern, eventBusName: "none" }),
      "ResourceNotFoundException",
    );
  });

  const refused: readonly [inputs: Properties, says: RegExp][] = [
    [{}, /give eventPattern, scheduleExpression, or both/],
    [{ eventPattern: "{" }, /^InvalidEventPatternException: .* no JSON/],
    [{ eventPattern: "{}" }, /Empty event pattern/],
    [{ eventPattern: '{"source":"aws.ecs"}' }, /"source" must be an object or an array/],
    [{ eventPattern: '{"detail":{"state":[]}}' }, /Empty arrays are not allowed at "detail.state"/],
    [{ scheduleExpression: "rate(1 hours)" }, /ScheduleExpression is not valid/],
    [{ scheduleExpression: "rate(5 minute)" }, /ScheduleExpression is not valid/],
    [{ scheduleExpression: "cron(0 3 * * * *)" }, /ScheduleExpression is not valid/],
    [{ scheduleExpression: "rate(1 day)", eventBusName: "own" }, /only on the default event bus/],
  ];
  for (const [inputs, says] of refused)
    it(`is not ${JSON.stringify(inputs)}`, () => {
      assert.match(tinyWorld(events).check(RULE, inputs)[0]?.reason ?? "nothing", says);
    });

  it("may run by the clock", () => {
    for (const scheduleExpression of ["rate(1 hour)", "rate(5 minutes)", "cron(0 3 * * ? *)", "cron(0 3 ? * MON *)"])
      assert.deepEqual(tinyWorld(events).check(RULE, { scheduleExpression }), []);
  });

  it("goes after its targets", () => {
    const cloud = tinyWorld(events);
    const made = cloud.create(RULE, "r", { name: "r", eventPattern });
    const target = cloud.create(TARGET, "t", { rule: "r", targetId: "t", arn: topic });
    assertRefused(() => cloud.delete(made), "ValidationException", /since it has targets/);
    cloud.delete(target);
    cloud.delete(made);
  });
});

describe("EventBridge: a target", () => {
  it("has a rule, and at most four beside it", () => {
    const cloud = tinyWorld(events);
    const target = (targetId: string, rule = "r") => cloud.create(TARGET, targetId, { rule, targetId, arn: topic });
    assertRefused(() => target("t"), "ResourceNotFoundException", /Rule r does not exist on EventBus default/);
    cloud.create(RULE, "r", { name: "r", eventPattern });
    assert.equal(target("t1").id, "r-t1");
    for (const id of ["t2", "t3", "t4", "t5"]) target(id);
    assertRefused(() => target("t6"), "LimitExceededException");
  });

  it("is an ARN, and has a role where the service is called with one", () => {
    const cloud = tinyWorld(events);
    cloud.create(RULE, "r", { name: "r", eventPattern });
    const make = (inputs: Properties) => () => cloud.create(TARGET, "t", { rule: "r", targetId: "t", ...inputs });
    assertRefused(make({ arn: "alarms" }), "ValidationException", /not in correct format/);
    const cluster = "arn:aws:ecs:us-east-1:111122223333:cluster/main";
    assertRefused(make({ arn: cluster }), "ValidationException", /RoleArn is required/);
    make({ arn: cluster, roleArn: "arn:aws:iam::111122223333:role/events" })();
  });

  it("is given JSON or quoted text, made from paths that it defines", () => {
    const check = (inputTemplate: string, inputPaths: Properties = { reason: "$.detail.reason" }) =>
      tinyWorld(events).check(TARGET, { inputTransformer: { inputPaths, inputTemplate } })[0]?.reason;
    assert.equal(check('"Failed: <reason>"'), undefined);
    assert.equal(check('"Failed: <reason>"\n"Rule: <aws.events.rule-arn>"'), undefined);
    assert.equal(check('{"reason": <reason>}'), undefined);
    assert.match(check("Failed: <reason>") ?? "nothing", /Invalid InputTemplate/);
    assert.match(check('"Failed: <cause>"') ?? "nothing", /InputPathsMap lacks: cause/);
    assert.match(tinyWorld(events).check(TARGET, { input: "text" })[0]?.reason ?? "nothing", /JSON syntax error/);
  });
});

describe("EventBridge: a bus", () => {
  it("has a name of its own and goes after its rules", () => {
    const cloud = tinyWorld(events);
    const bus = cloud.create(BUS, "own", { name: "own" });
    assert.equal(bus.outputs["arn"], "arn:aws:events:us-east-1:111122223333:event-bus/own");
    assertRefused(() => cloud.create(BUS, "two", { name: "own" }), "ResourceAlreadyExistsException");
    assert.equal(cloud.check(BUS, { name: "default" })[0]?.property, "name");
    const rule = cloud.create(RULE, "r", { name: "r", eventPattern, eventBusName: "own" });
    assertRefused(() => cloud.delete(bus), "ValidationException", /since it has rules/);
    cloud.delete(rule);
    cloud.delete(bus);
  });
});
