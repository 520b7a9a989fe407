import type { Difference, StackChange } from "../../difference.ts";
import { shortName, signedPercent, signedUsd } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { money } from "./money.ts";
import { scrolled } from "./scrolled.ts";

/** What costs more or less than before. */
export const changesOf = ({ against, stacks }: Difference): Markup =>
  html`<section>
    <h2>Against ${against}</h2>
    ${scrolled("Differences of the stacks", totalsOf(stacks))}
    ${stacks.filter(({ lines }) => lines.length > 0).map((stack) => scrolled(`Changes of ${stack.stack}`, linesOf(stack)))}
  </section> `;

const totalsOf = (stacks: readonly StackChange[]): Markup =>
  html`<table>
    <caption>
      Per stack, expected, USD a month
    </caption>
    <thead>
      <tr>
        <th scope="col">Stack</th>
        <th scope="col" class="number">Before</th>
        <th scope="col" class="number">After</th>
        <th scope="col" class="number">Difference</th>
        <th scope="col" class="number">Per cent</th>
      </tr>
    </thead>
    <tbody>
      ${stacks.map(
        ({ stack, before, after, delta, part }) =>
          html`<tr>
            <th scope="row">${stack}</th>
            <td class="number">${money(before.expected)}</td>
            <td class="number">${money(after.expected)}</td>
            <td class="number">${signedUsd(delta)}</td>
            <td class="number">${signedPercent(part)}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;

const linesOf = ({ stack, lines }: StackChange): Markup =>
  html`<table>
    <caption>
      Changes of ${stack}
    </caption>
    <thead>
      <tr>
        <th scope="col">Change</th>
        <th scope="col">Resource</th>
        <th scope="col">What</th>
        <th scope="col">Cause</th>
        <th scope="col" class="number">Difference</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        ({ change, urn, item, cause, delta }) =>
          html`<tr>
            <td>${change}</td>
            <td title="${urn}">${shortName(urn)}</td>
            <td>${item}</td>
            <td>${cause}</td>
            <td class="number">${signedUsd(delta)}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
