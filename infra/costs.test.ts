import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { capture, only, type CapturedResource } from "./capture.ts";
import { Costs, type AccountCosts, type CostsArgs } from "./costs.ts";

const BUDGET = "aws:budgets/budget:Budget";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";

const args: CostsArgs = {
  accountId: "111122223333",
  environment: "staging",
  monthlyLimitUsd: 200,
  alertEmail: "platform@example.net",
};
const topic = "arn:aws:sns:us-east-1:111122223333:alarms";

const made = async (
  over: Partial<CostsArgs> = {},
  account?: Partial<AccountCosts>,
): Promise<readonly CapturedResource[]> => {
  const { resources } = await capture(() => {
    const billingProvider = new aws.Provider("aws-us-east-1", { region: "us-east-1" });
    const accountCosts = { anomalyThresholdUsd: 10, region: "us-east-1", billingProvider, ...account };
    return new Costs("groundwork-staging-costs", { ...args, ...(account && { account: accountCosts }), ...over });
  });
  return resources;
};
const of = (resources: readonly CapturedResource[], type: string) => resources.filter((one) => one.type === type);

interface Notification {
  readonly threshold: number;
  readonly notificationType: string;
  readonly subscriberEmailAddresses: readonly string[];
  readonly subscriberSnsTopicArns?: readonly string[];
}

describe("the costs", () => {
  it("have a monthly budget of the target, for the whole account, without credits", async () => {
    const { inputs } = only(await made(), BUDGET);
    assert.equal(inputs["limitAmount"], "200");
    assert.equal(inputs["limitUnit"], "USD");
    assert.equal(inputs["timeUnit"], "MONTHLY");
    assert.deepEqual(inputs["costFilters"], [{ name: "LinkedAccount", values: ["111122223333"] }]);
    assert.deepEqual(inputs["costTypes"], { includeCredit: false, includeRefund: false });
  });

  it("are reported at 50, 80, and 100 per cent spent and 100 per cent forecast, by mail and to the topic", async () => {
    const { inputs } = only(await made({ alertTopicArn: topic }), BUDGET);
    const notifications = inputs["notifications"] as Notification[];
    assert.deepEqual(
      notifications.map(({ notificationType, threshold }) => [notificationType, threshold]),
      [
        ["ACTUAL", 50],
        ["ACTUAL", 80],
        ["ACTUAL", 100],
        ["FORECASTED", 100],
      ],
    );
    for (const { subscriberEmailAddresses, subscriberSnsTopicArns } of notifications) {
      assert.deepEqual(subscriberEmailAddresses, ["platform@example.net"]);
      assert.deepEqual(subscriberSnsTopicArns, [topic]);
    }
  });

  it("of a preview are counted by its tag, and nothing of the account is its own", async () => {
    const resources = await made({ stack: "preview-checkout", environment: "preview" });
    assert.deepEqual(only(resources, BUDGET).inputs["costFilters"], [
      { name: "TagKeyValue", values: ["user:Stack$preview-checkout"] },
    ]);
    const own = resources.filter(({ type }) => type.startsWith("aws:")).map(({ type }) => type);
    assert.deepEqual(own, [BUDGET]);
  });

  it("are watched per service, with a daily mail above the threshold", async () => {
    const resources = await made({}, {});
    const monitor = only(resources, MONITOR);
    assert.equal(monitor.inputs["monitorType"], "DIMENSIONAL");
    assert.equal(monitor.inputs["monitorDimension"], "SERVICE");
    const { inputs } = only(resources, SUBSCRIPTION);
    assert.equal(inputs["frequency"], "DAILY");
    assert.deepEqual(inputs["subscribers"], [{ type: "EMAIL", address: "platform@example.net" }]);
    assert.deepEqual(inputs["thresholdExpression"], {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
        values: ["10"],
      },
    });
  });

  it("reach a topic at once, where there is one", async () => {
    const subscriptions = of(await made({ alertTopicArn: topic }, {}), SUBSCRIPTION);
    assert.deepEqual(
      subscriptions
        .map(({ inputs }) => [inputs["frequency"], (inputs["subscribers"] as { type: string }[])[0]?.type])
        .sort(),
      [
        ["DAILY", "EMAIL"],
        ["IMMEDIATE", "SNS"],
      ],
    );
  });

  it("are allocated by tags only where those have been billed, and watched by the environment's tag then", async () => {
    assert.deepEqual(of(await made({}, {}), TAG), []);
    const resources = await made({}, { costAllocationTags: ["Environment", "Service"] });
    assert.deepEqual(
      of(resources, TAG)
        .map(({ inputs }) => [inputs["tagKey"], inputs["status"]])
        .sort(),
      [
        ["Environment", "Active"],
        ["Service", "Active"],
      ],
    );
    const custom = of(resources, MONITOR).find(({ inputs }) => inputs["monitorType"] === "CUSTOM");
    const { Tags } = JSON.parse(custom?.inputs["monitorSpecification"] as string) as { Tags: unknown };
    assert.deepEqual(Tags, { Key: "Environment", MatchOptions: null, Values: ["staging"] });
    assert.equal((only(resources, SUBSCRIPTION).inputs["monitorArnLists"] as string[]).length, 2);
  });

  const refused: readonly [input: string, over: Partial<CostsArgs>, account?: Partial<AccountCosts>][] = [
    ["accountId", { accountId: "12" }],
    ["monthlyLimitUsd", { monthlyLimitUsd: 0 }],
    ["alertEmail", { alertEmail: "platform" }],
    ["account.anomalyThresholdUsd", {}, { anomalyThresholdUsd: -1 }],
    ["retentionDays", {}, { exportRetentionDays: 0 }],
  ];
  for (const [input, over, account] of refused) {
    it(`refuse ${JSON.stringify({ ...over, ...account })} and name ${input}`, async () => {
      await assert.rejects(made(over, account), new RegExp(`${input}: must be`));
    });
  }
});
