import type { Properties } from "../../values/value.ts";
import { listAt, mapAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";
import { expressionProblem } from "./cloudflare-expression.ts";
import { notValid } from "./cloudflare-lookup.ts";
import { PRO } from "./cloudflare-ruleset-tables.ts";

/** A rule and where it stands, for messages. */
export interface Placed {
  readonly path: string;
  readonly rule: Properties;
  readonly phase: string;
}

export type RuleCheck = (placed: Placed) => CheckFailure[];

const CHALLENGES = ["challenge", "js_challenge", "managed_challenge"];

export const rateLimitFailures: RuleCheck = ({ path, rule, phase }) => {
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
  if (["requestsPerPeriod", "scorePerPeriod"].every((count) => limit[count] === undefined))
    failures.push(at("requestsPerPeriod", "20217: requestsPerPeriod is required: it says how many are too many"));
  const counted = textAt(limit, "countingExpression");
  const problem = counted === undefined || counted === "" ? undefined : expressionProblem(counted);
  if (problem !== undefined)
    failures.push(
      at(
        "countingExpression",
        notValid(20127, counted, "counting_expression", `could not parse filter expression: ${problem}`),
      ),
    );
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
