import { html, type Markup } from "./markup.ts";

/** What is wider than a narrow window scrolls by itself, also by the keyboard. */
export const scrolled = (label: string, table: Markup): Markup =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div> `;
