import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { iam } from "./iam.ts";
import { scheduler } from "./scheduler.ts";
import { sqs } from "./sqs.ts";
import { assertRefused, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";
const INVALID = "ValidationException";

describe("EventBridge Scheduler", () => {
  let tiny: TinyWorld;
  let roleArn: string;
  const role = (name: string, service: string): string => {
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    });
    return textIn(tiny.create("aws:iam/role:Role", name, { name, assumeRolePolicy }).outputs, "arn");
  };
  beforeEach(() => {
    tiny = tinyWorld(scheduler, iam, sqs);
    roleArn = role("scheduler", "scheduler.amazonaws.com");
  });

  const lambda = "arn:aws:lambda:us-east-1:111122223333:function:jobs";
  const inputs = (over: Properties = {}, target: Properties = {}): Properties => ({
    name: "nightly",
    scheduleExpression: "cron(0 3 * * ? *)",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: lambda, roleArn, ...target },
    ...over,
  });
  const create = (over?: Properties, target?: Properties): CloudResource =>
    tiny.create(SCHEDULE, "schedule", inputs(over, target));

  it("names a schedule once in its group", () => {
    const made = create();
    assert.equal(made.id, "default/nightly");
    assert.equal(made.outputs["arn"], "arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly");
    assertRefused(() => create(), "ConflictException");
    assertRefused(() => create({ groupName: "jobs" }), "ResourceNotFoundException");
    tiny.create(GROUP, "jobs", { name: "jobs" });
    assert.equal(create({ groupName: "jobs" }).id, "jobs/nightly");
    assertRefused(() => tiny.create(GROUP, "again", { name: "jobs" }), "ConflictException");
    assert.equal(tiny.check(GROUP, { name: "default" })[0]?.property, "name");
  });

  it("takes cron, rate, and at", () => {
    const problem = (scheduleExpression: string) => tiny.check(SCHEDULE, inputs({ scheduleExpression }))[0]?.reason;
    for (const right of ["cron(0 3 * * ? *)", "rate(5 minutes)", "at(2030-01-01T00:00:00)"])
      assert.equal(problem(right), undefined);
    for (const wrong of ["0 3 * * *", "cron(0 3 * * * *)", "rate(5 minute)", "at(tomorrow)"])
      assert.match(problem(wrong) ?? "", /Invalid Schedule Expression/);
  });

  it("wants minutes for a flexible window alone", () => {
    create({ flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 } });
    assertRefused(() => create({ flexibleTimeWindow: { mode: "FLEXIBLE" } }), INVALID, /must be given/);
    assertRefused(
      () => create({ flexibleTimeWindow: { mode: "OFF", maximumWindowInMinutes: 15 } }),
      INVALID,
      /left out/,
    );
  });

  it("lives in a time zone that there is, from a start to an end", () => {
    create({ scheduleExpressionTimezone: "Europe/Berlin", startDate: "2030-01-01T00:00:00Z" });
    assertRefused(() => create({ name: "x", scheduleExpressionTimezone: "Europe/Bonn" }), INVALID, /Timezone/);
    const backwards = { startDate: "2030-01-02T00:00:00Z", endDate: "2030-01-01T00:00:00Z" };
    assertRefused(() => create({ name: "x", ...backwards }), INVALID, /must come before/);
  });

  it("needs a role that it may take, and a target that is one", () => {
    const says = /must allow AWS EventBridge Scheduler/;
    assertRefused(() => create({}, { roleArn: role("events", "events.amazonaws.com") }), INVALID, says);
    assertRefused(() => create({}, { roleArn: "arn:aws:iam::111122223333:role/none" }), INVALID, says);
    assertRefused(() => create({}, { arn: "jobs" }), INVALID, /correct format/);
    const made = create();
    assertRefused(() => tiny.update(made, inputs({}, { arn: "jobs" })), INVALID);
  });

  it("sends what failed to a queue that is there", () => {
    const queue = tiny.create("aws:sqs/queue:Queue", "dead", { name: "dead" });
    create({}, { deadLetterConfig: { arn: textIn(queue.outputs, "arn") } });
    const gone = "arn:aws:sqs:us-east-1:111122223333:none";
    assertRefused(() => create({}, { deadLetterConfig: { arn: gone } }), INVALID, /does not exist/);
    assertRefused(() => create({}, { deadLetterConfig: { arn: lambda } }), INVALID, /no SQS queue/);
  });
});
