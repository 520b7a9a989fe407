import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Props = Sent["props"];

const fn = (props: Props = {}, name = "paging"): Sent => ({
  type: "aws:lambda/function:Function",
  name,
  props: { role: UNKNOWN, ...props, tags },
});
const variables = (values: Json): Sent => fn({ environment: { variables: values } });
const permission = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:lambda/permission:Permission",
  name: "permission",
  props: { action: "lambda:InvokeFunction", ...props },
  references,
});
const invokeConfig = (destination: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  name: "invokes",
  props: { functionName: "paging", destinationConfig: { onFailure: { destination } } },
  references,
});

const NAMED: Props = { id: "paging", name: "paging", arn: "arn:aws:lambda:us-east-1:444455556666:function:paging" };
const TOPIC = "arn:aws:sns:us-east-1:444455556666:alarms";
const fromTopic = permission({ function: "paging", principal: "sns.amazonaws.com", sourceArn: TOPIC });
const REPOSITORY = "444455556666.dkr.ecr.us-east-1.amazonaws.com/fn";

export const cases: readonly Case[] = [
  { rule: "lambda-runtime-supported", when: "it is", given: fn({ runtime: "nodejs24.x" }), result: "passes" },
  {
    rule: "lambda-runtime-supported",
    when: "it is newer than the table",
    given: fn({ runtime: "nodejs26.x" }),
    result: "passes",
  },
  {
    rule: "lambda-runtime-supported",
    when: "its name only begins like an old one",
    given: fn({ runtime: "provided.al2023" }),
    result: "passes",
  },
  {
    rule: "lambda-runtime-supported",
    when: "the function is an image",
    given: fn({ packageType: "Image" }),
    result: "passes",
  },
  {
    rule: "lambda-runtime-supported",
    when: "it is not",
    given: fn({ runtime: "nodejs18.x" }),
    result: [/runtime: it is "nodejs18\.x", whose support ended on 2025-09-01\..*Fix: set runtime: "nodejs/],
  },
  {
    rule: "lambda-runtime-supported",
    when: "it is of another language",
    given: fn({ runtime: "python3.8" }),
    result: [/Fix: set runtime: "python3/],
  },
  {
    rule: "lambda-runtime-supported",
    when: "nothing follows it",
    given: fn({ runtime: "go1.x" }),
    result: [/Fix: set runtime: "provided\.al2023"/],
  },
  {
    rule: "lambda-runtime-supported",
    when: "it is unknown",
    given: fn({ runtime: UNKNOWN }),
    result: [/runtime: its value is not known/],
  },

  { rule: "lambda-image-pinned", when: "the function is no image", given: fn(), result: "passes" },
  {
    rule: "lambda-image-pinned",
    when: "the tag is a version",
    given: fn({ imageUri: `${REPOSITORY}:1.2.3` }),
    result: "passes",
  },
  {
    rule: "lambda-image-pinned",
    when: "the tag moves",
    given: fn({ imageUri: `${REPOSITORY}:latest` }),
    result: [/imageUri: it is ".*:latest", which may be another image tomorrow/],
  },
  { rule: "lambda-image-pinned", when: "the image is unknown", given: fn({ imageUri: UNKNOWN }), result: "waits" },

  {
    rule: "lambda-failures-kept",
    when: "a destination keeps them",
    given: [fn(NAMED), fromTopic, invokeConfig("arn:aws:sqs:us-east-1:444455556666:unpaged")],
    result: "passes",
  },
  {
    rule: "lambda-failures-kept",
    when: "a destination keeps them, and names are unknown",
    given: [
      fn({ name: UNKNOWN }),
      permission({ function: UNKNOWN, principal: "sns.amazonaws.com" }, { function: ["paging"] }),
      {
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        name: "invokes",
        props: { functionName: UNKNOWN, destinationConfig: { onFailure: { destination: UNKNOWN } } },
        references: { functionName: ["paging"] },
      },
    ],
    result: "passes",
  },
  {
    rule: "lambda-failures-kept",
    when: "the function has a queue of its own",
    given: [fn({ ...NAMED, deadLetterConfig: { targetArn: UNKNOWN } }), fromTopic],
    result: "passes",
  },
  {
    rule: "lambda-failures-kept",
    when: "nothing keeps them",
    given: [fn(NAMED), fromTopic],
    result: [
      /deadLetterConfig\.targetArn: it is not set, and an event of sns\.amazonaws\.com on which "paging" fails is lost/,
    ],
  },
  {
    rule: "lambda-failures-kept",
    when: "the destination is another function's",
    given: [fn(NAMED), fromTopic, { ...invokeConfig(TOPIC), props: { functionName: "other" } }],
    result: [/"paging" fails is lost/],
  },
  {
    rule: "lambda-failures-kept",
    when: "a caller waits for the answer",
    given: [fn(NAMED), permission({ function: "paging", principal: "apigateway.amazonaws.com" })],
    result: "passes",
  },

  {
    rule: "lambda-no-plain-secrets",
    when: "variables hold ARNs and URLs",
    given: variables({
      ROUTING_KEY_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:444455556666:secret:routing-1e9e665-YVxiDe",
      PAGERDUTY_EVENTS_URL: "https://events.pagerduty.com/v2/enqueue",
    }),
    result: "passes",
  },
  { rule: "lambda-no-plain-secrets", when: "there are none", given: fn(), result: "passes" },
  {
    rule: "lambda-no-plain-secrets",
    when: "a variable holds a key",
    given: variables({ LEVEL: "info", ROUTING_API_KEY: "abcdefgh" }),
    result: [
      /environment\.variables\.ROUTING_API_KEY: the variable ROUTING_API_KEY is in plain text, and its name says/,
    ],
  },
  {
    rule: "lambda-no-plain-secrets",
    when: "a variable holds a URL with a password",
    given: variables({ DATABASE: "postgres://app:hunter22@db/shop" }),
    result: [/environment\.variables\.DATABASE: .* its value has the form of a secret/],
  },
  {
    rule: "lambda-no-plain-secrets",
    when: "what may be a key is unknown",
    given: variables({ API_KEY: UNKNOWN }),
    result: "waits",
  },
  {
    rule: "lambda-no-plain-secrets",
    when: "any other variable is unknown",
    given: variables({ TABLE: UNKNOWN }),
    result: "waits",
  },
  { rule: "lambda-no-plain-secrets", when: "all are unknown", given: variables(UNKNOWN), result: "waits" },

  { rule: "lambda-two-zones", when: "it is in no VPC", given: fn(), result: "passes" },
  {
    rule: "lambda-two-zones",
    when: "it has two subnets",
    given: fn({ vpcConfig: { subnetIds: [UNKNOWN, UNKNOWN] } }),
    result: "passes",
  },
  {
    rule: "lambda-two-zones",
    when: "it has one",
    given: fn({ vpcConfig: { subnetIds: ["subnet-1"] } }),
    result: [/vpcConfig\.subnetIds: it has one subnet/],
  },
  {
    rule: "lambda-two-zones",
    when: "they are unknown",
    given: fn({ vpcConfig: { subnetIds: UNKNOWN } }),
    result: "waits",
  },

  {
    rule: "lambda-concurrency-reserved",
    when: "it is",
    given: fn({ reservedConcurrentExecutions: 5 }),
    result: "passes",
  },
  {
    rule: "lambda-concurrency-reserved",
    when: "it is not",
    given: fn({ reservedConcurrentExecutions: -1 }),
    result: [/reservedConcurrentExecutions: it is -1, and must be at least 0/],
  },
  {
    rule: "lambda-concurrency-reserved",
    when: "nothing is said",
    given: fn(),
    result: [/reservedConcurrentExecutions: it is not set/],
  },
  {
    rule: "lambda-concurrency-reserved",
    when: "it is unknown",
    given: fn({ reservedConcurrentExecutions: UNKNOWN }),
    result: [/reservedConcurrentExecutions: its value is not known/],
  },

  { rule: "lambda-traced", when: "it is", given: fn({ tracingConfig: { mode: "Active" } }), result: "passes" },
  { rule: "lambda-traced", when: "nothing is said", given: fn(), result: [/tracingConfig\.mode: it is not set/] },
  {
    rule: "lambda-traced",
    when: "it only passes traces on",
    given: fn({ tracingConfig: { mode: "PassThrough" } }),
    result: [/tracingConfig\.mode: it is "PassThrough"/],
  },
  {
    rule: "lambda-traced",
    when: "it is unknown",
    given: fn({ tracingConfig: { mode: UNKNOWN } }),
    result: [/tracingConfig\.mode: its value is not known/],
  },

  { rule: "lambda-variables-customer-key", when: "there are no variables", given: fn(), result: "passes" },
  { rule: "lambda-variables-customer-key", when: "they are empty", given: variables({}), result: "passes" },
  {
    rule: "lambda-variables-customer-key",
    when: "they have none",
    given: variables({ TABLE: "x" }),
    result: [/kmsKeyArn: it is not set/],
  },
  {
    rule: "lambda-variables-customer-key",
    when: "they have one",
    given: fn({ environment: { variables: { TABLE: "x" } }, kmsKeyArn: "arn:aws:kms:::key/1" }),
    result: "passes",
  },
  {
    rule: "lambda-variables-customer-key",
    when: "the key is unknown",
    given: fn({ environment: { variables: { TABLE: "x" } }, kmsKeyArn: UNKNOWN }),
    result: "waits",
  },
];
