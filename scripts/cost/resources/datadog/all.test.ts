import assert from "node:assert/strict";
import { type Properties, UNKNOWN, type Value } from "../../../sandbox/values/value.ts";
import { costOfCases, type ResourceCase, shown } from "../stack.cases.ts";

const test = (inputs: Properties): ResourceCase => ({
  type: "datadog:index/syntheticsTest:SyntheticsTest",
  inputs: { type: "api", status: "live", locations: ["aws:us-east-1", "aws:eu-central-1"], ...inputs },
});
const every = (seconds: Value): Properties => ({ optionsList: { tickEvery: seconds } });
const account = (metricsConfig: Value): ResourceCase => ({
  type: "datadog:aws/integrationAccount:IntegrationAccount",
  inputs: { metricsConfig },
});

const variables = (given: Readonly<Record<string, string>>) =>
  Object.entries(given).map(([name, value]) => ({ name, value }));
const image = "public.ecr.aws/datadog/agent:7.77.2";
const withAgent = (environment: Readonly<Record<string, string>>): string =>
  JSON.stringify([
    { name: "api", image: "api" },
    { name: "prepare", image },
    { name: "agent", image, environment: variables(environment) },
  ]);

function service(containerDefinitions: Value, stack = "production"): readonly string[] {
  const task: ResourceCase = {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    inputs: { cpu: "256", memory: "512", runtimePlatform: { cpuArchitecture: "ARM64" }, containerDefinitions },
  };
  const one: ResourceCase = {
    type: "aws:ecs/service:Service",
    inputs: { launchType: "FARGATE", desiredCount: 2, networkConfiguration: { assignPublicIp: false } },
    refers: { taskDefinition: [task] },
  };
  return shown(costOfCases([task, one], { stack })).filter((line) => line.startsWith("datadog-"));
}

describe("what Datadog costs", () => {
  const cases: readonly (readonly [what: string, given: ResourceCase, expected: readonly string[]])[] = [
    // 730 hours are 2,628,000 seconds: 8,760 runs of 300 seconds from each of two places; 5 USD for 10,000.
    ["every five minutes from two places", test(every(300)), ["datadog-synthetics-api 1.752 = 8.76"]],
    ["every fifteen", test(every(900)), ["datadog-synthetics-api 0.584 = 2.92"]],
    [
      // 5 of 7 days, 12 of 24 hours: 5/14 of 2.92.
      "every fifteen on weekdays from six to six",
      test({
        optionsList: {
          tickEvery: 900,
          scheduling: {
            timezone: "Etc/UTC",
            timeframes: [1, 2, 3, 4, 5].map((day) => ({ day, from: "06:00", to: "18:00" })),
          },
        },
      }),
      ["datadog-synthetics-api 0.208571 = 1.042857"],
    ],
    [
      "every fifteen in hours that are not known yet",
      test({ optionsList: { tickEvery: 900, scheduling: { timeframes: [{ day: 1, from: UNKNOWN, to: "18:00" }] } } }),
      ["datadog-synthetics-api 0.083429 = 0.417143"],
    ],
    [
      "a certificate, twice a day",
      test({ subtype: "ssl", ...every(43_200) }),
      ["datadog-synthetics-api 0.012167 = 0.060833"],
    ],
    [
      "each step of a test of several",
      test({
        subtype: "multi",
        apiSteps: [{ subtype: "http" }, { subtype: "wait" }, { subtype: "http" }],
        ...every(300),
      }),
      ["datadog-synthetics-api 3.504 = 17.52"],
    ],
    [
      "a browser test on each of two devices",
      test({ type: "browser", deviceIds: ["laptop_large", "mobile_small"], ...every(3600) }),
      ["datadog-synthetics-browser 2.92 = 35.04"],
    ],
    ["a paused one", test({ status: "paused", ...every(300) }), ["free: Paused: it does not run."]],
    [
      "an interval that is not known yet",
      test(every(UNKNOWN)),
      ["datadog-synthetics-api 0.000869..1.752..17.52 = 0.004345..8.76..87.6"],
    ],
    [
      "places that are not known yet",
      test({ ...every(300), locations: UNKNOWN }),
      ["datadog-synthetics-api 0.876..1.752..4.38 = 4.38..8.76..21.9"],
    ],
    ["a mobile one", test({ type: "mobile" }), ["not priced: A synthetic test of type mobile is not in prices.csv."]],
    [
      "an account of which only free metrics are read",
      account({ enabled: true, namespaceFilters: { includeOnlies: ["AWS/ECS"] } }),
      ["free: What it reads of AWS is not charged: it has no host among it."],
    ],
    [
      "an account of which everything is read",
      account({ enabled: true, collectCustomMetrics: true }),
      [
        "not priced: Each EC2 instance that it reads is a host; the instances are not of this stack.",
        "not priced: Runs of Lambda functions whose metrics it reads are not in prices.csv: a few hundred a month.",
        "not priced: Custom metrics of CloudWatch count as Datadog's own, whose number has no assumption.",
      ],
    ],
    ["an account that reads nothing", account({ enabled: false }), ["free: It reads no metrics."]],
    ["an account that is not known yet", account(UNKNOWN), ["not priced: Which metrics it reads is not known yet."]],
    ["monitors", { type: "datadog:index/monitor:Monitor" }, ["free: Monitors are free, however many."]],
  ];
  for (const [what, given, expected] of cases)
    it(what, () => {
      assert.deepEqual(shown(costOfCases([given])), expected);
    });

  describe("for tasks with its agent", () => {
    it("each task, each with traces, and their metrics", () => {
      assert.deepEqual(service(withAgent({ DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT: "127.0.0.1:4318" })), [
        "datadog-fargate-task 2 = 2.4",
        "datadog-apm-fargate-task 2 = 4.8",
        "datadog-custom-metrics 1..2..5 = 5..10..25",
      ]);
    });
    it("without traces, with logs", () => {
      assert.deepEqual(service(withAgent({ DD_APM_ENABLED: "false", DD_LOGS_ENABLED: "true" })), [
        "datadog-fargate-task 2 = 2.4",
        "datadog-log-ingestion 1..5..20 = 0.1..0.5..2",
        "datadog-log-indexing 1..5..20 = 1.7..8.5..34",
      ]);
    });
    it("nothing where there is none", () => {
      assert.deepEqual(service(JSON.stringify([{ name: "api", image: "api" }])), []);
    });
    it("a span where it is not known yet", () => {
      assert.deepEqual(service(UNKNOWN), [
        "datadog-fargate-task 0..2..2 = 0..2.4..2.4",
        "datadog-apm-fargate-task 0..2..2 = 0..4.8..4.8",
        "datadog-custom-metrics 0..2..5 = 0..10..25",
      ]);
      assert.deepEqual(service(UNKNOWN, "preview-x"), [
        "datadog-fargate-task 0..0..2 = 0..0..2.4",
        "datadog-apm-fargate-task 0..0..2 = 0..0..4.8",
        "datadog-custom-metrics 0 = 0",
      ]);
      assert.equal(service("no JSON")[0], "datadog-fargate-task 0..2..2 = 0..2.4..2.4");
    });
    it("by the tags that the agent sends", () => {
      const task: ResourceCase = {
        type: "aws:ecs/taskDefinition:TaskDefinition",
        inputs: {
          cpu: "256",
          memory: "512",
          containerDefinitions: withAgent({ DD_ENV: "production", DD_TAGS: "owner:platform, costcenter:web" }),
        },
      };
      const one: ResourceCase = {
        type: "aws:ecs/service:Service",
        inputs: { launchType: "FARGATE", tags: { Owner: "platform" } },
        refers: { taskDefinition: [task] },
      };
      const line = costOfCases([task, one]).lines.find(({ price }) => price === "datadog-fargate-task");
      assert.deepEqual(line?.tags, { env: "production", owner: "platform", costcenter: "web" });
    });
  });
});
