import { type Amount, amount, zero } from "../money.ts";

/** What one group pays one provider in a month, as far as it is billed; US dollars. */
export interface Spend {
  readonly provider: string;
  /** Usage on days that are complete. */
  readonly daily: Amount;
  /** Usage on the days after them. */
  readonly incomplete: Amount;
  /** Charged once a month, or once. */
  readonly fixed: Amount;
  /** Fixed charges of the month before that have not come yet. */
  readonly awaited: Amount;
}

export interface Elapsed {
  readonly complete: number;
  readonly days: number;
}

/** The month as it will end: fixed charges as they are, each day's usage for every day. Undefined before the first complete day. */
export function runRate({ daily, incomplete, fixed, awaited }: Spend, { complete, days }: Elapsed): Amount | undefined {
  const once = fixed.plus(awaited);
  if (complete > 0) return once.plus(daily.times(days).dividedBy(complete));
  return incomplete.isZero() ? once : undefined;
}

/** What of the spend belongs to the complete days: fixed charges pay for the whole month, so each day bears its part. */
export const toDate = ({ daily, fixed, awaited }: Spend, elapsed: Elapsed): Amount =>
  daily.plus(fixed.plus(awaited).times(elapsedPart(elapsed)));

export const elapsedPart = ({ complete, days }: Elapsed): Amount => amount(complete).dividedBy(days);

/** The sum, or undefined where a part is. */
export const sumOf = (amounts: readonly (Amount | undefined)[]): Amount | undefined =>
  amounts.reduce<Amount | undefined>(
    (total, each) => (total === undefined || each === undefined ? undefined : total.plus(each)),
    zero,
  );
