import type { CostReport, ReportedBudget } from "../../report.ts";
import { budgetText, usd } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { money } from "./money.ts";

/** The environments side by side: what each costs, within which span, and against which budget. */
export const summaryOf = ({ stacks, budgets, currency }: CostReport): Markup =>
  html`<section aria-label="Totals">
    <div class="pair">
      ${stacks.map(
        ({ stack, monthly }) =>
          html`<article class="card">
            <h2>${stack}</h2>
            <p class="total" data-stack="${stack}">
              ${money(monthly.expected)} <span class="unit">${currency} a month</span>
            </p>
            <p class="quiet">between ${money(monthly.low)} and ${money(monthly.high)}</p>
            ${budgets.filter((budget) => budget.stack === stack).map(budgetOf)}
          </article> `,
      )}
    </div>
  </section> `;

function budgetOf(budget: ReportedBudget): Markup {
  const part = (value: ReportedBudget["limit"]): string =>
    Math.min(100, budget.limit.isZero() ? 100 : value.dividedBy(budget.limit).times(100).toNumber()).toFixed(2);
  return html`<div class="budget${budget.broken ? " broken" : ""}">
    <svg
      class="bar"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label="${usd(budget.expected)} of ${usd(budget.limit)}"
    >
      <rect class="room" width="100" height="10" />
      <rect class="high" width="${part(budget.high)}" height="10" />
      <rect width="${part(budget.expected)}" height="10" />
    </svg>
    <p>Budget: ${budgetText(budget).slice(budget.stack.length + 2)}.</p>
  </div> `;
}
