import { isDeepStrictEqual } from "node:util";
import type { Properties, Value } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, numberAt, textAt } from "../fields.ts";
import { policyProblem } from "../iam-policy.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { keyMissing } from "./kms.ts";
import { findBy, here, policiesEquivalent, prefixedName, reference } from "./lookup.ts";
import { principalRefusal } from "./principals.ts";

const QUEUE = "aws:sqs/queue:Queue";

const MOST_RECEIVES = 1000;
const MOST_WAIT_SECONDS = 20;

const invalid = (message: string): Refusal => new Refusal("InvalidAttributeValue", message);

const isFifo = (inputs: Properties): boolean => flagAt(inputs, "fifoQueue") === true;

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ??
  `${prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "")}${isFifo(operation.inputs) ? ".fifo" : ""}`;

function queueFailures(inputs: Properties): CheckFailure[] {
  const name = textAt(inputs, "name");
  const fifo = isFifo(inputs);
  const failures: CheckFailure[] = [];
  if (name !== undefined && !(fifo ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/).test(name))
    failures.push({
      property: "name",
      reason: fifo
        ? `"${name}" must be at most 75 letters, digits, - or _, and end with .fifo`
        : `"${name}" must be at most 80 letters, digits, - or _`,
    });
  if (flagAt(inputs, "contentBasedDeduplication") === true && !fifo)
    failures.push({ property: "contentBasedDeduplication", reason: "can only be set for FIFO queue" });
  return failures;
}

function jsonMap(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A queue's dead letters go to a queue of the same kind, in the same account and region. */
function redriveRefusal(operation: Operation, fifo: boolean): Refusal | undefined {
  const text = textAt(operation.inputs, "redrivePolicy");
  if (text === undefined) return undefined;
  const policy = jsonMap(text);
  const target = policy?.["deadLetterTargetArn"];
  const count = Number(policy?.["maxReceiveCount"]);
  if (typeof target !== "string" || !Number.isInteger(count) || count < 1 || count > MOST_RECEIVES)
    return new Refusal(
      "InvalidParameterValue",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: it must have deadLetterTargetArn, and maxReceiveCount from 1 to ${MOST_RECEIVES}.`,
    );
  const queue = findBy(here(operation, QUEUE), target, "arn");
  if (queue === undefined)
    return new Refusal(
      "InvalidParameterValue",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  return isFifo(queue.inputs) === fifo
    ? undefined
    : new Refusal(
        "InvalidParameterValue",
        `Value ${text} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
      );
}

function policyRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined) return undefined;
  const problem = policyProblem(text, "resource");
  if (problem !== undefined)
    return invalid(`Invalid value for the parameter Policy: ${problem.path}: ${problem.reason}`);
  // The provider waits for the policy that it set, and the service writes another version into this one.
  if (jsonMap(text)?.["Version"] !== "2012-10-17")
    return new Refusal("Timeout", "the queue never shows this policy: its Version must be 2012-10-17");
  return principalRefusal(operation, text, "InvalidAttributeValue");
}

function queueRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const key = textAt(inputs, "kmsMasterKeyId");
  if (key !== undefined && keyMissing(operation, key))
    return new Refusal("KMS.NotFoundException", `The KMS key ${key} does not exist in this account and region.`);
  const wait = numberAt(inputs, "receiveWaitTimeSeconds");
  if (wait !== undefined && (wait < 0 || wait > MOST_WAIT_SECONDS))
    return invalid(`Invalid value for the parameter ReceiveMessageWaitTimeSeconds: 0 to ${MOST_WAIT_SECONDS}.`);
  return policyRefusal(operation) ?? redriveRefusal(operation, isFifo(inputs));
}

const urlOf = ({ location }: Operation, name: string): string =>
  `https://sqs.${location.region}.amazonaws.com/${location.account}/${name}`;

const queue: ResourceRules = {
  autoName: { property: "name", maxLength: 80 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) =>
        new Refusal("QueueAlreadyExists", `A queue already exists with the same name and a different value: ${name}`),
    },
  ],
  check: queueFailures,
  refuseCreate: queueRefusal,
  refuseUpdate: queueRefusal,
  equivalent: (property, old, now) =>
    policiesEquivalent("policy")(property, old, now) || sameDocument(property, old, now),
  id: (operation) => urlOf(operation, nameOf(operation)),
  computed: (operation, id) => {
    const { inputs } = operation;
    return {
      arn: regionalArn(operation.location, "sqs", nameOf(operation)),
      name: nameOf(operation),
      namePrefix: textAt(inputs, "namePrefix") ?? "",
      policy: textAt(inputs, "policy") ?? "",
      redrivePolicy: textAt(inputs, "redrivePolicy") ?? "",
      redriveAllowPolicy: textAt(inputs, "redriveAllowPolicy") ?? "",
      sqsManagedSseEnabled: flagAt(inputs, "sqsManagedSseEnabled") ?? textAt(inputs, "kmsMasterKeyId") === undefined,
      url: id,
    };
  },
};

const queueReference = reference(
  "queueUrl",
  [QUEUE],
  "url",
  "AWS.SimpleQueueService.NonExistentQueue",
  () => "The specified queue does not exist.",
);

const queueOf = (operation: Operation): CloudResource | undefined =>
  findBy(here(operation, QUEUE), textAt(operation.inputs, "queueUrl") ?? "", "url");

/** Every policy of a queue is one per queue, and its id is the queue's address. */
const ofQueue = (refuse: (operation: Operation) => Refusal | undefined): ResourceRules => ({
  references: [queueReference],
  refuseCreate: refuse,
  refuseUpdate: refuse,
  id: ({ inputs }) => textAt(inputs, "queueUrl") ?? "",
});

/** Two documents that differ in form alone. */
const sameDocument = (property: string, old: Value, now: Value): boolean => {
  if (property !== "redrivePolicy" || typeof old !== "string" || typeof now !== "string") return false;
  const [before, after] = [jsonMap(old), jsonMap(now)];
  return before !== undefined && after !== undefined && isDeepStrictEqual(before, after);
};

export const sqs: Service = {
  resources: {
    [QUEUE]: queue,
    "aws:sqs/queuePolicy:QueuePolicy": { ...ofQueue(policyRefusal), equivalent: policiesEquivalent("policy") },
    "aws:sqs/redrivePolicy:RedrivePolicy": {
      ...ofQueue((operation) => redriveRefusal(operation, isFifo(queueOf(operation)?.inputs ?? {}))),
      equivalent: sameDocument,
    },
  },
};
