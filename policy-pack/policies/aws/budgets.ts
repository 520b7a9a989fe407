import { ownAccounts } from "../../support/iam/own-account.ts";
import { unnamed } from "../../support/join.ts";
import {
  asText,
  at,
  elements,
  expects,
  firstUnknown,
  isSet,
  numberOf,
  oneOf,
  textsOf,
} from "../../support/property.ts";
import type { Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";
import { stackOf } from "../../support/urn.ts";
import type { Verdict } from "../../support/verdict.ts";

const BUDGET = "aws:budgets/budget:Budget";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const ROOT = "pulumi:pulumi:Stack";

/** What is about costs itself, and what costs nothing. */
const FREE = /^aws:(budgets|costexplorer|cur|bcmdata)\//;

/** Where to report what the whole stack lacks; undefined where it has nothing at AWS that costs anything. */
function spender(stack: Stack): StackResource | undefined {
  const first = stack.resources.find(({ type }) => type.startsWith("aws:") && !FREE.test(type));
  return first && (stack.ofType([ROOT])[0] ?? first);
}

const lacking = (types: readonly string[], property: string, wrong: string, fix: string) => (stack: Stack) => {
  const root = spender(stack);
  return root === undefined || stack.ofType(types).length > 0 ? [] : [{ urn: root.urn, property, wrong, fix }];
};

interface Notification {
  readonly property: string;
  readonly value: Plain;
}

const notificationsOf = ({ props }: Resource): readonly Notification[] =>
  elements({ property: "notifications", value: props["notifications"] });

/** Whether a list of subscribers has anyone in it; an element that is unknown is somebody. */
function tellsSomebody(notification: Plain): Verdict {
  const lists = ["subscriberEmailAddresses", "subscriberSnsTopicArns"].map((key) => at(notification, key));
  const some = lists.flatMap((value) => (value instanceof Unknown ? [] : elements({ property: "", value })));
  if (some.some(({ value }) => value instanceof Unknown || isSet.is(value))) return true;
  return lists.find((list) => list instanceof Unknown) ?? false;
}

/** Notifications that nobody gets, and kinds of them that are missing. */
function unheard(budget: Resource): readonly Finding[] {
  const notifications = notificationsOf(budget);
  const lonely = notifications.flatMap(({ property, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property, unknown: value }];
    const told = tellsSomebody(value);
    const place = `${property}.subscriberEmailAddresses`;
    if (told === true) return [];
    return told === false
      ? [{ property: place, wrong: "nobody is told", fix: "name an address, or a topic in subscriberSnsTopicArns" }]
      : [{ property: place, unknown: told }];
  });
  const unknown = firstUnknown(notifications.map(({ value }) => (isMap(value) ? value["notificationType"] : value)));
  const kinds = new Set(notifications.map(({ value }) => at(value, "notificationType")));
  const missing = ["ACTUAL", "FORECASTED"].filter((kind) => !kinds.has(kind));
  if (missing.length === 0) return lonely;
  if (unknown !== undefined) return [...lonely, { property: "notifications", unknown }];
  return [
    ...lonely,
    {
      property: "notifications",
      wrong: `nobody is told what ${missing.map((kind) => (kind === "ACTUAL" ? "is spent" : "will be spent")).join(" and ")}`,
      fix: `add a notification with ${missing.map((kind) => `notificationType: "${kind}"`).join(", and one with ")}`,
    },
  ];
}

/** Budgets whose first notification comes once the limit is passed. */
function lateNotices(budget: Resource): readonly Finding[] {
  const limit = numberOf(budget.props["limitAmount"]);
  const actual = notificationsOf(budget).filter(({ value }) => at(value, "notificationType") === "ACTUAL");
  const shares = actual.map(({ property, value }) => ({ property, share: shareOf(value, limit) }));
  if (shares.length === 0 || shares.some(({ share }) => typeof share === "number" && share <= 100)) return [];
  const [{ property, share } = { property: "notifications", share: undefined }] = shares;
  if (share instanceof Unknown) return [{ property: `${property}.threshold`, unknown: share }];
  return [
    {
      property: `${property}.threshold`,
      wrong: "the first notification comes once the limit is passed",
      fix: "notify at 80 per cent as well",
    },
  ];
}

/** The threshold in per cent of the limit. */
function shareOf(notification: Plain, limit: number | undefined): number | Unknown | undefined {
  const [threshold, type] = [at(notification, "threshold"), at(notification, "thresholdType")];
  if (threshold instanceof Unknown) return threshold;
  const value = numberOf(threshold);
  if (type === "ABSOLUTE_VALUE") return value === undefined || limit === undefined ? undefined : (100 * value) / limit;
  return value;
}

/** Budgets that do not say what they count, or count what is not this environment's. */
function foreignCosts(budget: Resource): readonly Finding[] {
  const { props, urn } = budget;
  const filters = props["costFilters"];
  if (filters instanceof Unknown) return [{ property: "costFilters", unknown: filters }];
  const stack = stackOf(urn);
  const accounts = ownAccounts(budget);
  const verdicts = [
    ...elements({ property: "costFilters", value: filters }).map(({ value }) => scopeOf(value, stack, accounts)),
    ...expressionsIn(props["filterExpression"]).map((expression) => scopeIn(expression, stack, accounts)),
  ];
  if (verdicts.includes(true)) return [];
  const unknown = verdicts.find((verdict) => verdict instanceof Unknown);
  if (unknown !== undefined) return [{ property: "costFilters", unknown }];
  return [
    {
      property: "costFilters",
      wrong: `nothing in it says that only the costs of "${stack}" count`,
      fix: `filter by LinkedAccount with the environment's own account, or by TagKeyValue "user:Stack$${stack}"`,
    },
  ];
}

/** Whether these values, all of them, are this environment's account. */
function isOwnAccount(values: Plain, accounts: ReadonlySet<string> | Unknown): Verdict {
  const known = textsOf(values);
  const unknown = firstUnknown(values) ?? (accounts instanceof Unknown ? accounts : undefined);
  if (unknown !== undefined) return unknown;
  if (accounts instanceof Unknown) return accounts;
  return known.length > 0 && known.every((account) => accounts.size === 0 || accounts.has(account));
}

function isOwnTag(values: Plain, wanted: readonly string[]): Verdict {
  const known = textsOf(values);
  return firstUnknown(values) ?? (known.length > 0 && known.every((value) => wanted.includes(value)));
}

function scopeOf(filter: Plain, stack: string, accounts: ReadonlySet<string> | Unknown): Verdict {
  const [name, values] = [at(filter, "name"), at(filter, "values")];
  if (name instanceof Unknown) return name;
  if (name === "LinkedAccount") return isOwnAccount(values, accounts);
  return name === "TagKeyValue" && isOwnTag(values, [`user:Stack$${stack}`, `user:Environment$${stack}`]);
}

/** A filter expression and those that must all be true with it. */
const expressionsIn = (expression: Plain): readonly Plain[] =>
  expression === undefined
    ? []
    : [expression, ...elements({ property: "", value: at(expression, "ands") }).map(({ value }) => value)];

function scopeIn(expression: Plain, stack: string, accounts: ReadonlySet<string> | Unknown): Verdict {
  if (expression instanceof Unknown) return expression;
  if (at(expression, "dimensions.key") === "LINKED_ACCOUNT")
    return isOwnAccount(at(expression, "dimensions.values"), accounts);
  const isTag = ["Stack", "Environment"].includes(asText(at(expression, "tags.key")));
  return isTag && isOwnTag(at(expression, "tags.values"), [stack]);
}

/** Limits of nothing. A budget that adjusts itself or is planned by the month has no amount of its own. */
function limitless({ props }: Resource): readonly Finding[] {
  if (props["autoAdjustData"] !== undefined || props["plannedLimits"] !== undefined) return [];
  const limit = props["limitAmount"];
  if (limit instanceof Unknown) return [{ property: "limitAmount", unknown: limit }];
  return (numberOf(limit) ?? 0) > 0
    ? []
    : [
        {
          property: "limitAmount",
          wrong: "there is no amount to stay below",
          fix: "set limitAmount to a month's costs",
        },
      ];
}

/** Anomaly monitors whose findings go nowhere. */
function unwatched(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([MONITOR]), stack.ofType([SUBSCRIPTION]), "monitorArnLists[]").map(({ urn, name }) => ({
    urn,
    property: "name",
    wrong: `nobody is told what "${name}" finds`,
    fix: "add an aws.costexplorer.AnomalySubscription with this monitor in monitorArnLists",
  }));
}

const unmonitored = lacking(
  [MONITOR],
  "costexplorer",
  "nothing looks for costs that are not as usual",
  'add an aws.costexplorer.AnomalyMonitor with monitorType: "DIMENSIONAL" and monitorDimension: "SERVICE"',
);

export const rules: readonly Rule[] = [
  {
    name: "budgets-stack-has-budget",
    description: "Each stack with resources at AWS has a budget.",
    why: "A mistake in the cloud costs by the hour, and the bill comes a month later.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: lacking([BUDGET], "budgets", "this stack spends money, and has no budget", "add an aws.budgets.Budget"),
  },
  {
    name: "budgets-notify",
    description: "A budget tells somebody what is spent and what will be spent.",
    why: "A budget that tells nobody stops nothing.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [BUDGET], unknown: "defer", find: unheard }],
  },
  {
    name: "budgets-notify-in-time",
    description: "A budget tells of what is spent before the limit is passed.",
    why: "After the limit there is nothing left to save.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [{ types: [BUDGET], unknown: "defer", find: lateNotices }],
  },
  {
    name: "budgets-count-own-environment",
    description: "A budget counts the costs of its own environment.",
    why: "Production's costs would hide what staging wastes.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [{ types: [BUDGET], unknown: "defer", find: foreignCosts }],
  },
  {
    name: "budgets-monthly-costs",
    description: "A budget is about a month's costs, and has a limit.",
    why: "A budget of a year notices in December what went wrong in January.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [BUDGET],
        unknown: "refuse",
        find: expects("timeUnit", oneOf("MONTHLY", "DAILY"), 'set timeUnit: "MONTHLY"'),
      },
      { types: [BUDGET], unknown: "refuse", find: expects("budgetType", oneOf("COST"), 'set budgetType: "COST"') },
      { types: [BUDGET], unknown: "defer", find: limitless },
    ],
  },
  {
    name: "budgets-credits-not-counted",
    description: "Credits and refunds do not lower what a budget sees.",
    why: "While credits last the budget says nothing, and then the whole bill comes at once.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      ...["includeCredit", "includeRefund"].map((flag) => ({
        types: [BUDGET],
        unknown: "refuse" as const,
        find: expects(`costTypes.${flag}`, oneOf(false), `set costTypes.${flag}: false`),
      })),
    ],
  },
  {
    name: "budgets-anomalies-watched",
    description: "Costs that are not as usual are looked for, and told to somebody.",
    why: "A budget of the month notices a leak only once it has used the month's money.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [SUBSCRIPTION], unknown: "defer", find: expects("subscribers", isSet, "name an address or a topic") },
      { types: [SUBSCRIPTION], unknown: "defer", find: expects("subscribers[].address", isSet, "set the address") },
    ],
    stack: (stack) => [...unmonitored(stack), ...unwatched(stack)],
  },
];
