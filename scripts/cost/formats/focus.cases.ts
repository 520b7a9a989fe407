/** The rules of FOCUS 1.2 for the columns that an estimate has: https://focus.finops.org/focus-specification/v1-2/ */
export interface ColumnRule {
  readonly level: "Mandatory" | "Conditional" | "Recommended";
  readonly nulls: boolean;
  readonly kind: "decimal" | "date" | "text" | "json";
  readonly allowed?: readonly string[];
  readonly negative?: boolean;
}

const mandatory = { level: "Mandatory", nulls: false } as const;
const conditional = { level: "Conditional", nulls: true } as const;
const recommended = { level: "Recommended", nulls: true } as const;
const cost = { ...mandatory, kind: "decimal", negative: true } as const;
const date = { ...mandatory, kind: "date" } as const;
const text = { ...mandatory, kind: "text" } as const;

export const serviceCategories = [
  "AI and Machine Learning",
  "Analytics",
  "Business Applications",
  "Compute",
  "Databases",
  "Developer Tools",
  "Identity",
  "Integration",
  "Internet of Things",
  "Management and Governance",
  "Media",
  "Migration",
  "Mobile",
  "Multicloud",
  "Networking",
  "Other",
  "Security",
  "Storage",
  "Web",
] as const;

export const columnRules: Readonly<Record<string, ColumnRule>> = {
  BilledCost: cost,
  BillingAccountId: text,
  BillingAccountName: { ...text, nulls: true },
  BillingCurrency: text,
  BillingPeriodEnd: date,
  BillingPeriodStart: date,
  ChargeCategory: { ...text, allowed: ["Usage", "Purchase", "Tax", "Credit", "Adjustment"] },
  ChargeClass: { ...text, nulls: true, allowed: ["Correction"] },
  ChargeDescription: { ...text, nulls: true },
  ChargeFrequency: { ...recommended, nulls: false, kind: "text", allowed: ["One-Time", "Recurring", "Usage-Based"] },
  ChargePeriodEnd: date,
  ChargePeriodStart: date,
  ConsumedQuantity: { ...conditional, kind: "decimal" },
  ConsumedUnit: { ...conditional, kind: "text" },
  ContractedCost: cost,
  EffectiveCost: cost,
  InvoiceIssuerName: text,
  ListCost: cost,
  ListUnitPrice: { ...conditional, kind: "decimal" },
  PricingCategory: { ...conditional, kind: "text", allowed: ["Standard", "Dynamic", "Committed", "Other"] },
  PricingQuantity: { ...mandatory, nulls: true, kind: "decimal" },
  PricingUnit: { ...text, nulls: true },
  ProviderName: text,
  PublisherName: text,
  RegionId: { ...conditional, kind: "text" },
  ResourceId: { ...conditional, kind: "text" },
  ResourceName: { ...conditional, kind: "text" },
  ResourceType: { ...conditional, kind: "text" },
  ServiceCategory: { ...text, allowed: serviceCategories },
  ServiceName: text,
  SkuId: { ...conditional, kind: "text" },
  SkuPriceId: { ...conditional, kind: "text" },
  SubAccountId: { ...conditional, kind: "text" },
  SubAccountName: { ...conditional, kind: "text" },
  Tags: { ...conditional, kind: "json" },
};

type Row = Readonly<Record<string, string>>;

const decimal = /^-?\d+(\.\d+)?$/;
const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const currencies = new Set(Intl.supportedValuesOf("currency"));

/** What is wrong with a file, as sentences; nothing for one that FOCUS 1.2 allows. */
export function faultsOf(columns: readonly string[], rows: readonly Row[]): readonly string[] {
  const missing = Object.entries(columnRules)
    .filter(([name, { level }]) => level === "Mandatory" && !columns.includes(name))
    .map(([name]) => `${name} is missing`);
  const foreign = columns
    .filter((name) => columnRules[name] === undefined && !/^x_[A-Z][A-Za-z0-9]*$/.test(name))
    .map((name) => `${name} is no column of FOCUS, so it must begin with x_`);
  const twice = columns
    .filter((name, index) => columns.indexOf(name) !== index)
    .map((name) => `${name} is there twice`);
  return [...missing, ...foreign, ...twice, ...rows.flatMap((row, index) => rowFaults(row, index + 1))];
}

function rowFaults(row: Row, line: number): readonly string[] {
  const cells = Object.entries(row).flatMap(([name, value]) => {
    const rule = columnRules[name];
    const fault = rule && cellFault(value, rule);
    return fault === undefined ? [] : [`row ${line}: ${name} ${fault}: ${JSON.stringify(value)}`];
  });
  return [...cells, ...acrossColumns(row).map((fault) => `row ${line}: ${fault}`)];
}

function cellFault(value: string, { nulls, kind, allowed, negative = false }: ColumnRule): string | undefined {
  if (value === "") return nulls ? undefined : "is null";
  if (allowed !== undefined && !allowed.includes(value)) return "is not one of its allowed values";
  if (kind === "decimal") {
    if (!decimal.test(value)) return "is no decimal";
    return value.startsWith("-") && !negative ? "is negative" : undefined;
  }
  if (kind === "date") return isoDate.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : "is no UTC date";
  return kind === "json" && !isTextMap(value) ? "is no JSON object of texts" : undefined;
}

function isTextMap(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return (
      typeof parsed === "object" &&
      parsed !== null &&
      !Array.isArray(parsed) &&
      Object.values(parsed).every((each) => typeof each === "string")
    );
  } catch {
    return false;
  }
}

function acrossColumns(row: Row): readonly string[] {
  const value = (name: string): string => row[name] ?? "";
  const product = Number(value("ListUnitPrice")) * Number(value("PricingQuantity"));
  const cost = Number(value("ListCost"));
  const rules: readonly (readonly [broken: boolean, fault: string])[] = [
    [!currencies.has(value("BillingCurrency")), "BillingCurrency is no code of ISO 4217"],
    [value("BillingPeriodEnd") <= value("BillingPeriodStart"), "the billing period ends before it begins"],
    [value("ChargePeriodEnd") <= value("ChargePeriodStart"), "the charge period ends before it begins"],
    [value("ChargePeriodStart") < value("BillingPeriodStart"), "the charge is before its billing period"],
    [value("ConsumedQuantity") !== "" && value("ConsumedUnit") === "", "ConsumedQuantity has no unit"],
    [value("PricingQuantity") !== "" && value("PricingUnit") === "", "PricingQuantity has no unit"],
    [
      ["Usage", "Purchase"].includes(value("ChargeCategory")) && value("ListUnitPrice") === "",
      "ListUnitPrice is null for usage",
    ],
    [value("ResourceId") === "" && value("ResourceName") !== "", "ResourceName has no ResourceId"],
    [value("SubAccountId") === "" && value("SubAccountName") !== "", "SubAccountName has no SubAccountId"],
    // Lines keep ten decimals.
    [Math.abs(product - cost) > 1e-9 * Math.max(1, cost), "ListUnitPrice times PricingQuantity is not ListCost"],
  ];
  return rules.filter(([broken]) => broken).map(([, fault]) => fault);
}
