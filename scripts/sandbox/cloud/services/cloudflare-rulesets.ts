import { type Properties, Unknown } from "../../values/value.ts";
import { mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import {
  expressionFields,
  expressionLists,
  expressionProblem,
  usesRegularExpressions,
} from "./cloudflare-expression.ts";
import { cloudflareType, notValid, ofAccount, ofZone } from "./cloudflare-lookup.ts";
import { rateLimitFailures, type RuleCheck } from "./cloudflare-ratelimits.ts";
import { parameterProblems } from "./cloudflare-ruleset-parameters.ts";
import {
  ACTION_PARAMETERS,
  MANAGED_RULESETS,
  PHASE_ACTIONS,
  PRO,
  SKIPPABLE_PHASES,
} from "./cloudflare-ruleset-tables.ts";

export const RULESET = cloudflareType("Ruleset");
export const LIST = cloudflareType("List");

const actionFailures: RuleCheck = ({ path, rule, phase }) => {
  const action = textAt(rule, "action");
  const allowed = PHASE_ACTIONS[phase];
  if (action === undefined || allowed === undefined || allowed.includes(action)) return [];
  const why = `it is not allowed in phase ${phase}; that takes ${allowed.join(", ")}`;
  return [{ property: `${path}.action`, reason: notValid(20217, action, "action", why) }];
};

const parameterFailures: RuleCheck = ({ path, rule }) => {
  const action = textAt(rule, "action") ?? "";
  const allowed = ACTION_PARAMETERS[action] ?? [];
  return Object.keys(mapAt(rule, "actionParameters"))
    .filter((parameter) => action !== "" && !allowed.includes(parameter) && !parameter.startsWith("__"))
    .map((parameter) => ({
      property: `${path}.actionParameters.${parameter}`,
      reason: `action ${action} does not take ${parameter}`,
    }));
};

const valueFailures: RuleCheck = ({ path, rule, phase }) => {
  if (rule["actionParameters"] instanceof Unknown) return [];
  const problems = parameterProblems(textAt(rule, "action") ?? "", mapAt(rule, "actionParameters"), phase);
  return problems.map(([below, reason]) => ({
    property: `${path}.actionParameters${below === "" ? "" : `.${below}`}`,
    reason,
  }));
};

const expressionFailures: RuleCheck = ({ path, rule, phase }) => {
  const expression = textAt(rule, "expression");
  if (expression === undefined) return [];
  const property = `${path}.expression`;
  const problem = expressionProblem(expression);
  if (problem !== undefined)
    return [{ property, reason: notValid(20127, expression, "expression", `the expression is invalid: ${problem}`) }];
  if (usesRegularExpressions(expression))
    return [
      {
        property,
        reason: "20120: not entitled: the use of operator Matches is not allowed, a Business plan is required",
      },
    ];
  const enterprise = expressionFields(expression).find((field) => PRO.foreignFields.test(field));
  if (enterprise !== undefined)
    return [
      {
        property,
        reason: `20120: not entitled: the use of field ${enterprise} is not allowed, an Enterprise plan with Bot Management is required`,
      },
    ];
  const foreign =
    phase === "http_ratelimit" ? expressionFields(expression).find((field) => !isRateLimitField(field)) : undefined;
  return foreign === undefined
    ? []
    : [
        {
          property,
          reason: `20120: not entitled: the use of field ${foreign} in a rate limit is not allowed, a Business plan is required`,
        },
      ];
};

const isRateLimitField = (field: string): boolean => (PRO.rateLimitFields as readonly string[]).includes(field);

const skipFailures: RuleCheck = ({ path, rule }) => {
  const phases = textAt(rule, "action") === "skip" ? textsAt(mapAt(rule, "actionParameters"), "phases") : [];
  return phases
    .filter((phase) => !SKIPPABLE_PHASES.includes(phase))
    .map((phase) => ({
      property: `${path}.actionParameters.phases`,
      reason: `20120: skip action parameter phase '${phase}' is not authorized`,
    }));
};

const RULE_CHECKS = [
  ...[actionFailures, parameterFailures, valueFailures, expressionFailures],
  ...[skipFailures, rateLimitFailures],
];

function rulesetFailures(inputs: Properties): CheckFailure[] {
  const phase = textAt(inputs, "phase") ?? "";
  const rules = mapsAt(inputs, "rules");
  const refs = rules.map((rule) => textAt(rule, "ref"));
  const most = PRO.rules[phase];
  return [
    ...kindFailures(inputs),
    ...(most !== undefined && rules.length > most
      ? [
          {
            property: "rules",
            reason: `50001: exceeded the maximum number of rules in the phase ${phase}: ${rules.length} out of ${most}`,
          },
        ]
      : []),
    ...refs.flatMap((ref, index) =>
      ref !== undefined && refs.indexOf(ref) !== index
        ? [
            {
              property: `rules[${index}].ref`,
              reason: notValid(20217, ref, "ref", "another rule of the ruleset has it"),
            },
          ]
        : [],
    ),
    ...rules.flatMap((rule, index) => RULE_CHECKS.flatMap((check) => check({ path: `rules[${index}]`, rule, phase }))),
  ];
}

/** Entry points of a zone are of kind `zone`, those of an account of kind `root`; `managed` is Cloudflare's. */
function kindFailures(inputs: Properties): CheckFailure[] {
  const kind = textAt(inputs, "kind");
  const scope = inputs["zoneId"] !== undefined ? "zone" : inputs["accountId"] !== undefined ? "account" : undefined;
  if (kind === undefined || scope === undefined) return [];
  const allowed = scope === "zone" ? ["zone"] : ["root", "custom"];
  return allowed.includes(kind)
    ? []
    : [
        {
          property: "kind",
          reason: notValid(
            20217,
            kind,
            "kind",
            `a ruleset of ${scope === "zone" ? "a zone" : "an account"} is ${allowed.join(" or ")}`,
          ),
        },
      ];
}

/** A phase has one entry point in a zone or account. */
function entryPointTaken(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const kind = textAt(inputs, "kind") ?? "";
  const phase = textAt(inputs, "phase") ?? "";
  if (kind === "custom") return undefined;
  const owner = (kind === "zone" ? ofZone : ofAccount)(operation, RULESET).find(
    (other) => textAt(other.inputs, "phase") === phase && textAt(other.inputs, "kind") === kind,
  );
  return owner === undefined
    ? undefined
    : new Refusal(
        "20217",
        `'${kind}' is not a valid value for kind because exceeded maximum number of ${kind} rulesets for phase ${phase}: ${owner.urn} is its entry point`,
      );
}

function missing(operation: Operation): Refusal | undefined {
  for (const rule of mapsAt(operation.inputs, "rules")) {
    const id = textAt(rule, "action") === "execute" ? textAt(mapAt(rule, "actionParameters"), "id") : undefined;
    if (id !== undefined && !(id in MANAGED_RULESETS) && operation.world.byId(RULESET, id) === undefined)
      return new Refusal("20217", `'${id}' is not a valid value for id because no such ruleset exists`);
    const redirects = textAt(mapAt(mapAt(rule, "actionParameters"), "fromList"), "name");
    const lists = operation.world.all(LIST).map((list) => textAt(list.inputs, "name"));
    if (redirects !== undefined && !lists.includes(redirects))
      return new Refusal("20217", `'${redirects}' is not a valid value for from_list because no such list exists`);
    const list = expressionLists(textAt(rule, "expression") ?? "").find((name) => !lists.includes(name));
    if (list !== undefined)
      return new Refusal("20127", `the expression is invalid: Filter parsing error: unknown list $${list}`);
  }
  return undefined;
}

export const ruleset: ResourceRules = {
  check: rulesetFailures,
  refuseCreate: (operation) => entryPointTaken(operation) ?? missing(operation),
  refuseUpdate: missing,
  computed: () => ({ version: "1" }),
};
