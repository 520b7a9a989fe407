import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CostReport } from "../report.ts";
import { barsOf } from "./html/bars.ts";
import { changesOf } from "./html/changes.ts";
import { linesTable } from "./html/lines-table.ts";
import { html, type Markup } from "./html/markup.ts";
import { assumptionsSection, hintsOf, unpricedSection } from "./html/notes.ts";
import { summaryOf } from "./html/summary.ts";
import { providerClass, treemapOf } from "./html/treemap.ts";
import { attributionText, basisText } from "./words.ts";

/** One file for a browser: it asks for nothing else, and its policy lets it. */
export function htmlText(report: CostReport): string {
  const [style, script] = [own("page.css"), own("page.js")];
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const title = `Cost of ${report.stacks.map(({ stack }) => stack).join(" and ")}, ${report.month.slice(0, "2026-01".length)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="quiet">${basisText(report)}</p>
        </header>
        <main>
          ${summaryOf(report)} ${report.difference === undefined ? html`` : changesOf(report.difference)}
          ${mapsOf(report)}
          <section>
            <h2>By tag</h2>
            <p>${attributionText(report)}</p>
            <div class="pair">${report.groupings.map(barsOf)}</div>
          </section>
          ${hintsOf(report)}
          <section>
            <h2 id="lines-title">Every line</h2>
            ${linesTable(report.stacks)}
          </section>
          ${assumptionsSection(report.stacks)} ${unpricedSection(report.stacks)}
        </main>
        ${raw(`<script>${script}</script>`)}
      </body>
    </html>`.markup;
}

const mapsOf = ({ stacks }: CostReport): Markup => {
  const providers = new Set(stacks.flatMap(({ lines }) => lines.map(({ provider }) => provider)));
  return html`<section>
    <h2>Where it goes</h2>
    <ul class="legend">
      ${[...providers].map((name) => html`<li class="${providerClass[name]}">${name}</li>`)}
    </ul>
    <div class="pair">
      ${stacks.map(
        (stack) =>
          html`<figure>
            ${treemapOf(stack)}
            <figcaption>
              ${stack.stack}: components and their resources, by what they are expected to cost. Every line stands in
              the table below.
            </figcaption>
          </figure> `,
      )}
    </div>
  </section> `;
};

const raw = (markup: string): Markup => ({ markup });

const own = (file: string): string => readFileSync(join(import.meta.dirname, "html", file), "utf8");

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
