import axe from "axe-core";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { differenceOf } from "../difference.ts";
import { manyResources, reportCase, shippedLike, stackOf } from "../report.cases.ts";
import { startBrowser } from "./html.cases.ts";
import { htmlText } from "./html.ts";
import { reportJson } from "./json.ts";

const hostile = `"><img src=x onerror="alert(1)"><script>alert(2)</script>`;
const report = reportCase({
  difference: differenceOf(shippedLike.slice(0, 1), shippedLike, `main ${hostile}`),
  stacks: [...shippedLike, stackOf("preview-x", [{ name: hostile, component: hostile, assumption: hostile }])],
});

describe("a report as a page", () => {
  let browser: Browser;
  let folder = "";
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "cost-page-"));
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  interface Opened {
    readonly page: Page;
    readonly complaints: readonly string[];
    readonly requests: readonly string[];
  }

  async function opened(html: string): Promise<Opened> {
    const page = await browser.newPage();
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error instanceof Error ? error.message : String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => requests.push(request.url()));
    const file = join(folder, "report.html");
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  // The page's own words: the types of a browser are not those of this program.
  const inPage = async <T>(page: Page, script: string): Promise<T> => (await page.evaluate(script)) as T;
  const column = (page: Page, index: number): Promise<string[]> =>
    inPage(
      page,
      `[...document.querySelectorAll("table.sortable tbody td:nth-child(${index})")]
        .map((cell) => cell.querySelector("data")?.value ?? cell.textContent.trim())`,
    );

  it("opens without an error and asks for nothing", async () => {
    const { page, complaints, requests } = await opened(htmlText(report));
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith("data:")),
      [page.url()],
    );
    assert.equal((await page.$$("main img, main script")).length, 0);
    await page.close();
  });

  it("shows the totals that the JSON has, and every line of every stack", async () => {
    const { page } = await opened(htmlText(report));
    const shown = await inPage(
      page,
      `[...document.querySelectorAll(".total")].map((total) => [total.dataset.stack, total.querySelector("data").value])`,
    );
    const json = reportJson(report);
    assert.deepEqual(
      shown,
      json.stacks.map(({ stack, monthly }) => [stack, monthly.expected]),
    );
    const lines = json.stacks.flatMap((stack) => stack.lines.map(({ monthly }) => monthly));
    assert.deepEqual((await column(page, 5)).sort(), lines.sort());
    await page.close();
  });

  it("sorts its table by the keyboard alone, and says so to a screen reader", async () => {
    const { page } = await opened(htmlText(report));
    const sorted = (index: number): Promise<string | null> =>
      inPage(page, `document.querySelector("table.sortable th:nth-child(${index})").getAttribute("aria-sort")`);
    const costs = (await column(page, 5)).map(Number);
    assert.equal(await sorted(5), "descending");
    assert.deepEqual(
      costs,
      costs.toSorted((a, b) => b - a),
    );

    await page.focus("table.sortable th:nth-child(5) button");
    await page.keyboard.press("Enter");
    assert.equal(await sorted(5), "ascending");
    assert.deepEqual(
      (await column(page, 5)).map(Number),
      costs.toSorted((a, b) => a - b),
    );

    await page.focus("table.sortable th:nth-child(3) button");
    await page.keyboard.press("Space");
    assert.deepEqual([await sorted(3), await sorted(5)], ["ascending", null]);
    const names = await column(page, 3);
    assert.deepEqual(names, names.toSorted(new Intl.Collator("en", { numeric: true }).compare));
    await page.close();
  });

  for (const scheme of ["light", "dark"] as const)
    it(`has contrast, names, and structure in ${scheme} colours`, async () => {
      const { page } = await opened(htmlText(report));
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      // The debugger's evaluation is not bound by the page's policy, which allows no other script.
      await page.evaluate(axe.source);
      const { violations, incomplete, passes } = await inPage<axe.AxeResults>(page, "axe.run()");
      assert.deepEqual(brief(violations), []);
      // What is scrolled out of sight, and words in a picture: the latter are measured below.
      assert.deepEqual(brief(incomplete.filter(({ id }) => id !== "color-contrast")), []);
      assert.ok(passes.some(({ id }) => id === "color-contrast"));
      await page.close();
    });

  it("reads the words of a picture against their ground, which the checker does not", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await opened(htmlText(report));
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const pairs = await inPage<[text: string, ground: string][]>(page, fillsOfWords);
      assert.ok(pairs.length > 5);
      for (const [text, ground] of pairs) assert.ok(contrast(text, ground) >= 4.5, `${scheme}: ${text} on ${ground}`);
      await page.close();
    }
  });

  it("is as wide as its window, down to a telephone's, and prints", async () => {
    const { page } = await opened(htmlText(report));
    for (const width of [1280, 768, 360]) {
      await page.setViewport({ width, height: 800 });
      assert.ok((await inPage<number>(page, "document.documentElement.scrollWidth")) <= width, `${width}`);
    }
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.emulateMediaType("print");
    assert.equal(await inPage(page, "getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    const pdf = await page.pdf({ printBackground: true });
    assert.equal(Buffer.from(pdf.subarray(0, 5)).toString(), "%PDF-");
    await page.close();
  });

  it("of thousands of resources keeps its picture legible and every row", async () => {
    const { page, complaints } = await opened(htmlText(reportCase({ stacks: [manyResources(600)] })));
    assert.deepEqual(complaints, []);
    assert.equal((await page.$$("table.sortable tbody tr")).length, 600);
    assert.ok((await page.$$(".treemap g")).length < 120);
    await page.close();
  });
});

const fillsOfWords = `[...document.querySelectorAll(".treemap g:has(text)")].map((cell) =>
  ["text", "rect"].map((part) => getComputedStyle(cell.querySelector(part)).fill))`;

const brief = (results: readonly axe.Result[]): readonly string[] =>
  results.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));

/** Of WCAG 2, between two `rgb()` colours. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? [])
    .map((part) => Number(part) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
