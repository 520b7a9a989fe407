import { type Difference, wholeChange } from "../difference.ts";
import type { Group } from "../groups.ts";
import type { CostLine } from "../model.ts";
import { type Amount, digits } from "../money.ts";
import type { Range } from "../range.ts";
import type { CostReport } from "../report.ts";
import type { LineJson, RangeJson, ReportJson } from "./schema.ts";

/** For machines: every amount as a decimal text, with every digit that is kept. */
export const jsonText = (report: CostReport): string => JSON.stringify(reportJson(report), null, 2);

export function reportJson(report: CostReport): ReportJson {
  return {
    currency: report.currency,
    month: report.month,
    stacks: report.stacks.map(({ stack, environment, monthly, lines, notPriced, free }) => ({
      stack,
      environment,
      monthly: rangeJson(monthly),
      lines: lines.map(lineJson),
      notPriced: [...notPriced],
      free: [...free],
    })),
    groups: report.groupings.flat().map(groupJson),
    attributedBy: [...report.attributedBy],
    attributedShare: shareJson(report.attributedShare),
    untaggedShare: shareJson(report.untaggedShare),
    untaggableShare: shareJson(report.untaggableShare),
    prices: report.prices ?? null,
    hints: report.hints.map(({ stack, urn, what, saving, setting, loses }) => ({
      stack,
      urn,
      what,
      saving: digits(saving),
      setting,
      loses,
    })),
    budgets: report.budgets.map(({ stack, limit, period, expected, high, broken }) => ({
      stack,
      limit: digits(limit),
      period,
      expected: digits(expected),
      high: digits(high),
      broken,
    })),
    difference: report.difference === undefined ? null : differenceJson(report.difference),
  };
}

const rangeJson = ({ low, expected, high }: Range): RangeJson => ({
  low: digits(low),
  expected: digits(expected),
  high: digits(high),
});

// A share has no end as a decimal.
const shareJson = (share: Amount): string => digits(share.toDecimalPlaces(6));

const lineJson = (line: CostLine): LineJson => ({
  urn: line.urn,
  type: line.type,
  component: line.component,
  tags: { ...line.tags },
  provider: line.provider,
  service: line.service,
  item: line.item,
  unit: line.unit,
  quantity: digits(line.quantity.expected),
  unitPrice: line.unitPrice,
  monthly: digits(line.monthly.expected),
  usageBased: line.usageBased,
  assumption: line.assumption ?? null,
  quantityRange: rangeJson(line.quantity),
  monthlyRange: rangeJson(line.monthly),
  taggable: line.taggable,
  price: line.price,
  property: line.property ?? null,
  region: line.region,
});

const groupJson = ({ by, values, kind, monthly, share, stacks }: Group): ReportJson["groups"][number] => ({
  by: [...by],
  values: [...values],
  kind,
  monthly: rangeJson(monthly),
  share: shareJson(share),
  stacks: stacks.map((each) => ({ stack: each.stack, monthly: rangeJson(each.monthly) })),
});

interface Changed {
  readonly before: Range;
  readonly after: Range;
  readonly delta: Amount;
  readonly part: Amount | undefined;
}

const changeJson = ({ before, after, delta, part }: Changed) => ({
  before: rangeJson(before),
  after: rangeJson(after),
  delta: digits(delta),
  part: part === undefined ? null : shareJson(part),
});

const differenceJson = (difference: Difference): NonNullable<ReportJson["difference"]> => ({
  against: difference.against,
  ...changeJson(wholeChange(difference)),
  stacks: difference.stacks.map((stack) => ({
    stack: stack.stack,
    environment: stack.environment,
    ...changeJson(stack),
    lines: stack.lines.map((line) => ({
      change: line.change,
      urn: line.urn,
      component: line.component,
      item: line.item,
      cause: line.cause,
      ...changeJson(line),
    })),
    newlyUnpriced: [...stack.newlyUnpriced],
  })),
});
