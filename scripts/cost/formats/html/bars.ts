import type { Group } from "../../groups.ts";
import { type Amount, sum } from "../../money.ts";
import { inCents } from "../../report-rounding.ts";
import { groupText, percent } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { money } from "./money.ts";
import { scrolled } from "./scrolled.ts";

/** A table of groups with a bar per stack, all on one scale. */
export function barsOf(grouping: readonly Group[]): Markup {
  const [first] = grouping;
  if (first === undefined) return html``;
  const by = first.by.join(", ");
  const columns = first.stacks.map(({ stack }, index) => {
    const exact = grouping.map((group) => group.stacks[index]?.monthly.expected ?? sum([]));
    return { stack, exact, shown: inCents(exact) };
  });
  const most = Math.max(...columns.flatMap(({ exact }) => exact.map((value) => value.toNumber())), 0);
  const rows = grouping.map(
    (group, row) =>
      html`<tr class="${group.kind}">
        <th scope="row">${groupText(group)}</th>
        ${columns.map(({ exact, shown }, index) => cell(exact[row] ?? sum([]), shown[row] ?? sum([]), most, index))}
        <td class="number">${percent(group.share)}</td>
      </tr> `,
  );
  const table = html`<table class="bars">
    <caption>
      By ${by}
    </caption>
    <thead>
      <tr>
        <th scope="col">${by}</th>
        ${columns.map(({ stack }) => html`<th scope="col">${stack}</th>`)}
        <th scope="col" class="number">share</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  return scrolled(`By ${by}`, table);
}

function cell(exact: Amount, shown: Amount, most: number, index: number): Markup {
  const part = most === 0 ? 0 : (exact.toNumber() / most) * 100;
  return html`<td>
    <div class="measure">
      <svg
        class="bar stack-${index % 2}"
        viewBox="0 0 100 10"
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect width="${part.toFixed(2)}" height="10" /></svg
      >${money(exact, shown)}
    </div>
  </td>`;
}
