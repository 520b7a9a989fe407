import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { sns } from "./sns.ts";
import { assertRefused, STAGING, textIn, tinyWorld } from "./tiny-world.ts";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const policy = (over: Properties = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: "arn:aws:sns:us-east-1:111122223333:alarms",
        ...over,
      },
    ],
  });

describe("SNS: a topic", () => {
  it("has its ARN as id, and a policy from the start", () => {
    const topic = tinyWorld(sns).create(TOPIC, "a", { name: "alarms" });
    assert.equal(topic.id, "arn:aws:sns:us-east-1:111122223333:alarms");
    assert.equal(topic.outputs["owner"], "111122223333");
    assert.match(textIn(topic.outputs, "policy"), /AWS:SourceOwner/);
  });

  it("has a name that is free in its account and region", () => {
    const cloud = tinyWorld(sns);
    cloud.create(TOPIC, "a", { name: "alarms" });
    assertRefused(() => cloud.create(TOPIC, "b", { name: "alarms" }), "InvalidParameter", /already exists/);
    cloud.create(TOPIC, "b", { name: "alarms" }, STAGING);
  });

  it("is encrypted under a key that exists here", () => {
    const cloud = tinyWorld(sns, kms);
    const key = textIn(cloud.create("aws:kms/key:Key", "k", {}).outputs, "arn");
    const topic = cloud.create(TOPIC, "a", { name: "a", kmsMasterKeyId: key });
    cloud.create(TOPIC, "b", { name: "b", kmsMasterKeyId: "alias/aws/sns" });
    assertRefused(() => cloud.update(topic, { name: "a", kmsMasterKeyId: `${key}0` }), "KMSNotFound");
    assertRefused(() => cloud.create(TOPIC, "c", { name: "c", kmsMasterKeyId: key }, STAGING), "KMSNotFound");
  });

  it("keeps what only a FIFO topic has", () => {
    const cloud = tinyWorld(sns);
    for (const inputs of [{ contentBasedDeduplication: true }, { archivePolicy: "{}" }])
      assert.match(cloud.check(TOPIC, inputs)[0]?.reason ?? "nothing", /fifoTopic true/);
    assert.deepEqual(cloud.check(TOPIC, { contentBasedDeduplication: false }), []);
    assert.deepEqual(cloud.check(TOPIC, { fifoTopic: true, contentBasedDeduplication: true }), []);
  });
});

describe("SNS: a topic's policy", () => {
  const world = () => {
    const cloud = tinyWorld(sns, iam);
    const arn = cloud.create(TOPIC, "a", { name: "alarms" }).id;
    return { make: (text: string) => () => cloud.create(POLICY, "p", { arn, policy: text }), cloud };
  };

  it("belongs to a topic", () => {
    const { make, cloud } = world();
    assert.equal(make(policy())().id, "arn:aws:sns:us-east-1:111122223333:alarms");
    assertRefused(
      () => cloud.create(POLICY, "q", { arn: "arn:aws:sns:us-east-1:111122223333:none", policy: policy() }),
      "NotFound",
      /Topic does not exist/,
    );
  });

  it("is well formed and names actions of topics, one by one", () => {
    const { make } = world();
    assertRefused(make("{}"), "InvalidParameter", /Policy Error/);
    for (const Action of ["sns:*", "sqs:SendMessage", "sns:CreateTopic"])
      assertRefused(make(policy({ Action })), "InvalidParameter", /action out of service scope/);
    make(policy({ Action: ["SNS:Publish", "sns:GetTopicAttributes"] }))();
  });

  it("names roles that exist", () => {
    const { make } = world();
    const Principal = { AWS: "arn:aws:iam::111122223333:role/none" };
    assertRefused(make(policy({ Principal })), "InvalidParameter", /does not exist/);
  });
});

describe("SNS: a subscription", () => {
  const world = () => {
    const cloud = tinyWorld(sns);
    const topic = cloud.create(TOPIC, "a", { name: "alarms" }).id;
    return { cloud, subscribe: (inputs: Properties) => cloud.create(SUBSCRIPTION, "s", { topic, ...inputs }) };
  };

  it("waits for whoever must confirm it", () => {
    const { subscribe } = world();
    const mail = subscribe({ protocol: "email", endpoint: "team@example.com" });
    assert.match(mail.id, /^arn:aws:sns:us-east-1:111122223333:alarms:[0-9a-f-]{36}$/);
    assert.equal(mail.outputs["pendingConfirmation"], true);
    const queue = subscribe({ protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:111122223333:q" });
    assert.equal(queue.outputs["pendingConfirmation"], false);
  });

  it("needs a topic", () => {
    const inputs = { protocol: "email", endpoint: "team@example.com" };
    assertRefused(
      () => world().subscribe({ ...inputs, topic: "arn:aws:sns:us-east-1:111122223333:none" }),
      "NotFound",
      /Topic does not exist/,
    );
  });

  it("reaches a FIFO topic by a queue alone", () => {
    const { cloud } = world();
    const topic = cloud.create(TOPIC, "f", { name: "jobs.fifo", fifoTopic: true }).id;
    assertRefused(
      () => cloud.create(SUBSCRIPTION, "f", { topic, protocol: "email", endpoint: "team@example.com" }),
      "InvalidParameter",
      /Invalid protocol type: email/,
    );
  });

  const refused: readonly [inputs: Properties, property: string][] = [
    [{ protocol: "email", endpoint: "team" }, "endpoint"],
    [{ protocol: "https", endpoint: "http://example.com" }, "endpoint"],
    [{ protocol: "sms", endpoint: "0123" }, "endpoint"],
    [{ protocol: "sqs", endpoint: "arn:aws:sns:us-east-1:111122223333:q" }, "endpoint"],
    [{ protocol: "lambda", endpoint: "rotate" }, "endpoint"],
    [{ protocol: "email", endpoint: "team@example.com", rawMessageDelivery: true }, "rawMessageDelivery"],
    [
      { protocol: "firehose", endpoint: "arn:aws:firehose:us-east-1:111122223333:deliverystream/d" },
      "subscriptionRoleArn",
    ],
  ];
  for (const [inputs, property] of refused)
    it(`is not ${JSON.stringify(inputs)}`, () => {
      assert.equal(tinyWorld(sns).check(SUBSCRIPTION, inputs)[0]?.property, property);
    });

  it("may hand on a message as it is, to what takes it so", () => {
    const inputs = { protocol: "https", endpoint: "https://example.com/hook", rawMessageDelivery: true };
    assert.deepEqual(tinyWorld(sns).check(SUBSCRIPTION, inputs), []);
  });
});
