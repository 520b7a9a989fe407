import { isProperties, type Value } from "../../../sandbox/values/value.ts";
import { type Amount, amount } from "../../money.ts";
import { between, exactly, type Range, times } from "../../range.ts";
import { type CostResource, hoursPerMonth, type Part } from "../entry.ts";
import { asAmount, blockOf, isUnknown, type Known, listOf, textOf } from "../read.ts";

const secondsPerMonth = hoursPerMonth * 3600;
/** Datadog runs a test at most every 30 seconds and at least once a week. */
const anyTick = { shortest: 30, usual: 300, longest: 604_800 };

const runsPerUnit = { api: 10_000, browser: 1000 } as const;

/**
 * Every run counts, from each location: locations x (730 hours / tick). A test of several requests counts each of its
 * steps, a browser test each of its devices. https://docs.datadoghq.com/account_management/billing/
 */
export function testParts(test: CostResource): readonly Part[] {
  if (textOf(test, "status", "live") === "paused") return [{ free: "Paused: it does not run." }];
  const type = textOf(test, "type", "api");
  if (type !== "api" && type !== "browser")
    return [
      {
        notPriced: `A synthetic test of type ${isUnknown(type) ? "that is not known yet" : type} is not in prices.csv.`,
      },
    ];
  const [tick, unreadTick] = tickOf(test);
  const [places, unreadPlaces] = countOf(listOf(test, "locations"));
  const [each] = type === "browser" ? countOf(listOf(test, "deviceIds")) : countOf(stepsOf(test));
  const unread = [...unreadTick, ...unreadPlaces];
  const runs = times(times(times(tick, places), each), partOfWeek(test));
  return [
    {
      price: `datadog-synthetics-${type}`,
      quantity: times(runs, amount(1).dividedBy(runsPerUnit[type])),
      property: "optionsList",
      ...(unread.length > 0 && { assumption: `Its ${unread.join(" and ")} cannot be read: a span is assumed.` }),
    },
  ];
}

type Read = readonly [value: Range, unread: readonly string[]];

/** Runs a month from one place. */
function tickOf(test: CostResource): Read {
  const options = blockOf(test, "optionsList");
  const seconds = isUnknown(options) ? undefined : asAmount(options["tickEvery"]);
  return seconds === undefined || seconds.isZero()
    ? [between(runsAt(anyTick.longest), runsAt(anyTick.usual), runsAt(anyTick.shortest)), ["interval"]]
    : [exactly(runsAt(seconds)), []];
}

const minutesPerWeek = 7 * 24 * 60;

/** Of a test that runs within hours of some days alone; 1 where nothing says so. */
function partOfWeek(test: CostResource): Amount {
  const options = blockOf(test, "optionsList");
  const scheduling = isUnknown(options) ? undefined : options["scheduling"];
  const frames = isProperties(scheduling) ? scheduling["timeframes"] : undefined;
  if (!Array.isArray(frames) || frames.length === 0) return amount(1);
  const minutes = frames.filter(isProperties).map(({ from, to }) => minutesBetween(from, to));
  return amount(minutes.reduce((sum, each) => sum + each, 0)).dividedBy(minutesPerWeek);
}

const minutesPerDay = 24 * 60;

/** A frame that cannot be read is a whole day. */
function minutesBetween(from: Value | undefined, to: Value | undefined): number {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (begin === undefined || end === undefined) return minutesPerDay;
  return end > begin ? end - begin : end - begin + minutesPerDay;
}

function minuteOf(time: Value | undefined): number | undefined {
  const [, hour, minute] = typeof time === "string" ? (/^(\d{1,2}):(\d{2})$/.exec(time) ?? []) : [];
  return hour === undefined || minute === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

const runsAt = (seconds: Amount | number): Amount => amount(secondsPerMonth).dividedBy(seconds);

/** Of an API test of several steps, those that send a request. */
function stepsOf(test: CostResource): Known<readonly Value[]> {
  const steps = listOf(test, "apiSteps");
  return isUnknown(steps) || textOf(test, "subtype", "http") !== "multi"
    ? []
    : steps.filter((step) => isProperties(step) && step["subtype"] !== "wait");
}

/** How many there are, where none means one. */
const countOf = (list: Known<readonly Value[]>): Read =>
  isUnknown(list) ? [between(1, 2, 5), ["locations"]] : [exactly(Math.max(list.length, 1)), []];
