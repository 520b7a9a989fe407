import { type Looked, type Found, type Rule } from "./hints.ts";
import { atOtherPrice } from "./hints-prices.ts";
import { mapRange } from "./range.ts";
import { amount } from "./money.ts";
import { asAmount, blockOf, isUnknown } from "./resources/read.ts";

/** The interval of checks that nobody waits for, in seconds. */
const patientTick = 900;

/** What other providers sell. */
export const plans: readonly Rule[] = [
  {
    id: "cloudflare-annual",
    find: ({ cost, prices }) =>
      atOtherPrice(cost.lines, prices, (price) =>
        price.startsWith("cloudflare-zone-") ? price.replace(/-monthly$/, "-annual") : undefined,
      ).map(({ line, saving }) => ({
        urn: line.urn,
        saving,
        what: `The zone's plan is billed monthly, a fifth dearer than by the year.`,
        setting: "the zone's billing in Cloudflare's dashboard, and edge.planBilling: annual, which tells this report",
        loses: "The plan is paid for a year ahead.",
      })),
  },
  { id: "checks-outside-production", find: impatientChecks },
];

function impatientChecks({ cost, world }: Looked): readonly Found[] {
  if (world.environment === "production") return [];
  return world.ofType("datadog:index/syntheticsTest:SyntheticsTest").flatMap((test) => {
    const options = blockOf(test, "optionsList");
    const tick = isUnknown(options) ? undefined : asAmount(options["tickEvery"]);
    const line = cost.lines.find(({ urn }) => urn === test.urn);
    if (tick === undefined || line === undefined || tick.greaterThanOrEqualTo(patientTick)) return [];
    const stays = tick.dividedBy(amount(patientTick));
    return [
      {
        urn: test.urn,
        saving: mapRange(line.monthly, (usd) => usd.minus(usd.times(stays))),
        what: `It runs every ${tick.toFixed()} seconds, where nobody waits for the answer.`,
        setting: `monitoring.checkIntervalSeconds: ${patientTick} in infra/settings/environments.ts`,
        loses: "A broken host is seen up to fifteen minutes later.",
      },
    ];
  });
}
