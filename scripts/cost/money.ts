import { Decimal } from "decimal.js";

/** Amounts and quantities are decimals: binary floating point loses cents. */
const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN });

export type Amount = Decimal;

/** From a text or a whole number; never from the result of floating point. */
export const amount = (value: string | number): Amount => new Exact(value);

export const zero = amount(0);

export const sum = (amounts: readonly Amount[]): Amount => amounts.reduce((total, each) => total.plus(each), zero);

/** In US dollars to the cent, as people are shown it. */
export const cents = (value: Amount): string => value.toDecimalPlaces(2).toFixed(2);

/** As machines are given it: every digit, without an exponent. */
export const digits = (value: Amount): string => value.toFixed();
