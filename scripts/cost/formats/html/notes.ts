import type { StackCost } from "../../model.ts";
import { sum } from "../../money.ts";
import type { CostReport } from "../../report.ts";
import { assumptionsOf, byReason, plural, spanText } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { money } from "./money.ts";
import { scrolled } from "./scrolled.ts";

export const hintsOf = ({ hints }: CostReport): Markup =>
  hints.length === 0
    ? html``
    : html`<section>
        <h2>Cheaper choices</h2>
        ${scrolled("Cheaper choices", hintsTable(hints))}
      </section> `;

const hintsTable = (hints: CostReport["hints"]): Markup =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Stack</th>
        <th scope="col" class="number">Saves</th>
        <th scope="col">How</th>
        <th scope="col">Setting</th>
      </tr>
    </thead>
    <tbody>
      ${hints
        .toSorted((a, b) => b.saving.comparedTo(a.saving))
        .map(
          ({ stack, saving, what, setting, loses }) =>
            html`<tr>
              <td>${stack}</td>
              <td class="number">${money(saving)}</td>
              <td>${what} <span class="quiet">${loses}</span></td>
              <td>${setting}</td>
            </tr> `,
        )}
    </tbody>
  </table>`;

export const assumptionsSection = (stacks: readonly StackCost[]): Markup =>
  html`<section>
    <h2>Assumptions</h2>
    <div class="pair">
      ${stacks.map(({ stack, lines }) => {
        const stated = assumptionsOf(lines);
        return html`<div>
          <h3>${stack}</h3>
          <ul class="notes">
            ${stated.map(
              ({ text, lines: resting }) =>
                html`<li>
                  ${text}
                  <span class="quiet"
                    >${plural(resting.length, "line")},
                    ${spanText({
                      low: sum(resting.map(({ monthly }) => monthly.low)),
                      expected: sum(resting.map(({ monthly }) => monthly.expected)),
                      high: sum(resting.map(({ monthly }) => monthly.high)),
                    })}
                    USD</span
                  >
                </li> `,
            )}${stated.length === 0 ? html`<li>Nothing is assumed.</li>` : html``}
          </ul>
        </div> `;
      })}
    </div>
  </section> `;

/** What costs nothing, and what has no known price: with the reasons, so that nothing is silently zero. */
export const unpricedSection = (stacks: readonly StackCost[]): Markup =>
  html`<section>
    <h2>Not priced, and free</h2>
    <div class="pair">
      ${stacks.map(
        ({ stack, notPriced, free }) =>
          html`<div>
            <h3>${stack}</h3>
            ${reasons(`${notPriced.length} not priced`, notPriced)}${reasons(`${free.length} free`, free)}
          </div> `,
      )}
    </div>
  </section> `;

const reasons = (title: string, resources: StackCost["free"]): Markup =>
  html`<h4>${title}</h4>
    <ul class="notes">
      ${byReason(resources).map(
        ({ type, reason, names }) =>
          html`<li>
            <code>${type}</code> ${reason}
            <span class="quiet">${names.length > 6 ? plural(names.length, "resource") : names.join(", ")}</span>
          </li> `,
      )}${resources.length === 0 ? html`<li>None.</li>` : html``}
    </ul> `;
