import { isProperties, type Properties, type Value } from "../../values/value.ts";
import { globalArn } from "../arn.ts";
import { mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { isEmail } from "./e-mail.ts";
import { findBy, inAccount, prefixedName } from "./lookup.ts";

const BUDGET = "aws:budgets/budget:Budget";

/** Quotas of AWS Budgets: notifications of a budget, and subscribers of a notification by kind. */
const MOST_NOTIFICATIONS = 10;
const MOST_EMAILS = 10;
const MOST_TOPICS = 1;

/** The sandbox has no clock: budgets begin with a fixed month. */
const START = "2025-01-01_00:00";

/** What a cost budget may be filtered by. Source: the AWS Budgets user guide, budget filters. */
const FILTERS = [
  "AZ",
  "BillingEntity",
  "CostCategory",
  "InstanceType",
  "InvoicingEntity",
  "LegalEntityName",
  "LinkedAccount",
  "Operation",
  "PurchaseType",
  "Region",
  "Service",
  "TagKeyValue",
  "UsageType",
  "UsageTypeGroup",
];

const invalid = (message: string): Refusal => new Refusal("InvalidParameterException", message);

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

const accountOf = ({ inputs, location }: Operation): string => textAt(inputs, "accountId") ?? location.account;

function nameFailures(inputs: Properties): CheckFailure[] {
  const name = textAt(inputs, "name");
  return name === undefined || (/^[^:\\]{1,100}$/.test(name) && !name.includes("/action/"))
    ? []
    : [{ property: "name", reason: `ValidationException: "${name}" must be 1 to 100 characters without : or \\` }];
}

function limitProblem(inputs: Properties): string | undefined {
  const amount = textAt(inputs, "limitAmount");
  const planned = mapsAt(inputs, "plannedLimits").length > 0;
  if (amount === undefined)
    return planned || inputs["autoAdjustData"] !== undefined ? undefined : "A budget needs a limit";
  if (!/^\d+(\.\d+)?$/.test(amount)) return `Budget limit ${amount} is not a number that is 0 or more`;
  const unit = textAt(inputs, "limitUnit") ?? "";
  return textAt(inputs, "budgetType") === "COST" && !/^[A-Z]{3}$/.test(unit)
    ? `A cost budget's unit must be a currency: ${unit}`
    : undefined;
}

/** `user:Stack$staging`: a key of the account's own (`user:`) or of AWS, a dollar sign, and the value. */
const VALUE_FORMS: Readonly<Record<string, RegExp>> = {
  LinkedAccount: /^\d{12}$/,
  TagKeyValue: /^(user|aws):[^$]+\$.*$/,
};

function filterProblem(inputs: Properties): string | undefined {
  for (const filter of mapsAt(inputs, "costFilters")) {
    const name = textAt(filter, "name") ?? "";
    if (!FILTERS.includes(name)) return `Invalid cost filter: ${name}; known are ${FILTERS.join(", ")}`;
    const values = textsAt(filter, "values");
    const wrong = values.find((value) => VALUE_FORMS[name]?.test(value) === false);
    if (wrong !== undefined) return `Invalid value of cost filter ${name}: ${wrong}`;
  }
  return undefined;
}

/** A filter by what is absent is refused while planning, at any depth. */
function expressionFailures(value: Value | undefined, path: string): CheckFailure[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => expressionFailures(item, `${path}[${index}]`));
  if (value === undefined || !isProperties(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "matchOptions" && Array.isArray(item) && item.includes("ABSENT")
      ? [{ property: `${path}.${key}`, reason: "ABSENT is no match option of a budget's filter" }]
      : expressionFailures(item, `${path}.${key}`),
  );
}

/** In text, since the form is one that sorts. */
const periodProblem = (inputs: Properties): string | undefined => {
  const [start, end] = ["timePeriodStart", "timePeriodEnd"].map((property) => textAt(inputs, property));
  return start !== undefined && end !== undefined && end <= start
    ? `End time ${end} should be after start time ${start}`
    : undefined;
};

const limitExceeded = (most: number, kind: string): Refusal =>
  new Refusal(
    "CreationLimitExceededException",
    `one notification can only have ${most} subscribers with type of ${kind}`,
  );

function subscribersRefusal(operation: Operation, notification: Properties): Refusal | undefined {
  const emails = textsAt(notification, "subscriberEmailAddresses");
  const topics = textsAt(notification, "subscriberSnsTopicArns");
  if (emails.length + topics.length === 0) return invalid("A notification must have at least one subscriber.");
  if (emails.length > MOST_EMAILS) return limitExceeded(MOST_EMAILS, "EMAIL");
  if (topics.length > MOST_TOPICS) return limitExceeded(MOST_TOPICS, "SNS");
  const wrong = emails.find((email) => !isEmail(email));
  if (wrong !== undefined) return invalid(`Invalid e-mail address: ${wrong}`);
  const known = inAccount(operation, "aws:sns/topic:Topic");
  const missing = topics.find((arn) => findBy(known, arn, "arn") === undefined);
  return missing === undefined ? undefined : invalid(`The SNS topic ${missing} does not exist.`);
}

const keyOf = (notification: Properties): string =>
  ["notificationType", "comparisonOperator", "thresholdType", "threshold"]
    .map((property) => String(numberAt(notification, property) ?? textAt(notification, property)))
    .join(" ");

function notificationsRefusal(operation: Operation): Refusal | undefined {
  const all = mapsAt(operation.inputs, "notifications");
  if (all.length > MOST_NOTIFICATIONS)
    return new Refusal(
      "CreationLimitExceededException",
      `A budget can have at most ${MOST_NOTIFICATIONS} notifications; there are ${all.length}.`,
    );
  const keys = all.map(keyOf);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    return new Refusal("DuplicateRecordException", `The budget has the notification already: ${twice}`);
  const daily = textAt(operation.inputs, "timeUnit") === "DAILY";
  for (const notification of all) {
    if ((numberAt(notification, "threshold") ?? 1) <= 0) return invalid("A threshold must be more than 0.");
    if (daily && textAt(notification, "notificationType") === "FORECASTED")
      return invalid("Daily budgets have no forecast: FORECASTED notifications need another time unit.");
    const refusal = subscribersRefusal(operation, notification);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function budgetRefusal(operation: Operation): Refusal | undefined {
  const account = accountOf(operation);
  if (account !== operation.location.account)
    return new Refusal("AccessDeniedException", `Account ${operation.location.account} may not budget for ${account}.`);
  const problem = limitProblem(operation.inputs) ?? filterProblem(operation.inputs) ?? periodProblem(operation.inputs);
  return problem === undefined ? notificationsRefusal(operation) : invalid(problem);
}

const budget: ResourceRules = {
  autoName: { property: "name", maxLength: 100 },
  unique: [
    {
      property: "name",
      within: "account",
      refuse: (name) =>
        new Refusal("DuplicateRecordException", `Error creating budget: ${name} - the budget already exists.`),
    },
  ],
  check: (inputs) => [...nameFailures(inputs), ...expressionFailures(inputs["filterExpression"], "filterExpression")],
  refuseCreate: budgetRefusal,
  refuseUpdate: budgetRefusal,
  // Amounts that are the same number are no difference.
  equivalent: (property, old, now) =>
    property === "limitAmount" && typeof old === "string" && typeof now === "string" && Number(old) === Number(now),
  id: (operation) => `${accountOf(operation)}:${nameOf(operation)}`,
  computed: (operation) => ({
    accountId: accountOf(operation),
    arn: globalArn(operation.location, "budgets", `budget/${nameOf(operation)}`),
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    timePeriodStart: textAt(operation.inputs, "timePeriodStart") ?? START,
  }),
};

export const budgets: Service = { resources: { [BUDGET]: budget } };
