import { nameOf } from "../../sandbox/protocol/urn.ts";
import type { CostLine, Provider, StackCost } from "../model.ts";
import { amount, digits } from "../money.ts";
import type { CostReport } from "../report.ts";
import { lineDecimals } from "../report-rounding.ts";

/** What a row of the file is made from. */
export interface Charge {
  readonly report: Pick<CostReport, "currency" | "month">;
  readonly stack: StackCost;
  readonly line: CostLine;
}

/** Who sends the bill, by FOCUS's `InvoiceIssuerName`. */
const issuers: Readonly<Record<Provider, string>> = {
  AWS: "Amazon Web Services",
  "MongoDB Atlas": "MongoDB",
  Cloudflare: "Cloudflare",
  Datadog: "Datadog",
};

/** What AWS's services are for, in the words of FOCUS 1.2's closed list. */
const categories: Readonly<Record<string, string>> = {
  Fargate: "Compute",
  Lambda: "Compute",
  "Elastic Load Balancing": "Networking",
  VPC: "Networking",
  "Data transfer": "Networking",
  CloudFront: "Networking",
  "Route 53": "Networking",
  ElastiCache: "Databases",
  RDS: "Databases",
  OpenSearch: "Analytics",
  S3: "Storage",
  Backup: "Storage",
  ECR: "Developer Tools",
  "Secrets Manager": "Security",
  KMS: "Security",
  GuardDuty: "Security",
  WAF: "Security",
  CloudWatch: "Management and Governance",
  CloudTrail: "Management and Governance",
  AppConfig: "Management and Governance",
  Budgets: "Management and Governance",
  EventBridge: "Integration",
  SQS: "Integration",
  SNS: "Integration",
};

const mainBusiness: Readonly<Record<Provider, string>> = {
  AWS: "Other",
  "MongoDB Atlas": "Databases",
  Cloudflare: "Networking",
  Datadog: "Management and Governance",
};

const categoryOf = ({ service, provider }: CostLine): string =>
  provider === "AWS" ? (categories[service.replace(/^(Amazon|AWS) /, "")] ?? mainBusiness.AWS) : mainBusiness[provider];

const cost = ({ line }: Charge): string => digits(line.monthly.expected);

const startOf = ({ report }: Charge): string => `${report.month}T00:00:00Z`;

function endOf(charge: Charge): string {
  const end = new Date(startOf(charge));
  end.setUTCMonth(end.getUTCMonth() + 1);
  return `${end.toISOString().slice(0, "2026-01-01".length)}T00:00:00Z`;
}

/**
 * FOCUS asks that unit price times quantity be the list cost. Where tiers or the account's free allowance change what a
 * unit costs, that is the average over the line; the price of the first paid tier stands in `x_FirstPaidUnitPrice`.
 */
function unitPriceOf({ line: { quantity, unitPrice, monthly } }: Charge): string {
  const plain = amount(unitPrice);
  const product = plain.times(quantity.expected);
  // A line is kept to ten decimals.
  if (quantity.expected.isZero() || product.toDecimalPlaces(lineDecimals).equals(monthly.expected))
    return digits(plain);
  return digits(monthly.expected.dividedBy(quantity.expected).toSignificantDigits(20));
}

/**
 * Columns of FOCUS 1.2 in the order in which they are written, then the project's own. A row is one line of the
 * estimate as it is expected; an empty cell is FOCUS's null. Nothing has been billed, so the four costs are one.
 */
export const focusColumns = {
  BilledCost: cost,
  BillingAccountId: ({ stack, line }) => `${line.provider}/${stack.stack}`,
  BillingAccountName: ({ stack, line }) => `${line.provider} of ${stack.stack}`,
  BillingCurrency: ({ report }) => report.currency,
  BillingPeriodEnd: endOf,
  BillingPeriodStart: startOf,
  ChargeCategory: () => "Usage",
  ChargeClass: () => "",
  ChargeDescription: ({ line }) => `Estimate: ${line.service}, ${line.item}`,
  ChargeFrequency: ({ line }) => (line.usageBased ? "Usage-Based" : "Recurring"),
  ChargePeriodEnd: endOf,
  ChargePeriodStart: startOf,
  ConsumedQuantity: ({ line }) => digits(line.quantity.expected),
  ConsumedUnit: ({ line }) => line.unit,
  ContractedCost: cost,
  EffectiveCost: cost,
  InvoiceIssuerName: ({ line }) => issuers[line.provider],
  ListCost: cost,
  ListUnitPrice: unitPriceOf,
  PricingCategory: () => "Standard",
  PricingQuantity: ({ line }) => digits(line.quantity.expected),
  PricingUnit: ({ line }) => line.unit,
  ProviderName: ({ line }) => line.provider,
  PublisherName: ({ line }) => issuers[line.provider],
  RegionId: ({ line }) => (line.region === "global" ? "" : line.region),
  ResourceId: ({ line }) => line.urn,
  ResourceName: ({ line }) => nameOf(line.urn),
  ResourceType: ({ line }) => line.type,
  ServiceCategory: ({ line }) => categoryOf(line),
  ServiceName: ({ line }) => line.service,
  SkuId: ({ line }) => line.price,
  SkuPriceId: ({ line }) => line.price,
  SubAccountId: ({ stack }) => stack.stack,
  SubAccountName: ({ stack }) => stack.stack,
  Tags: ({ line }) => JSON.stringify(line.tags),
  x_Stack: ({ stack }) => stack.stack,
  x_Environment: ({ stack }) => stack.environment,
  x_Component: ({ line }) => line.component,
  x_Taggable: ({ line }) => String(line.taggable),
  x_Low: ({ line }) => digits(line.monthly.low),
  x_High: ({ line }) => digits(line.monthly.high),
  x_QuantityLow: ({ line }) => digits(line.quantity.low),
  x_QuantityHigh: ({ line }) => digits(line.quantity.high),
  x_UsageBased: ({ line }) => String(line.usageBased),
  x_Assumption: ({ line }) => line.assumption ?? "",
  x_FirstPaidUnitPrice: ({ line }) => line.unitPrice,
} as const satisfies Readonly<Record<string, (charge: Charge) => string>>;
