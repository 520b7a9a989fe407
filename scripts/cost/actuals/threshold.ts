import { UserError } from "../../sandbox/user-error.ts";
import { type Amount, amount } from "../money.ts";

/** From which excess over its usual day a service's day is reported: a part of the usual, or US dollars a day. */
export type AnomalyThreshold = { readonly part: Amount } | { readonly usd: Amount };

/** Reads `20%`, `5`, `5USD`, or `5 USD`. Throws a UserError for anything else. */
export function anomalyThresholdOf(given: string): AnomalyThreshold {
  const refused = (why: string): UserError => new UserError(`--threshold ${JSON.stringify(given)}: ${why}`, 2);
  const [, sign, number, unit = ""] = /^(-?)(\d+(?:\.\d+)?)\s*(%|[A-Za-z]{3})?$/.exec(given.trim()) ?? [];
  if (number === undefined) throw refused("give a share such as 20%, or US dollars a day such as 5");
  if (sign === "-") throw refused("it is negative, and only what costs more than usual is looked for");
  if (unit === "%") return { part: amount(number).dividedBy(100) };
  if (unit !== "" && unit.toUpperCase() !== "USD") throw refused("bills here are in USD, so the threshold is, too");
  return { usd: amount(number) };
}
