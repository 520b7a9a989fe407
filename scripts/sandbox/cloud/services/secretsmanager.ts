import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, listAt, mapAt, numberAt, textAt, textsAt } from "../fields.ts";
import { policyProblem, publicStatement } from "../iam-policy.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import {
  findBy,
  here,
  LETTERS_AND_DIGITS,
  letters,
  policiesEquivalent,
  prefixedName,
  uuid,
  valueOf,
} from "./lookup.ts";
import { keyMissing } from "./kms.ts";
import { mayInvoke } from "./lambda-access.ts";
import { findFunction } from "./lambda-lookup.ts";
import { principalRefusal } from "./principals.ts";
import { cronProblem, rateProblem } from "./schedule-expression.ts";
import { replicaHere, replicaRefusal, replicaStates } from "./secretsmanager-replicas.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
/** What a deleted secret leaves until its recovery window is over: it keeps its name. */
const SCHEDULED = "aws:secretsmanager/secret:Secret (scheduled for deletion)";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const MAX_POLICY = 20_480;
const MAX_VALUE = 65_536;

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

const notFound = (): Refusal =>
  new Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

/** A secret by its ARN or name. */
const findSecret = (operation: Operation, named: string): CloudResource | undefined =>
  findBy(here(operation, SECRET), named, "id", "arn", "name");

function policyRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined || /^\s*\{\s*\}\s*$/.test(text)) return undefined;
  const problem = policyProblem(text, "resource");
  if (problem !== undefined)
    return new Refusal(
      "MalformedPolicyDocumentException",
      `This resource policy contains a syntax error: ${problem.path}: ${problem.reason}`,
    );
  if (text.length > MAX_POLICY)
    return new Refusal("LimitExceededException", `The resource policy is longer than ${MAX_POLICY} characters.`);
  if (flagAt(operation.inputs, "blockPublicPolicy") === true && publicStatement(text) !== undefined)
    return new Refusal(
      "PublicPolicyException",
      "You can't use a resource policy that allows broad access to the secret.",
    );
  return principalRefusal(operation, text, "MalformedPolicyDocumentException");
}

const keyRefusal = (operation: Operation): Refusal | undefined => {
  const key = textAt(operation.inputs, "kmsKeyId");
  return key !== undefined && keyMissing(operation, key)
    ? new Refusal(
        "InvalidRequestException",
        `The KMS key ${key} does not exist in this account and region (KMS NotFoundException).`,
      )
    : undefined;
};

const nameTaken = (name: string): Refusal =>
  new Refusal("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);

/** A name that Pulumi made is another one at every new creation, so the sandbox's own repetition is no clash. */
const madeByPulumi = (name: string, logicalName: string): boolean =>
  name.startsWith(`${logicalName}-`) && /^[0-9a-f]{7}$/.test(name.slice(logicalName.length + 1));

function scheduledRefusal(operation: Operation): Refusal | undefined {
  const name = nameOf(operation);
  const scheduled = findBy(here(operation, SCHEDULED), name, "name");
  return scheduled === undefined || madeByPulumi(name, operation.name)
    ? undefined
    : new Refusal(
        "InvalidRequestException",
        `You can't create this secret because a secret with this name is already scheduled for deletion. Name: ${name}`,
      );
}

const secretRefusal = (operation: Operation): Refusal | undefined =>
  keyRefusal(operation) ?? replicaRefusal(operation) ?? policyRefusal(operation);

const secret: ResourceRules = {
  autoName: { property: "name", maxLength: 512 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: nameTaken,
    },
  ],
  check(inputs) {
    const days = numberAt(inputs, "recoveryWindowInDays");
    return days === undefined || days === 0 || (days >= 7 && days <= 30)
      ? []
      : [{ property: "recoveryWindowInDays", reason: "must be 0 or between 7 and 30" }];
  },
  refuseCreate: (operation) =>
    scheduledRefusal(operation) ??
    (replicaHere(operation, nameOf(operation)) === undefined ? undefined : nameTaken(nameOf(operation))) ??
    secretRefusal(operation),
  refuseUpdate: (operation) => secretRefusal(operation),
  leaves(operation) {
    const { existing, inputs } = operation;
    const days = numberAt(existing?.inputs ?? inputs, "recoveryWindowInDays") ?? 30;
    if (existing === undefined || days === 0) return [];
    const name = valueOf(existing, "name") ?? "";
    return [{ ...existing, type: SCHEDULED, urn: "", inputs: { name, recoveryWindowInDays: days }, outputs: { name } }];
  },
  // A value that somebody put in stays with the secret, and goes with it.
  companions: (operation, id) =>
    here(operation, VERSION).filter(({ urn, outputs }) => urn === "" && textAt(outputs, "secretArn") === id),
  equivalent: policiesEquivalent("policy"),
  id: (operation) =>
    regionalArn(
      operation.location,
      "secretsmanager",
      `secret:${nameOf(operation)}-${letters(operation.hex("suffix", 12), LETTERS_AND_DIGITS)}`,
    ),
  computed: (operation, id) => ({
    arn: id,
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    policy: textAt(operation.inputs, "policy") ?? "",
    replicas: replicaStates(operation, nameOf(operation)),
  }),
};

const arnOf = (operation: Operation, property: string): string =>
  findSecret(operation, textAt(operation.inputs, property) ?? "")?.id ?? textAt(operation.inputs, property) ?? "";

const secretMissing =
  (property: string) =>
  (operation: Operation): Refusal | undefined =>
    findSecret(operation, textAt(operation.inputs, property) ?? "") === undefined ? notFound() : undefined;

const bytes = (inputs: Properties): number =>
  Math.max(
    Buffer.byteLength(textAt(inputs, "secretString") ?? ""),
    Buffer.byteLength(textAt(inputs, "secretBinary") ?? "", "base64"),
  );

const VALUES = ["secretString", "secretBinary", "secretStringWo"];

const versionId = (operation: Operation): string => uuid(operation.hex("version", 32));

const secretVersion: ResourceRules = {
  check(inputs) {
    if (bytes(inputs) > MAX_VALUE)
      return [{ property: "secretString", reason: `ValidationException: at most ${MAX_VALUE} bytes` }];
    const binary = textAt(inputs, "secretBinary");
    return binary === undefined || Buffer.from(binary, "base64").toString("base64") === binary
      ? []
      : [{ property: "secretBinary", reason: "must be base64" }];
  },
  refuseCreate: (operation) =>
    secretMissing("secretId")(operation) ??
    (VALUES.every((property) => textAt(operation.inputs, property) === undefined)
      ? new Refusal("InvalidRequestException", "You must provide either SecretString or SecretBinary.")
      : undefined),
  id: (operation) => `${arnOf(operation, "secretId")}|${versionId(operation)}`,
  computed: (operation) => ({
    arn: arnOf(operation, "secretId"),
    hasSecretStringWo: operation.inputs["secretStringWoVersion"] !== undefined,
    secretArn: arnOf(operation, "secretId"),
    versionId: versionId(operation),
    versionStages:
      textsAt(operation.inputs, "versionStages").length > 0
        ? listAt(operation.inputs, "versionStages")
        : ["AWSCURRENT"],
  }),
};

const secretPolicy: ResourceRules = {
  refuseCreate: (operation) => secretMissing("secretArn")(operation) ?? policyRefusal(operation),
  refuseUpdate: policyRefusal,
  equivalent: policiesEquivalent("policy"),
  id: ({ inputs }) => textAt(inputs, "secretArn") ?? "",
};

/** The shortest time between two rotations. Source: "Schedule expressions in Secrets Manager rotation". */
const LEAST_HOURS = 4;

function scheduleRefusal(rules: Properties): Refusal | undefined {
  const invalid = (message: string): Refusal => new Refusal("InvalidParameterException", message);
  const expression = textAt(rules, "scheduleExpression");
  if (expression === undefined)
    return rules["automaticallyAfterDays"] === undefined
      ? invalid("Rotation rules need automaticallyAfterDays or scheduleExpression.")
      : undefined;
  if (expression.startsWith("cron(")) {
    const problem = cronProblem(expression);
    return problem === undefined ? undefined : invalid(`Invalid schedule expression: ${problem}`);
  }
  const [, number, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(expression) ?? [];
  if (number === undefined || rateProblem(expression) !== undefined)
    return invalid(`Invalid schedule expression: ${expression} is neither cron(...) nor rate(...) in hours or days`);
  return unit === "hour" && Number(number) < LEAST_HOURS
    ? invalid(`Rotation is not possible more often than every ${LEAST_HOURS} hours: ${expression}`)
    : undefined;
}

function rotationRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const missing = secretMissing("secretId")(operation);
  if (missing !== undefined || flagAt(inputs, "rotationEnabled") === false) return missing;
  const schedule = scheduleRefusal(mapAt(inputs, "rotationRules"));
  if (schedule !== undefined) return schedule;
  const lambda = textAt(inputs, "rotationLambdaArn");
  if (lambda === undefined)
    return textAt(inputs, "externalSecretRotationRoleArn") === undefined
      ? new Refusal("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
      : undefined;
  const secretArn = arnOf(operation, "secretId");
  const rotator = findFunction(operation, lambda);
  if (rotator === undefined || !mayInvoke(operation, rotator, "secretsmanager.amazonaws.com", secretArn))
    return new Refusal(
      "AccessDeniedException",
      `Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy of ${lambda} grants access to the principal secretsmanager.amazonaws.com.`,
    );
  const holdsValue = here(operation, VERSION).some(({ outputs }) => textAt(outputs, "secretArn") === secretArn);
  return flagAt(inputs, "rotateImmediately") !== false && !holdsValue
    ? new Refusal(
        "InvalidRequestException",
        "An error occurred: Secrets Manager can't rotate a secret that has no value (AWSCURRENT).",
      )
    : undefined;
}

const secretRotation: ResourceRules = {
  check(inputs) {
    const off = flagAt(inputs, "rotationEnabled") === false;
    const rules = inputs["rotationRules"] !== undefined;
    if (off && rules) return [{ property: "rotationRules", reason: "must be left out when rotationEnabled is false" }];
    return off || rules ? [] : [{ property: "rotationRules", reason: "is required unless rotationEnabled is false" }];
  },
  refuseCreate: rotationRefusal,
  refuseUpdate: rotationRefusal,
  id: (operation) => arnOf(operation, "secretId"),
  computed: ({ inputs }) => ({ rotationEnabled: flagAt(inputs, "rotationEnabled") ?? true }),
};

export const secretsmanager: Service = {
  resources: {
    [SECRET]: secret,
    [VERSION]: secretVersion,
    "aws:secretsmanager/secretPolicy:SecretPolicy": secretPolicy,
    "aws:secretsmanager/secretRotation:SecretRotation": secretRotation,
  },
};
