import { type Amount, amount } from "../../money.ts";
import { exactly, type Range } from "../../range.ts";
import type { CostResource, World } from "../entry.ts";
import { amountOf, isUnknown, type Known } from "../read.ts";

export interface TaskCount {
  readonly count: Range;
  readonly assumption?: string;
}

const scalableTarget = "aws:appautoscaling/target:Target";
const whereUnknown = amount(1);

/** How many tasks of a service run: what it asks for, between the bounds within which it is scaled. */
export function taskCountOf(service: CostResource, world: World): TaskCount {
  // ECS starts one where nothing is said.
  const desired = amountOf(service, "desiredCount", 1);
  const scaling = world
    .ofType(scalableTarget)
    .find((target) => world.references(target, "resourceId").some(({ urn }) => urn === service.urn));
  if (scaling === undefined)
    return isUnknown(desired)
      ? {
          count: { ...exactly(whereUnknown), low: amount(0) },
          assumption: "The number of tasks is not known yet: one.",
        }
      : { count: exactly(desired) };
  return scaled(desired, amountOf(scaling, "minCapacity", 0), amountOf(scaling, "maxCapacity", 0));
}

function scaled(desired: Known<Amount>, least: Known<Amount>, most: Known<Amount>): TaskCount {
  const low = isUnknown(least) ? amount(0) : least;
  const asked = isUnknown(desired) ? low : desired;
  const expected = asked.lessThan(low) ? low : asked;
  const high = isUnknown(most) || most.lessThan(expected) ? expected : most;
  if (low.equals(high) && ![desired, least, most].some(isUnknown)) return { count: exactly(expected) };
  return {
    count: { low, expected, high },
    assumption: `Scaled between ${low.toFixed()} and ${high.toFixed()} tasks: the desired ${expected.toFixed()} all month.`,
  };
}
