import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { budgets } from "./budgets.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const BUDGET = "aws:budgets/budget:Budget";
const TOPIC = "aws:sns/topic:Topic";
const INVALID = "InvalidParameterException";

const notification = (over: Properties = {}): Properties => ({
  notificationType: "ACTUAL",
  comparisonOperator: "GREATER_THAN",
  thresholdType: "PERCENTAGE",
  threshold: 80,
  subscriberEmailAddresses: ["platform@example.net"],
  ...over,
});

const inputs = (over: Properties = {}): Properties => ({
  name: "monthly",
  budgetType: "COST",
  timeUnit: "MONTHLY",
  limitAmount: "330",
  limitUnit: "USD",
  notifications: [notification()],
  ...over,
});

describe("AWS Budgets", () => {
  let tiny: TinyWorld;
  beforeEach(() => {
    tiny = tinyWorld(budgets);
  });
  const create = (over: Properties = {}): CloudResource => tiny.create(BUDGET, "budget", inputs(over));

  it("names a budget once per account", () => {
    const made = create();
    assert.equal(made.id, "111122223333:monthly");
    assert.equal(textIn(made.outputs, "arn"), "arn:aws:budgets::111122223333:budget/monthly");
    assertRefused(() => create(), "DuplicateRecordException");
    tiny.create(BUDGET, "budget", inputs(), STAGING);
    assert.equal(tiny.check(BUDGET, { name: "a:b" })[0]?.property, "name");
  });

  it("filters by what it knows, in its form", () => {
    create({
      costFilters: [
        { name: "LinkedAccount", values: ["111122223333"] },
        { name: "TagKeyValue", values: ["user:Stack$preview-x"] },
      ],
    });
  });

  const refused: readonly (readonly [what: string, over: Properties, code: string, says: RegExp])[] = [
    ["no limit", { limitAmount: "" }, INVALID, /needs a limit/],
    ["a limit that is no number", { limitAmount: "much" }, INVALID, /not a number/],
    ["a cost in gigabytes", { limitUnit: "GB" }, INVALID, /currency/],
    [
      "an end before its start",
      { timePeriodStart: "2026-02-01_00:00", timePeriodEnd: "2026-01-01_00:00" },
      INVALID,
      /should be after/,
    ],
    ["an unknown filter", { costFilters: [{ name: "Stack", values: ["x"] }] }, INVALID, /Invalid cost filter/],
    [
      "a tag without its value",
      { costFilters: [{ name: "TagKeyValue", values: ["Stack=x"] }] },
      INVALID,
      /TagKeyValue/,
    ],
    ["no account", { costFilters: [{ name: "LinkedAccount", values: ["x"] }] }, INVALID, /LinkedAccount/],
    ["another account", { accountId: "444455556666" }, "AccessDeniedException", /444455556666/],
    ["a threshold of 0", { notifications: [notification({ threshold: 0 })] }, INVALID, /more than 0/],
    ["nobody to tell", { notifications: [notification({ subscriberEmailAddresses: [] })] }, INVALID, /at least one/],
    [
      "an address that is none",
      { notifications: [notification({ subscriberEmailAddresses: ["platform"] })] },
      INVALID,
      /e-mail/,
    ],
    [
      "a topic that is not there",
      { notifications: [notification({ subscriberSnsTopicArns: ["arn:aws:sns:us-east-1:111122223333:x"] })] },
      INVALID,
      /SNS topic/,
    ],
    [
      "two topics",
      { notifications: [notification({ subscriberSnsTopicArns: ["a", "b"] })] },
      "CreationLimitExceededException",
      /type of SNS/,
    ],
    [
      "eleven addresses",
      { notifications: [notification({ subscriberEmailAddresses: Array<string>(11).fill("a@example.net") })] },
      "CreationLimitExceededException",
      /type of EMAIL/,
    ],
    ["a notification twice", { notifications: [notification(), notification()] }, "DuplicateRecordException", /ACTUAL/],
    [
      "eleven notifications",
      { notifications: Array.from({ length: 11 }, (_, index) => notification({ threshold: index + 1 })) },
      "CreationLimitExceededException",
      /at most 10/,
    ],
    [
      "a forecast for a day",
      { timeUnit: "DAILY", notifications: [notification({ notificationType: "FORECASTED" })] },
      INVALID,
      /no forecast/,
    ],
  ];
  for (const [what, over, code, says] of refused)
    it(`refuses ${what}, when it is made and when it is changed`, () => {
      assertRefused(() => create(over), code, says);
      const made = create();
      assertRefused(() => tiny.update(made, inputs(over)), code, says);
    });

  it("filters by what is there, and says so in preview", () => {
    const filter = (option: string): Properties => ({
      filterExpression: { ands: [{ tags: { key: "Stack", matchOptions: [option] } }] },
    });
    assert.equal(tiny.check(BUDGET, filter("ABSENT"))[0]?.property, "filterExpression.ands[0].tags.matchOptions");
    assert.deepEqual(tiny.check(BUDGET, filter("EQUALS")), []);
  });

  it("tells a topic of the account", () => {
    const arn = "arn:aws:sns:us-east-1:111122223333:alarms";
    tiny.create(TOPIC, "topic", { arn });
    create({ notifications: [notification({ subscriberSnsTopicArns: [arn] })] });
  });
});
