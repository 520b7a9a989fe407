import { isProperties } from "../../../sandbox/values/value.ts";
import { amount } from "../../money.ts";
import { exactly, times } from "../../range.ts";
import { type CostResource, type Entries, free, notPriced, type Part, priced, type World } from "../entry.ts";
import { flagOf, isUnknown, listOf, textOf } from "../read.ts";
import { shareAmong, shareOf } from "../share.ts";

const trail = "aws:cloudtrail/trail:Trail";

/** What watches an account, its records, and its costs. */
export const account: Entries = {
  [trail]: priced(trailParts),
  "aws:guardduty/detector:Detector": priced(detectorParts),
  "aws:guardduty/detectorFeature:DetectorFeature": notPriced("Protection plans of GuardDuty are not in prices.csv."),
  "aws:accessanalyzer/analyzer:Analyzer": priced((analyzer) => analyzerParts(analyzer)),
  "aws:bcmdata/export:Export": free("Exports are free; the bucket charges for what it stores."),
  "aws:budgets/budget:Budget": free("Budgets that only notify are free."),
  "aws:budgets/budgetAction:BudgetAction": priced(() => [
    { price: "budget-action-day", quantity: exactly(amount(365).dividedBy(12)) },
  ]),
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": free("Cost anomaly detection is free."),
  "aws:costexplorer/anomalySubscription:AnomalySubscription": free("Cost anomaly detection is free."),
  "aws:costexplorer/costAllocationTag:CostAllocationTag": free("A setting of the account."),
  "aws:ebs/encryptionByDefault:EncryptionByDefault": free("A setting of the account."),
  "aws:cfg/recorder:Recorder": notPriced("Items that AWS Config records are not in prices.csv."),
  "aws:securityhub/account:Account": notPriced("Checks of Security Hub are not in prices.csv."),
};

/** The first copy of management events in a region is free; data events never are. */
function trailParts(one: CostResource, world: World): readonly Part[] {
  const management: Part =
    world.ofType(trail)[0]?.urn === one.urn
      ? { free: "The first copy of management events is free; the bucket charges for what it stores." }
      : { price: "cloudtrail-management-copy", ...shareOf(world.usage.managementEvents, 1, eventsPerPrice) };
  return recordsData(one)
    ? [
        management,
        { price: "cloudtrail-data-events", ...shareAmong(world.usage.dataEvents, one, world, eventsPerPrice) },
      ]
    : [management];
}

const eventsPerPrice = 100_000;

/** A trail records data events only where a selector names some. */
function recordsData(one: CostResource): boolean {
  const selectors = listOf(one, "eventSelectors");
  const advanced = listOf(one, "advancedEventSelectors");
  if (isUnknown(selectors) || isUnknown(advanced)) return true;
  const named = selectors
    .filter(isProperties)
    .some(({ dataResources }) => Array.isArray(dataResources) && dataResources.length > 0);
  return named || JSON.stringify(advanced).includes('"Data"');
}

function detectorParts(detector: CostResource, world: World): readonly Part[] {
  const on = flagOf(detector, "enable", true) !== false;
  const events = shareAmong(world.usage.managementEvents, detector, world, 1_000_000);
  const analyzed = shareAmong(world.usage.guardedLogGb, detector, world);
  if (!on)
    return [
      { price: "guardduty-events", quantity: times(events.quantity, 0), property: "enable" },
      { price: "guardduty-logs", quantity: times(analyzed.quantity, 0), property: "enable" },
    ];
  return [
    { price: "guardduty-events", property: "enable", ...events },
    { price: "guardduty-logs", property: "enable", ...analyzed },
    {
      notPriced: "Protection plans that a new detector turns on by itself (S3, Lambda, malware) are not in prices.csv.",
    },
  ];
}

/** Access of other accounts is analyzed free of charge; unused access is not. */
function analyzerParts(analyzer: CostResource): readonly Part[] {
  const type = textOf(analyzer, "type", "ACCOUNT");
  const paid = !isUnknown(type) && type.includes("UNUSED_ACCESS");
  return paid
    ? [{ notPriced: "Analysis of unused access is not in prices.csv." }]
    : [{ free: "Analysis of other accounts' access is free." }];
}
