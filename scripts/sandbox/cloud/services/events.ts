import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { mapAt, textAt } from "../fields.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { findBy, here, prefixedName, valueOf } from "./lookup.ts";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const BUS = "aws:cloudwatch/eventBus:EventBus";

const DEFAULT_BUS = "default";
/** Targets of one rule. Source: EventBridge's quotas. */
const MAX_TARGETS = 5;

const busOf = (inputs: Properties): string =>
  (textAt(inputs, "eventBusName") ?? DEFAULT_BUS).replace(/^arn:.*:event-bus\//, "");

const busMissing = (operation: Operation): Refusal | undefined => {
  const bus = busOf(operation.inputs);
  return bus === DEFAULT_BUS || findBy(here(operation, BUS), bus, "name") !== undefined
    ? undefined
    : new Refusal("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
};

/** Where a pattern is not one: every field is an object of fields or a list of values that match. */
function patternProblem(pattern: Value, path = ""): string | undefined {
  if (!isProperties(pattern)) return `"${path}" must be an object or an array`;
  if (Object.keys(pattern).length === 0) return path === "" ? "Empty event pattern" : `"${path}" must not be empty`;
  for (const [key, value] of Object.entries(pattern)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (Array.isArray(value)) {
      if (value.length === 0) return `Empty arrays are not allowed at "${at}"`;
      const nested = value.filter((item) => Array.isArray(item));
      if (nested.length > 0) return `Match value must be String, number, true, false, or null at "${at}"`;
    } else {
      const problem = patternProblem(value, at);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function parse(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function checkPattern(text: string | undefined): CheckFailure[] {
  if (text === undefined) return [];
  const pattern = parse(text);
  const problem = pattern === undefined ? "it is no JSON" : patternProblem(pattern);
  return problem === undefined
    ? []
    : [
        {
          property: "eventPattern",
          reason: `InvalidEventPatternException: Event pattern is not valid. Reason: ${problem}`,
        },
      ];
}

/** `rate(1 hour)`, `rate(5 minutes)`, `cron(0 3 * * ? *)`: a cron has six fields, and one of its two day fields is `?`. */
function validSchedule(text: string): boolean {
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(text);
  if (rate !== null) return (rate[1] === "1") === (rate[3] === "");
  const fields = /^cron\(([^()]+)\)$/.exec(text)?.[1]?.split(/\s+/) ?? [];
  return fields.length === 6 && (fields[2] === "?") !== (fields[4] === "?");
}

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

/** Rules of other buses have the bus before their name, in the id and in the ARN. */
const onBus = (bus: string, name: string): string => (bus === DEFAULT_BUS ? name : `${bus}/${name}`);

const targetsOf = (operation: Operation, bus: string, rule: string): CloudResource[] =>
  here(operation, TARGET).filter(({ inputs }) => busOf(inputs) === bus && textAt(inputs, "rule") === rule);

const rule: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  check(inputs) {
    const given = (key: string): boolean => inputs[key] !== undefined;
    const schedule = textAt(inputs, "scheduleExpression");
    const failures = checkPattern(textAt(inputs, "eventPattern"));
    if (!given("eventPattern") && !given("scheduleExpression"))
      failures.push({ property: "eventPattern", reason: "give eventPattern, scheduleExpression, or both" });
    if (schedule !== undefined && !validSchedule(schedule))
      failures.push({
        property: "scheduleExpression",
        reason: "ValidationException: Parameter ScheduleExpression is not valid.",
      });
    if (given("scheduleExpression") && busOf(inputs) !== DEFAULT_BUS)
      failures.push({
        property: "scheduleExpression",
        reason: "ValidationException: ScheduleExpression is supported only on the default event bus.",
      });
    return failures;
  },
  refuseCreate: busMissing,
  refuseUpdate: busMissing,
  refuseDelete(operation) {
    const { existing } = operation;
    if (existing === undefined) return undefined;
    return targetsOf(operation, busOf(existing.inputs), valueOf(existing, "name") ?? "").length === 0
      ? undefined
      : new Refusal("ValidationException", "Rule can't be deleted since it has targets.");
  },
  id: (operation) => onBus(busOf(operation.inputs), nameOf(operation)),
  computed: (operation, id) => ({
    arn: regionalArn(operation.location, "events", `rule/${id}`),
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
  }),
};

/** Services that EventBridge calls with a role, never by the target's own policy. */
const NEED_ROLE = new Set([
  "batch",
  "codebuild",
  "codepipeline",
  "ecs",
  "events",
  "firehose",
  "kinesis",
  "states",
  "ssm",
]);

function targetArnRefusal({ inputs }: Operation): Refusal | undefined {
  const text = textAt(inputs, "arn") ?? "";
  const arn = parseArn(text);
  if (arn === undefined)
    return new Refusal(
      "ValidationException",
      `Parameter ${text} is not valid. Reason: Provided Arn is not in correct format.`,
    );
  return NEED_ROLE.has(arn.service) && textAt(inputs, "roleArn") === undefined
    ? new Refusal("ValidationException", `RoleArn is required for target ${textAt(inputs, "targetId") ?? text}.`)
    : undefined;
}

/** Placeholders of a template that its paths do not define; EventBridge's own begin with `aws.events`. */
function undefinedPlaceholders(template: string, paths: Properties): string[] {
  const names = [...template.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? "");
  return names.filter((name) => !name.startsWith("aws.events.") && paths[name] === undefined);
}

/** A template is JSON, or lines of quoted text, once its placeholders have values. */
function validTemplate(template: string): boolean {
  const filled = template.replace(/<[^<>\s]+>/g, "0");
  return (
    parse(filled) !== undefined ||
    filled
      .split("\n")
      .filter((line) => line.trim() !== "")
      .every((line) => typeof parse(line) === "string")
  );
}

function checkTransformer(inputs: Properties): CheckFailure[] {
  const transformer = mapAt(inputs, "inputTransformer");
  const template = textAt(transformer, "inputTemplate");
  if (template === undefined) return [];
  const paths = mapAt(transformer, "inputPaths");
  const missing = undefinedPlaceholders(template, paths);
  const property = "inputTransformer.inputTemplate";
  if (missing.length > 0)
    return [
      {
        property,
        reason: `ValidationException: InputTemplate contains placeholders that InputPathsMap lacks: ${missing.join(", ")}`,
      },
    ];
  return validTemplate(template)
    ? []
    : [{ property, reason: "ValidationException: Invalid InputTemplate: it is neither JSON nor lines of quoted text" }];
}

const targetIdOf = (operation: Operation): string =>
  textAt(operation.inputs, "targetId") ?? prefixedName(operation, "terraform-");

const target: ResourceRules = {
  check(inputs) {
    const failures = checkTransformer(inputs);
    const input = textAt(inputs, "input");
    if (input !== undefined && parse(input) === undefined)
      failures.push({ property: "input", reason: "ValidationException: JSON syntax error in input" });
    return failures;
  },
  refuseCreate(operation) {
    const { inputs } = operation;
    const [bus, name] = [busOf(inputs), textAt(inputs, "rule") ?? ""];
    const rules = here(operation, RULE).filter((resource) => busOf(resource.inputs) === bus);
    if (findBy(rules, name, "name") === undefined)
      return new Refusal("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus}.`);
    if (targetsOf(operation, bus, name).length >= MAX_TARGETS)
      return new Refusal(
        "LimitExceededException",
        `The requested resource exceeds the maximum number allowed: ${MAX_TARGETS} targets per rule.`,
      );
    return targetArnRefusal(operation);
  },
  refuseUpdate: targetArnRefusal,
  id(operation) {
    const bus = busOf(operation.inputs);
    const parts = [textAt(operation.inputs, "rule") ?? "", targetIdOf(operation)];
    return (bus === DEFAULT_BUS ? parts : [bus, ...parts]).join("-");
  },
  computed: (operation) => ({ targetId: targetIdOf(operation) }),
};

const bus: ResourceRules = {
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("ResourceAlreadyExistsException", `Event bus ${name} already exists.`),
    },
  ],
  check: (inputs) =>
    textAt(inputs, "name") === DEFAULT_BUS
      ? [{ property: "name", reason: "ValidationException: the name default is the account's own bus" }]
      : [],
  refuseDelete(operation) {
    const name = operation.existing?.id ?? "";
    return here(operation, RULE).some(({ inputs }) => busOf(inputs) === name)
      ? new Refusal("ValidationException", `EventBus ${name} can't be deleted since it has rules.`)
      : undefined;
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: ({ location }, id) => ({ arn: regionalArn(location, "events", `event-bus/${id}`) }),
};

export const events: Service = { resources: { [RULE]: rule, [TARGET]: target, [BUS]: bus } };
