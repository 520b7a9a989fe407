import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const run = (inputs: Given["inputs"]): Given => ({ type: "aws:lambda/function:Function", inputs });
const subscription = (inputs: Given["inputs"]): Given => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs,
});
const requests = "lambda-requests 0.0001..0.001..0.01 ~";

describe("functions and messages", () => {
  itCosts([
    {
      what: "a function is charged by its runs, and by GiB and second",
      given: run({ architectures: ["arm64"], memorySize: 512 }),
      lines: [requests, "lambda-arm-duration 50..500..5000 ~"],
    },
    {
      what: "a function has 128 MB and runs on x86 where nothing is said",
      given: run({}),
      lines: [requests, "lambda-x86-duration 12.5..125..1250 ~"],
    },
    {
      what: "a function is taken to have 128 MB where that is not known yet",
      given: run({ memorySize: UNKNOWN }),
      lines: [requests, "lambda-x86-duration 12.5..125..1250 ~"],
      says: /memory is not known yet/,
    },
    {
      what: "a topic is charged by what is published",
      given: { type: "aws:sns/topic:Topic" },
      lines: ["sns-requests 0.0001..0.001..0.01 ~"],
    },
    { what: "mails are charged", given: subscription({ protocol: "email" }), lines: ["sns-email 0.001..0.01..0.1 ~"] },
    {
      what: "deliveries to functions are free",
      given: subscription({ protocol: "lambda" }),
      lines: ["free: Deliveries"],
    },
    {
      what: "text messages are not priced",
      given: subscription({ protocol: "sms" }),
      lines: ["not priced: Deliveries by sms"],
    },
    {
      what: "what is not known yet may be mail",
      given: subscription({ protocol: UNKNOWN }),
      lines: ["sns-email 0..0.01..0.1 ~"],
    },
    {
      what: "a queue is charged by requests",
      given: { type: "aws:sqs/queue:Queue" },
      lines: ["sqs-standard-requests 0.0001..0.001..0.01 ~"],
    },
    {
      what: "a queue in order is charged more",
      given: { type: "aws:sqs/queue:Queue", inputs: { fifoQueue: true } },
      lines: ["sqs-fifo-requests 0.0001..0.001..0.01 ~"],
    },
    {
      what: "configuration is charged by what is asked and what is received",
      given: { type: "aws:appconfig/configurationProfile:ConfigurationProfile" },
      lines: ["appconfig-requests 0.0001..0.001..0.01 ~", "appconfig-received 100..1000..10000 ~"],
    },
  ]);
});
