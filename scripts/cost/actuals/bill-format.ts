import { didYouMean, nearest } from "../../sandbox/project/nearest.ts";
import { UserError } from "../../sandbox/user-error.ts";

/** What a charge is to a forecast. `daily` goes on; `fixed` is charged once a month, or once. */
export type ChargeKind = "daily" | "fixed" | "credit" | "refund" | "tax" | "other";

/** What a report needs of a bill, by the name it has here. */
export type Field =
  | "billingPeriodStart"
  | "start"
  | "end"
  | "provider"
  | "service"
  | "category"
  | "chargeClass"
  | "frequency"
  | "currency"
  | "billed"
  | "effective"
  | "resource"
  | "tags"
  | "parent"
  | "savingsPlan"
  | "commitment"
  | "commitmentUsed"
  | "reservation"
  | "reservationArn"
  | "unusedUpfront"
  | "unusedRecurring";

export interface BillFormat {
  readonly name: string;
  /** Field to the columns that hold it, the first that a file has. */
  readonly required: Readonly<Partial<Record<Field, readonly string[]>>>;
  readonly optional: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** Category of a row to what it is to a forecast; what is not here is `other`. */
  readonly kinds: Readonly<Record<string, ChargeKind>>;
}

/** FOCUS 1.0 to 1.2, whoever wrote it. Columns: https://focus.finops.org/focus-specification/v1-2/ */
const focus: BillFormat = {
  name: "FOCUS",
  required: {
    billingPeriodStart: ["BillingPeriodStart"],
    start: ["ChargePeriodStart"],
    end: ["ChargePeriodEnd"],
    provider: ["ProviderName"],
    service: ["ServiceName"],
    category: ["ChargeCategory"],
    currency: ["BillingCurrency"],
    billed: ["BilledCost"],
    effective: ["EffectiveCost"],
  },
  optional: {
    chargeClass: ["ChargeClass"],
    frequency: ["ChargeFrequency"],
    resource: ["ResourceId"],
    tags: ["Tags"],
  },
  kinds: { Usage: "daily", Purchase: "fixed", Tax: "tax", Credit: "credit", Adjustment: "refund" },
};

/** CUR 2.0. Columns: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html */
const cur: BillFormat = {
  name: "CUR 2.0",
  required: {
    billingPeriodStart: ["bill_billing_period_start_date"],
    start: ["line_item_usage_start_date"],
    end: ["line_item_usage_end_date"],
    service: ["product_servicecode", "line_item_product_code"],
    category: ["line_item_line_item_type"],
    currency: ["line_item_currency_code"],
    billed: ["line_item_unblended_cost"],
  },
  optional: {
    resource: ["line_item_resource_id"],
    tags: ["resource_tags", "tags"],
    parent: ["split_line_item_parent_resource_id"],
    savingsPlan: ["savings_plan_savings_plan_effective_cost"],
    commitment: ["savings_plan_total_commitment_to_date"],
    commitmentUsed: ["savings_plan_used_commitment"],
    reservation: ["reservation_effective_cost"],
    reservationArn: ["reservation_reservation_a_r_n"],
    unusedUpfront: ["reservation_unused_amortized_upfront_fee_for_billing_period"],
    unusedRecurring: ["reservation_unused_recurring_fee"],
  },
  kinds: {
    Usage: "daily",
    DiscountedUsage: "daily",
    SavingsPlanCoveredUsage: "daily",
    SavingsPlanNegation: "daily",
    SavingsPlanRecurringFee: "daily",
    BundledDiscount: "daily",
    Discount: "daily",
    EdpDiscount: "daily",
    PrivateRateDiscount: "daily",
    RiVolumeDiscount: "daily",
    Fee: "fixed",
    RIFee: "fixed",
    SavingsPlanUpfrontFee: "fixed",
    Credit: "credit",
    Refund: "refund",
    Tax: "tax",
  },
};

export const formats = { focus, cur } as const;

/** Fields to the columns of one file. */
export type Columns = Readonly<Partial<Record<Field, string>>>;

export interface RecognizedBill {
  readonly format: BillFormat;
  readonly columns: Columns;
}

/** By what a file is told from any other table. */
const marks = [
  [focus, ["BilledCost", "ChargePeriodStart"]],
  [cur, ["line_item_unblended_cost", "line_item_usage_start_date"]],
] as const;

/** Which bill has these columns. Throws a UserError that names what is missing. */
export function recognize(file: string, names: readonly string[]): RecognizedBill {
  const own = new Map(names.map((name) => [name.trim().toLowerCase(), name]));
  const has = (name: string): boolean => own.has(name.toLowerCase());
  const format = marks.find(([, columns]) => columns.some(has))?.[0];
  if (format === undefined) {
    const legacy = names.some((name) => name.startsWith("lineItem/"));
    throw new UserError(
      `${file} is no bill: it has no column BilledCost (FOCUS) and none line_item_unblended_cost (CUR 2.0)` +
        (legacy ? "; it is a Cost and Usage Report of the old form, so export CUR 2.0 or FOCUS" : ""),
      2,
    );
  }
  const columnOf = (candidates: readonly string[]): string | undefined =>
    candidates.map((name) => own.get(name.toLowerCase())).find((name) => name !== undefined);
  for (const candidates of Object.values(format.required))
    if (columnOf(candidates) === undefined)
      throw new UserError(
        `${file} has no column ${candidates.join(" or ")}, which ${format.name} must have${hint(candidates[0] ?? "", names)}`,
        2,
      );
  const columns = Object.entries({ ...format.required, ...format.optional })
    .map(([field, candidates]) => [field, columnOf(candidates)] as const)
    .filter(([, column]) => column !== undefined);
  return { format, columns: Object.fromEntries(columns) };
}

const hint = (name: string, names: readonly string[]): string =>
  nearest(name, names) === undefined ? "" : `: ${didYouMean(name, names)}`;
