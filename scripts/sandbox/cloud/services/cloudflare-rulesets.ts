import type { Properties } from "../../values/value.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import {
  expressionFields,
  expressionLists,
  expressionProblem,
  usesRegularExpressions,
} from "./cloudflare-expression.ts";
import { cloudflareType, notValid, ofAccount, ofZone } from "./cloudflare-lookup.ts";
import {
  ACTION_PARAMETERS,
  MANAGED_RULESETS,
  PHASE_ACTIONS,
  PRO,
  SKIPPABLE_PHASES,
} from "./cloudflare-ruleset-tables.ts";

export const RULESET = cloudflareType("Ruleset");
export const LIST = cloudflareType("List");

/** A rule and where it stands, for messages. */
interface Placed {
  readonly path: string;
  readonly rule: Properties;
  readonly phase: string;
}

type RuleCheck = (placed: Placed) => CheckFailure[];

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

const CHALLENGES = ["challenge", "js_challenge", "managed_challenge"];

const rateLimitFailures: RuleCheck = ({ path, rule, phase }) => {
  const given = rule["ratelimit"] !== undefined;
  const limits = phase === "http_ratelimit" && textAt(rule, "action") !== "execute";
  if (given !== limits && phase !== "")
    return [
      {
        property: `${path}.ratelimit`,
        reason: `20217: ratelimit ${limits ? "is required in" : "belongs to"} phase http_ratelimit`,
      },
    ];
  if (!given) return [];
  const limit = mapAt(rule, "ratelimit");
  const at = (property: string, reason: string): CheckFailure => ({
    property: `${path}.ratelimit.${property}`,
    reason,
  });
  const failures: CheckFailure[] = [];
  const characteristics = textsAt(limit, "characteristics");
  const known = characteristics.length === listAt(limit, "characteristics").length;
  if (known && !characteristics.includes("cf.colo.id"))
    failures.push(
      at(
        "characteristics",
        "20155: characteristics field is missing 'cf.colo.id', this is required as ratelimiting counting is processed at colocation level only",
      ),
    );
  const beyond = characteristics.find((one) => !(PRO.characteristics as readonly string[]).includes(one));
  if (beyond !== undefined)
    failures.push(at("characteristics", `20120: not entitled to use the characteristic ${beyond}`));
  const period = numberAt(limit, "period");
  if (period !== undefined && !(PRO.periods as readonly number[]).includes(period))
    failures.push(
      at(
        "period",
        `20120: not entitled to use the period ${period}, can only use a period among [${PRO.periods.join(" ")}]`,
      ),
    );
  const timeout = numberAt(limit, "mitigationTimeout");
  if (timeout !== undefined && !(PRO.timeouts as readonly number[]).includes(timeout))
    failures.push(
      at(
        "mitigationTimeout",
        `20120: not entitled to use the mitigation timeout ${timeout}, can only use one among [${PRO.timeouts.join(" ")}]`,
      ),
    );
  const action = textAt(rule, "action") ?? "";
  if (timeout !== undefined && timeout !== 0 && CHALLENGES.includes(action))
    failures.push(
      at("mitigationTimeout", `20120: not entitled to use a mitigation timeout with action ${action}: it must be 0`),
    );
  return failures;
};

const RULE_CHECKS = [...[actionFailures, parameterFailures, expressionFailures], ...[skipFailures, rateLimitFailures]];

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
    const lists = operation.world.all(LIST).map((list) => textAt(list.inputs, "name"));
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
