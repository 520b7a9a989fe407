import { environments } from "../../../../infra/settings/environments.ts";
import type { Plan } from "../../../../infra/settings/cloudflare-plans.ts";
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
  const plan = given ?? planOf(world.environment as EnvironmentName);
  const price = plan === "free" ? "cloudflare-zone-free" : `cloudflare-zone-${plan}-monthly`;
  return [
    {
      price,
      ifNoPrice: `Cloudflare's plan ${plan} is not in prices.csv.`,
      quantity: exactly(1),
      // A plan is the zone's, and Cloudflare's bill knows no tags.
      taggable: false,
      property: given === undefined ? "zoneId" : "plan",
      ...(given === undefined && {
        assumption: `The zone is not part of the stack: plan ${plan}, as edge.plan of infra/settings/environments.ts says, billed monthly.`,
      }),
    },
  ];
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
function planIn(resource: CostResource): string | undefined {
  if (resource.type !== zoneTypes[0]) return undefined;
  const plan = resource.outputs["plan"];
  const name = isProperties(plan) ? plan["legacyId"] : plan;
  return typeof name === "string" ? name : undefined;
}

const planOf = (environment: EnvironmentName): Plan => environments.edge.plan[environment];
