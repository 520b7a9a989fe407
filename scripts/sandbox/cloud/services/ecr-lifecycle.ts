import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";

const MAX_RULES = 50;
const RULE_KEYS = ["rulePriority", "description", "selection", "action"];
const SELECTION_KEYS = [
  "tagStatus",
  "tagPrefixList",
  "tagPatternList",
  "countType",
  "countUnit",
  "countNumber",
  "storageClass",
];
const AGES = ["sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];

function parsed(text: string): Properties | undefined {
  try {
    const value = JSON.parse(text) as Value;
    return isProperties(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Why ECR takes no such lifecycle policy. Source: ECR's page on the properties of lifecycle policies. */
export function lifecycleProblem(text: string): string | undefined {
  const policy = parsed(text);
  if (policy === undefined) return "Could not map policyString into LifecyclePolicy: it is no JSON object";
  if (!Array.isArray(policy["rules"])) return 'object has missing required properties (["rules"])';
  const rules = mapsAt(policy, "rules");
  if (rules.length === 0 || rules.length > MAX_RULES || rules.length < listAt(policy, "rules").length)
    return `"rules" must hold 1 to ${MAX_RULES} objects`;
  for (const rule of rules) {
    const problem = ruleProblem(rule);
    if (problem !== undefined) return `rule ${numberAt(rule, "rulePriority") ?? "without rulePriority"}: ${problem}`;
  }
  return orderProblem(rules);
}

function ruleProblem(rule: Properties): string | undefined {
  const priority = numberAt(rule, "rulePriority");
  const selection = mapAt(rule, "selection");
  const action = mapAt(rule, "action");
  const strange = [...outside(rule, RULE_KEYS), ...outside(selection, SELECTION_KEYS)];
  if (strange.length > 0) return `object instance has properties which are not allowed: ${strange.join(", ")}`;
  if (priority === undefined || priority < 1 || !Number.isInteger(priority))
    return "rulePriority: numeric instance is lower than the required minimum (minimum: 1)";
  const kind = textAt(action, "type");
  if (kind !== "expire" && !(kind === "transition" && textAt(action, "targetStorageClass") === "archive"))
    return 'action must be {"type": "expire"}, or a transition to archive';
  return tagProblem(selection) ?? countProblem(selection);
}

const outside = (properties: Properties, known: readonly string[]): string[] =>
  Object.keys(properties).filter((key) => !known.includes(key));

function tagProblem(selection: Properties): string | undefined {
  const status = textAt(selection, "tagStatus");
  const lists = ["tagPrefixList", "tagPatternList"].filter((key) => textsAt(selection, key).length > 0);
  if (status === undefined || !["tagged", "untagged", "any"].includes(status))
    return "tagStatus must be tagged, untagged, or any";
  if (status !== "tagged")
    return lists.length === 0 ? undefined : `Cannot specify ${lists.join(", ")} with tagStatus ${status}`;
  if (lists.length === 0) return "Must specify tagPrefixList or tagPatternList";
  if (lists.length === 2)
    return "If policy has a tagged rule, it must specify only one of tagPrefixList or tagPatternList";
  const pattern = textsAt(selection, "tagPatternList").find((one) => one.split("*").length > 5);
  return pattern === undefined ? undefined : `Invalid tag pattern provided: ${pattern} has more than four wildcards`;
}

function countProblem(selection: Properties): string | undefined {
  const type = textAt(selection, "countType") ?? "";
  const number = numberAt(selection, "countNumber");
  const unit = textAt(selection, "countUnit");
  if (number === undefined || number < 1 || !Number.isInteger(number)) return "countNumber must be 1 or more";
  if (AGES.includes(type)) return unit === "days" ? undefined : `countUnit must be days with countType ${type}`;
  if (type !== "imageCountMoreThan") return `countType must be imageCountMoreThan or one of ${AGES.join(", ")}`;
  return unit === undefined ? undefined : "countUnit cannot be given with countType imageCountMoreThan";
}

/** Rules among each other: each its own priority, and the one for any tag last. */
function orderProblem(rules: readonly Properties[]): string | undefined {
  const priorities = rules.map((rule) => numberAt(rule, "rulePriority") ?? 0);
  if (new Set(priorities).size < priorities.length) return "Duplicate priority in multiple rules";
  const untagged = rules
    .map((rule) => mapAt(rule, "selection"))
    .filter((selection) => textAt(selection, "tagStatus") === "untagged")
    .map((selection) => textAt(selection, "storageClass") ?? "standard");
  if (new Set(untagged).size < untagged.length) return "Only one rule is allowed to select untagged images";
  const any = rules.filter((rule) => textAt(mapAt(rule, "selection"), "tagStatus") === "any");
  if (any.length > 1) return "There can be only one rule with tagStatus any";
  return any.some((rule) => numberAt(rule, "rulePriority") !== Math.max(...priorities))
    ? "A rule with tagStatus any must have the highest rulePriority"
    : undefined;
}

/** Whether two policies mean the same: the order of rules and of tags does not count. */
export function sameLifecycle(a: string, b: string): boolean {
  const [first, second] = [parsed(a), parsed(b)];
  return first !== undefined && second !== undefined && canonical(first) === canonical(second);
}

function canonical(policy: Properties): string {
  const rules = mapsAt(policy, "rules").sort(
    (a, b) => (numberAt(a, "rulePriority") ?? 0) - (numberAt(b, "rulePriority") ?? 0),
  );
  return JSON.stringify(rules.map(ordered));
}

/** Keys in order, and lists of texts too. */
function ordered(value: Value): unknown {
  if (Array.isArray(value)) return value.map(ordered).sort();
  if (!isProperties(value)) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, ordered(value[key] ?? null)]);
}
