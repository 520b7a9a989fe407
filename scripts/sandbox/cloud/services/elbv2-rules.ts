import type { Properties } from "../../values/value.ts";
import { cidrProblem } from "../cidr.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { actionFailures, actionsRefusal } from "./elbv2-actions.ts";
import { groundOfListener } from "./elbv2-listeners.ts";
import { elbArn, LISTENER_RULE, listenerReference, pathOf, validationError } from "./elbv2-lookup.ts";
import { here } from "./lookup.ts";

const CONDITIONS = ["hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "queryStrings", "sourceIp"];
/** ELB's quota of values in all conditions of a rule. */
const MAX_VALUES = 5;
const MAX_PRIORITY = 50_000;

const siblings = (operation: Operation): CloudResource[] =>
  here(operation, LISTENER_RULE).filter(
    ({ inputs }) => textAt(inputs, "listenerArn") === textAt(operation.inputs, "listenerArn"),
  );

const priorityOf = ({ outputs, inputs }: CloudResource): number =>
  numberAt(outputs, "priority") ?? numberAt(inputs, "priority") ?? 0;

/** Left out, it is the next after the highest, and stays. */
function chosenPriority(operation: Operation): number {
  const { inputs, existing } = operation;
  const kept = existing === undefined ? undefined : numberAt(existing.outputs, "priority");
  return numberAt(inputs, "priority") ?? kept ?? Math.max(0, ...siblings(operation).map(priorityOf)) + 1;
}

const kindsOf = (condition: Properties): string[] =>
  CONDITIONS.filter((kind) =>
    Array.isArray(condition[kind]) ? listAt(condition, kind).length > 0 : condition[kind] !== undefined,
  );

const valuesOf = (condition: Properties): number =>
  listAt(condition, "queryStrings").length +
  CONDITIONS.filter((kind) => kind !== "queryStrings")
    .flatMap((kind) => ["values", "regexValues"].map((list) => listAt(mapAt(condition, kind), list).length))
    .reduce((sum, count) => sum + count, 0);

/** What a condition's values look like. Source: "Condition types" in ELB's user guide. */
const VALUES: Readonly<Record<string, (text: string) => boolean>> = {
  hostHeader: (text) => /^[\w.*?-]{1,128}$/.test(text),
  httpHeader: (text) => text.length >= 1 && text.length <= 128,
  httpRequestMethod: (text) => /^[A-Za-z_-]{1,40}$/.test(text),
  pathPattern: (text) => /^[\w.$/~"'@:+&*?-]{1,128}$/.test(text),
  sourceIp: (text) => cidrProblem(text, "any") === undefined,
};

function valueProblem(condition: Properties): string | undefined {
  for (const [kind, fits] of Object.entries(VALUES)) {
    const block = mapAt(condition, kind);
    const values = textsAt(block, "values");
    const wrong = values.find((text) => !fits(text));
    if (wrong !== undefined) return `The ${kind} condition value '${wrong}' is not valid`;
    if (values.length > 0 && listAt(block, "regexValues").length > 0)
      return `A ${kind} condition has either values or regexValues`;
  }
  return undefined;
}

function ruleRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  const conditions = mapsAt(inputs, "conditions");
  if (conditions.length === 0) return validationError("At least one condition must be specified");
  if (conditions.some((condition) => kindsOf(condition).length !== 1))
    return validationError(`Each condition must have exactly one of ${CONDITIONS.join(", ")}`);
  const problem = conditions.map(valueProblem).find((found) => found !== undefined);
  if (problem !== undefined) return validationError(problem);
  const count = conditions.reduce((sum, condition) => sum + valuesOf(condition), 0);
  if (count > MAX_VALUES) return validationError(`A rule can only have '${MAX_VALUES}' condition values`);
  const priority = chosenPriority(operation);
  if (siblings(operation).some((rule) => priorityOf(rule) === priority))
    return new Refusal("PriorityInUse", `Priority '${priority}' is currently in use`);
  if (priority > MAX_PRIORITY) return validationError(`Rule priority '${priority}' must be at most ${MAX_PRIORITY}`);
  return actionsRefusal(operation, "actions", groundOfListener(world, textAt(inputs, "listenerArn") ?? ""));
}

export const listenerRule: ResourceRules = {
  references: [listenerReference],
  check: (inputs) => actionFailures(inputs, "actions"),
  refuseCreate: ruleRefusal,
  refuseUpdate: ruleRefusal,
  id: (operation) => elbArn(operation, "listener-rule", pathOf(textAt(operation.inputs, "listenerArn") ?? "")),
  computed: (operation, id) => ({ arn: id, priority: chosenPriority(operation) }),
};
