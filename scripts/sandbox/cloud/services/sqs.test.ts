import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { kms } from "./kms.ts";
import { sqs } from "./sqs.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const QUEUE = "aws:sqs/queue:Queue";
const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";
const NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue";

const document = (over: Properties = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "*" }],
    ...over,
  });

describe("SQS", () => {
  let tiny: TinyWorld;
  beforeEach(() => {
    tiny = tinyWorld(sqs, kms);
  });
  const queue = (name: string, over: Properties = {}): CloudResource => tiny.create(QUEUE, name, { name, ...over });
  const redrive = (to: CloudResource, maxReceiveCount: unknown = 5): string =>
    JSON.stringify({ deadLetterTargetArn: textIn(to.outputs, "arn"), maxReceiveCount });

  it("finds a queue by its address", () => {
    const made = queue("jobs");
    assert.equal(made.id, "https://sqs.us-east-1.amazonaws.com/111122223333/jobs");
    assert.equal(made.outputs["url"], made.id);
    assert.equal(made.outputs["arn"], "arn:aws:sqs:us-east-1:111122223333:jobs");
    assert.equal(made.outputs["sqsManagedSseEnabled"], true);
    assertRefused(() => queue("jobs"), "QueueAlreadyExists");
    tiny.create(QUEUE, "jobs", { name: "jobs" }, STAGING);
  });

  it("takes names by the kind of queue", () => {
    const problem = (inputs: Properties): string | undefined => tiny.check(QUEUE, inputs)[0]?.property;
    assert.equal(problem({ name: "jobs.fifo", fifoQueue: true }), undefined);
    assert.equal(problem({ name: "jobs", fifoQueue: true }), "name");
    assert.equal(problem({ name: "jobs.fifo" }), "name");
    assert.equal(problem({ name: "jobs", contentBasedDeduplication: true }), "contentBasedDeduplication");
  });

  it("encrypts with a key that is there", () => {
    assertRefused(() => queue("jobs", { kmsMasterKeyId: "none" }), "KMS.NotFoundException");
    const key = tiny.create("aws:kms/key:Key", "key", {});
    assert.equal(queue("jobs", { kmsMasterKeyId: key.id }).outputs["sqsManagedSseEnabled"], false);
  });

  it("waits at most 20 seconds", () => {
    assertRefused(() => queue("jobs", { receiveWaitTimeSeconds: 21 }), "InvalidAttributeValue");
  });

  it("sends dead letters to a queue of the same kind in the same place", () => {
    const dead = queue("dead");
    const deadFifo = queue("dead.fifo", { fifoQueue: true });
    const jobs = queue("jobs", { redrivePolicy: redrive(dead) });
    const set = (redrivePolicy: string, queueUrl = jobs.id) =>
      tiny.create(REDRIVE, "redrive", { queueUrl, redrivePolicy });
    set(redrive(dead));
    const code = "InvalidParameterValue";
    assertRefused(() => set(redrive(deadFifo)), code, /same type of queue/);
    assertRefused(() => set(redrive(dead, 0)), code, /maxReceiveCount from 1 to 1000/);
    assertRefused(() => set("{"), code, /maxReceiveCount/);
    assertRefused(() => set(redrive(tiny.create(QUEUE, "dead", { name: "dead" }, STAGING))), code, /does not exist/);
    assertRefused(() => set(redrive(dead), "none"), NO_QUEUE);
    assertRefused(() => queue("other", { redrivePolicy: redrive(deadFifo) }), code);
  });

  it("takes a well-formed policy of today's version", () => {
    const { id: queueUrl } = queue("jobs");
    tiny.create(POLICY, "policy", { queueUrl, policy: document() });
    const set = (policy: string) => tiny.create(POLICY, "policy", { queueUrl, policy });
    assertRefused(() => set("{}"), "InvalidAttributeValue");
    assertRefused(() => set(document({ Version: "2008-10-17" })), "Timeout", /Version must be/);
    assertRefused(() => tiny.create(POLICY, "policy", { queueUrl: "none", policy: document() }), NO_QUEUE);
  });

  it("sees no change in the form of a document", () => {
    const rules = sqs.resources[REDRIVE];
    assert.equal(rules?.equivalent?.("redrivePolicy", '{"a":1,"b":2}', '{ "b": 2, "a": 1 }'), true);
    assert.equal(rules.equivalent("redrivePolicy", '{"a":1}', '{"a":2}'), false);
  });
});
