import { type Amount, amount } from "../../money.ts";
import { exactly, levels, mapRange, type Range } from "../../range.ts";
import { stated } from "../../usage.ts";
import { type CostResource, hoursPerMonth, type World } from "../entry.ts";
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

/** So many tasks on the month's average, where they are not on all the time: that is what each provider charges. */
export function tasksOn(tasks: TaskCount, { usage: { taskHours } }: Pick<World, "usage">): TaskCount {
  const always = amount(hoursPerMonth);
  if (levels.every((level) => taskHours[level].equals(always))) return tasks;
  return {
    count: mapRange(tasks.count, (count, level) => count.times(taskHours[level]).dividedBy(always)),
    assumption: [tasks.assumption, `Assumed: ${stated(taskHours)}`].filter((part) => part !== undefined).join(" "),
  };
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
