import { exactly } from "../../range.ts";
import { stated } from "../../usage.ts";
import type { CostResource, Part, World } from "../entry.ts";

/** How many the free plan of Zero Trust holds. https://www.cloudflare.com/plans/ */
const freeUsers = 50;

/** Access is paid by the people who log in, and shown with the first of its applications. */
export function accessParts(application: CostResource, world: World): readonly Part[] {
  if (world.ofType(application.type)[0]?.urn !== application.urn)
    return [{ free: "The people who log in are counted with the first application." }];
  const { adminUsers } = world.usage;
  const item: Part = {
    price: "cloudflare-access-free",
    quantity: adminUsers,
    assumption: stated(adminUsers),
    taggable: false,
  };
  if (adminUsers.high.lessThanOrEqualTo(exactly(freeUsers).high)) return [item];
  return adminUsers.expected.greaterThan(freeUsers)
    ? [{ notPriced: `More than ${freeUsers} people need a paid plan of Zero Trust, which is not in prices.csv.` }]
    : [item, { notPriced: `Above ${freeUsers} people Zero Trust costs something, which is not in prices.csv.` }];
}
