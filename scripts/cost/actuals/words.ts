import { percent, usd } from "../formats/words.ts";
import { anomalyRule } from "./anomalies.ts";
import type { ActualsReport } from "./report.ts";

/** How the numbers come about, as sentences. */
export function rulesOf(report: ActualsReport): readonly string[] {
  const { closed, cost, later, notBilled, attributedShare, by, total } = report;
  return [
    closed
      ? "The month is over: every day counts."
      : "A day is complete once it is over and a later one has charges; each provider has its own.",
    "Run rate: usage of the complete days, for every day of the month, and what is charged once a month (purchases, fees, periods of 28 days or more, late charges) as it is; what was charged so last month and has not come yet is expected again.",
    "To date: usage of the complete days and their part of what is charged once a month, against as many days of the forecast.",
    "Credits, refunds, and taxes stand apart and in no forecast. Split cost lines are left out: their instance's line bills the same.",
    cost === "billed"
      ? `Amounts are as invoiced; with commitments spread over what they cover the month so far is ${usd(total.effective)}.`
      : `Commitments are spread over what they cover; as invoiced the month so far is ${usd(total.billed)}.`,
    `${percent(attributedShare)} of the charges that can bear tags are attributed by ${by.join(", ")}.`,
    ...(later.isZero() ? [] : [`${usd(later)} is charged after ${report.today} and in no number here.`]),
    ...notBilled.map(
      ({ provider, monthly }) =>
        `The bill has nothing of ${provider}, so its forecast of ${usd(monthly)} a month is in no number here.`,
    ),
    anomalyRule,
  ];
}
