import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import type { Provider, StackCost } from "../../model.ts";
import { type Amount, sum } from "../../money.ts";
import { plural, shortName, usd } from "../words.ts";
import { html, type Markup } from "./markup.ts";

const width = 640;
const height = 420;
const headHeight = 18;
const letterWidth = 6.4;
const lineHeight = 13;
/** More cells than this are too small to be seen: the cheapest of a component stand together. */
const mostCells = 80;

export const providerClass: Readonly<Record<Provider, string>> = {
  AWS: "aws",
  "MongoDB Atlas": "atlas",
  Cloudflare: "cloudflare",
  Datadog: "datadog",
};

interface Cell {
  readonly name: string;
  readonly provider: Provider;
  readonly cost: Amount;
}

interface Node {
  readonly name: string;
  readonly cell?: Cell;
  readonly children?: readonly Node[];
}

/** Components as boxes of their resources, each as large as it is dear. */
export function treemapOf({ stack, lines, monthly }: StackCost): Markup {
  const components = Map.groupBy(lines, ({ component }) => component);
  const dear = new Set(
    cellsOf(lines)
      .slice(0, mostCells)
      .map(({ urn }) => urn),
  );
  const root: Node = {
    name: stack,
    children: [...components].map(([component, own]) => ({
      name: component === "" ? "no component" : component,
      children: merged(cellsOf(own), dear).map((cell) => ({ name: cell.name, cell })),
    })),
  };
  // The picture's geometry is no money: binary numbers do.
  const tree = hierarchy<Node>(root, ({ children }) => children)
    .sum(({ cell }) => cell?.cost.toNumber() ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const placed = treemap<Node>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(1)
    .paddingTop(({ depth }) => (depth === 1 ? headHeight : 0))
    .round(true)(tree);
  const label = `${stack}: ${usd(monthly.expected)} USD a month by component and resource`;
  const boxes = placed.descendants();
  return html`<svg class="treemap" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${boxes.filter(({ depth }) => depth === 1).map(({ data, value, ...box }) => component(data.name, value ?? 0, box))}
    ${boxes.flatMap(({ data, ...box }) => (data.cell === undefined ? [] : [leaf(data.cell, box)]))}
  </svg>`;
}

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function component(name: string, value: number, { x0, y0, x1, y1 }: Box): Markup {
  const [wide, high] = [x1 - x0, y1 - y0];
  if (wide <= 0 || high <= 0 || value <= 0) return html``;
  return html`<g
    ><title>${name}: ${value.toFixed(2)}</title
    ><rect class="component" x="${x0}" y="${y0}" width="${wide}" height="${high}" />${
      fits(name, wide) && high >= headHeight
        ? html`<text class="head" x="${x0 + 5}" y="${y0 + 13}">${name}</text>`
        : html``
    }</g
  > `;
}

function leaf({ name, provider, cost }: Cell, { x0, y0, x1, y1 }: Box): Markup {
  const [wide, high] = [x1 - x0, y1 - y0];
  if (wide <= 0 || high <= 0) return html``;
  const texts =
    high < lineHeight + 3 ? [] : [shortened(name, wide), usd(cost)].filter((text) => text !== "" && fits(text, wide));
  const room = Math.floor((high - 3) / lineHeight);
  return html`<g class="${providerClass[provider]}"
    ><title>${name} (${provider}): ${usd(cost)}</title
    ><rect x="${x0}" y="${y0}" width="${wide}" height="${high}" />${texts
      .slice(0, room)
      .map((text, index) => html`<text x="${x0 + 5}" y="${y0 + 12 + index * lineHeight}">${text}</text>`)}</g
  > `;
}

const fits = (text: string, wide: number): boolean => text.length * letterWidth + 8 <= wide;

/** What fits of a name, if that says anything. */
function shortened(name: string, wide: number): string {
  if (fits(name, wide)) return name;
  const letters = Math.floor((wide - 8) / letterWidth) - 1;
  return letters < 4 ? "" : `${name.slice(0, letters)}…`;
}

interface Resource extends Cell {
  readonly urn: string;
}

/** One cell per resource that costs anything, the dearest first. */
const cellsOf = (lines: StackCost["lines"]): readonly Resource[] =>
  [...Map.groupBy(lines, ({ urn }) => urn)]
    .map(([urn, own]) => ({
      urn,
      name: shortName(urn),
      provider: own[0]?.provider ?? "AWS",
      cost: sum(own.map(({ monthly }) => monthly.expected)),
    }))
    .filter(({ cost }) => cost.isPositive() && !cost.isZero())
    .toSorted((a, b) => b.cost.comparedTo(a.cost));

function merged(cells: readonly Resource[], dear: ReadonlySet<string>): readonly Cell[] {
  const rest = Map.groupBy(
    cells.filter(({ urn }) => !dear.has(urn)),
    ({ provider }) => provider,
  );
  return [
    ...cells.filter(({ urn }) => dear.has(urn)),
    ...[...rest].map(([provider, small]) => ({
      name: plural(small.length, "smaller one"),
      provider,
      cost: sum(small.map(({ cost }) => cost)),
    })),
  ];
}
