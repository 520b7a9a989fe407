import { type Amount, digits } from "../../money.ts";
import { usd } from "../words.ts";
import { html, type Markup } from "./markup.ts";

/** Cents for people, with every digit for machines. `shown` is the amount as it is rounded beside others. */
export const money = (exact: Amount, shown: Amount = exact): Markup =>
  html`<data value="${digits(exact)}">${usd(shown)}</data>`;
