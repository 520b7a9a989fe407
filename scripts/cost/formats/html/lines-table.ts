import type { StackCost } from "../../model.ts";
import { digits } from "../../money.ts";
import { rangesInCents } from "../../report-rounding.ts";
import { nameOfLine, quantityText } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { money } from "./money.ts";

const heads = [
  ["Stack", "text"],
  ["Component", "text"],
  ["Resource", "text"],
  ["What", "text"],
  ["Expected", "number"],
  ["Low", "number"],
  ["High", "number"],
  ["Quantity", "number"],
  ["Unit", "text"],
  ["Unit price", "number"],
  ["Provider", "text"],
] as const;

/** Every line of every stack, the dearest first. The page's script makes its heads sort it. */
export function linesTable(stacks: readonly StackCost[]): Markup {
  const rows = stacks
    .flatMap(({ stack, lines }) => {
      const shown = rangesInCents(lines.map(({ monthly }) => monthly));
      return lines.map((line, index) => ({ stack, line, shown: shown[index] ?? line.monthly }));
    })
    .toSorted((a, b) => b.line.monthly.expected.comparedTo(a.line.monthly.expected))
    .map(
      ({ stack, line, shown }) =>
        html`<tr>
          <td>${stack}</td>
          <td>${line.component}</td>
          <td class="resource" title="${line.urn}">${nameOfLine(line)}</td>
          <td class="what">
            ${line.service}: ${line.item}${line.usageBased ? html` <span class="assumed">assumed</span>` : html``}
          </td>
          <td class="number expected">${money(line.monthly.expected, shown.expected)}</td>
          <td class="number">${money(line.monthly.low, shown.low)}</td>
          <td class="number">${money(line.monthly.high, shown.high)}</td>
          <td class="number">
            <data value="${digits(line.quantity.expected)}">${quantityText(line.quantity.expected)}</data>
          </td>
          <td>${line.unit}</td>
          <td class="number"><data value="${line.unitPrice}">${line.unitPrice}</data></td>
          <td>${line.provider}</td>
        </tr> `,
    );
  return html`<div class="scroll" role="region" aria-labelledby="lines-title" tabindex="0">
    <table class="sortable" aria-labelledby="lines-title">
      <thead>
        <tr>
          ${heads.map(
            ([head, kind]) =>
              html`<th
                scope="col"
                class="${kind}"
                data-sort="${kind}"
                ${head === "Expected" ? html` aria-sort="descending"` : html``}
              >
                ${head}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div> `;
}
