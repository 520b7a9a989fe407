import type { Properties } from "../../values/value.ts";
import { isArn, parseArn, regionalArn } from "../arn.ts";
import { mapAt, numberAt, textAt } from "../fields.ts";
import { allowsService } from "../iam-policy.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { findBy, here, inAccount, prefixedName, valueOf } from "./lookup.ts";
import { atProblem, cronProblem, rateProblem } from "./schedule-expression.ts";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";

/** Every account has it. */
const DEFAULT_GROUP = "default";

const invalid = (message: string): Refusal => new Refusal("ValidationException", message);

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");
const groupOf = (inputs: Properties): string => textAt(inputs, "groupName") ?? DEFAULT_GROUP;

const EXPRESSIONS: readonly (readonly [start: string, problem: (text: string) => string | undefined])[] = [
  ["cron(", cronProblem],
  ["rate(", rateProblem],
  ["at(", atProblem],
];

function expressionFailures(inputs: Properties): CheckFailure[] {
  const text = textAt(inputs, "scheduleExpression");
  if (text === undefined) return [];
  const known = EXPRESSIONS.find(([start]) => text.startsWith(start));
  const problem = known === undefined ? `${text} is none of cron(), rate(), and at()` : known[1](text);
  return problem === undefined
    ? []
    : [{ property: "scheduleExpression", reason: `ValidationException: Invalid Schedule Expression: ${problem}` }];
}

function windowProblem(inputs: Properties): string | undefined {
  const window = mapAt(inputs, "flexibleTimeWindow");
  const minutes = numberAt(window, "maximumWindowInMinutes");
  const flexible = textAt(window, "mode") === "FLEXIBLE";
  if (flexible && minutes === undefined) return "MaximumWindowInMinutes must be given when the mode is FLEXIBLE.";
  return !flexible && minutes !== undefined
    ? "MaximumWindowInMinutes must be left out when the mode is OFF."
    : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function timeProblem(inputs: Properties): string | undefined {
  const zone = textAt(inputs, "scheduleExpressionTimezone");
  if (zone !== undefined && !isTimeZone(zone)) return `Invalid ScheduleExpressionTimezone: ${zone}`;
  const [start, end] = ["startDate", "endDate"].map((property) => Date.parse(textAt(inputs, property) ?? ""));
  return start !== undefined && end !== undefined && end <= start
    ? "The StartDate you specify must come before the EndDate."
    : undefined;
}

function targetProblem(operation: Operation): string | undefined {
  const target = mapAt(operation.inputs, "target");
  const arn = textAt(target, "arn") ?? "";
  if (!isArn(arn)) return `Provided Arn is not in correct format: ${arn}`;
  const roleArn = textAt(target, "roleArn") ?? "";
  const role = findBy(inAccount(operation, "aws:iam/role:Role"), roleArn, "arn");
  const trust = role === undefined ? "" : (valueOf(role, "assumeRolePolicy") ?? "");
  if (!allowsService(trust, ["scheduler.amazonaws.com"], "sts:AssumeRole"))
    return `The execution role ${roleArn} you provide must allow AWS EventBridge Scheduler to assume the role.`;
  const queue = textAt(mapAt(target, "deadLetterConfig"), "arn");
  if (queue === undefined) return undefined;
  if (parseArn(queue)?.service !== "sqs") return `The dead-letter queue ${queue} is no SQS queue.`;
  return findBy(here(operation, "aws:sqs/queue:Queue"), queue, "arn") === undefined
    ? `The dead-letter queue ${queue} does not exist.`
    : undefined;
}

function scheduleRefusal(operation: Operation): Refusal | undefined {
  const group = groupOf(operation.inputs);
  if (group !== DEFAULT_GROUP && findBy(here(operation, GROUP), group, "name") === undefined)
    return new Refusal("ResourceNotFoundException", `Schedule group ${group} does not exist.`);
  const problem = windowProblem(operation.inputs) ?? timeProblem(operation.inputs) ?? targetProblem(operation);
  return problem === undefined ? undefined : invalid(problem);
}

const schedule: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  check: expressionFailures,
  refuseCreate: (operation) =>
    scheduleRefusal(operation) ??
    (here(operation, SCHEDULE).some(({ id }) => id === `${groupOf(operation.inputs)}/${nameOf(operation)}`)
      ? new Refusal("ConflictException", `Schedule ${nameOf(operation)} already exists.`)
      : undefined),
  refuseUpdate: scheduleRefusal,
  id: (operation) => `${groupOf(operation.inputs)}/${nameOf(operation)}`,
  computed: (operation, id) => ({
    arn: regionalArn(operation.location, "scheduler", `schedule/${id}`),
    groupName: groupOf(operation.inputs),
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
  }),
};

const scheduleGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("ConflictException", `Schedule group ${name} already exists.`),
    },
  ],
  check: (inputs) =>
    textAt(inputs, "name") === DEFAULT_GROUP
      ? [{ property: "name", reason: "ConflictException: every account has the group default" }]
      : [],
  id: nameOf,
  computed: (operation, id) => ({
    arn: regionalArn(operation.location, "scheduler", `schedule-group/${id}`),
    name: id,
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    state: "ACTIVE",
  }),
};

export const scheduler: Service = { resources: { [SCHEDULE]: schedule, [GROUP]: scheduleGroup } };
