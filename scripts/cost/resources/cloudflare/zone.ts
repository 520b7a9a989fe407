import { environments, type PlanBilling } from "../../../../infra/settings/environments.ts";
import { exactly } from "../../range.ts";
import type { EnvironmentName } from "../../usage.ts";
import { isProperties } from "../../../sandbox/values/value.ts";
import type { CostResource, Part, World } from "../entry.ts";
import { isUnknown, textOf } from "../read.ts";

/** Whoever sets up a zone has it; a single record in somebody else's zone does not make it one's own. */
export const zoneTypes = [
  "cloudflare:index/zone:Zone",
  "cloudflare:index/zoneDnssec:ZoneDnssec",
  "cloudflare:index/botManagement:BotManagement",
  "cloudflare:index/zoneSetting:ZoneSetting",
  "cloudflare:index/ruleset:Ruleset",
] as const;

/** A zone's plan is paid once, and shown with the first of the resources that set it up. */
export function zoneParts(resource: CostResource, world: World): readonly Part[] {
  const zoneId = zoneIdOf(resource);
  const bearer = firstOf(zoneTypes, (type) => world.ofType(type).find((one) => zoneIdOf(one) === zoneId));
  if (bearer?.urn !== resource.urn) return [{ free: "Part of the zone's plan." }];
  const given = planIn(resource);
  const environment = world.environment as EnvironmentName;
  const { plan = environments.edge.plan[environment], billing = environments.edge.planBilling[environment] } = given;
  const price = plan === "free" ? "cloudflare-zone-free" : `cloudflare-zone-${plan}-${billing}`;
  return [
    {
      price,
      ifNoPrice: `Cloudflare's plan ${plan} is not in prices.csv.`,
      quantity: exactly(1),
      // A plan is the zone's, and Cloudflare's bill knows no tags.
      taggable: false,
      property: given.plan === undefined ? "zoneId" : "plan",
      ...assumedOf(given, `plan ${plan}`, adverbs[billing]),
    },
  ];
}

const adverbs: Readonly<Record<PlanBilling, string>> = { annual: "annually", monthly: "monthly" };

/** What the state does not say of a plan and its billing is the settings'. */
function assumedOf(given: GivenPlan, plan: string, billed: string): { readonly assumption?: string } {
  const settings = "infra/settings/environments.ts";
  if (given.plan === undefined)
    return {
      assumption: `The zone is not part of the stack: ${plan}, billed ${billed}, as edge.plan and edge.planBilling of ${settings} say.`,
    };
  if (given.billing !== undefined || given.plan === "free") return {};
  return { assumption: `Billed ${billed}, as edge.planBilling of ${settings} says.` };
}

/** What is found for the first of the types for which anything is. */
function firstOf<T>(types: readonly string[], find: (type: string) => T | undefined): T | undefined {
  for (const type of types) {
    const found = find(type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "" where it is not known yet: a program has one zone. */
function zoneIdOf(resource: CostResource): string {
  if (resource.type === zoneTypes[0]) return idOf(resource);
  const id = textOf(resource, "zoneId", "");
  return isUnknown(id) ? "" : id;
}

const idOf = ({ outputs }: CostResource): string => (typeof outputs["id"] === "string" ? outputs["id"] : "");

/** What the state says of the plan, where the zone is in it. */
interface GivenPlan {
  readonly plan?: string;
  readonly billing?: PlanBilling;
}

function planIn(resource: CostResource): GivenPlan {
  if (resource.type !== zoneTypes[0]) return {};
  const plan = resource.outputs["plan"];
  if (typeof plan === "string") return { plan };
  if (!isProperties(plan) || typeof plan["legacyId"] !== "string") return {};
  const frequency = plan["frequency"];
  const billing = typeof frequency === "string" ? billings[frequency] : undefined;
  return { plan: plan["legacyId"], ...(billing !== undefined && { billing }) };
}

/** Cloudflare's words for how often it bills. */
const billings: Readonly<Record<string, PlanBilling>> = { monthly: "monthly", yearly: "annual" };
