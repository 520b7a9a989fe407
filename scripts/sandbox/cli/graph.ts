import { nameOf, typeOf } from "../protocol/urn.ts";
import type { ResourceState } from "../state/resource.ts";

export const GRAPH_FORMATS = ["dot", "mermaid"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

type Node = Pick<ResourceState, "urn" | "parent" | "dependencies" | "delete">;

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: "dependency" | "parent";
}

/** The stack as a graph: solid edges say "depends on", dashed ones "is a child of". */
export function graphText(stack: string, states: readonly Node[], format: GraphFormat): string {
  const nodes = states.filter((state) => !state.delete).sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return FORMATS[format](stack, nodes, edgesOf(nodes));
}

function edgesOf(nodes: readonly Node[]): Edge[] {
  const index = new Map(nodes.map(({ urn }, position) => [urn, position]));
  return nodes.flatMap(({ parent, dependencies }, from) => {
    const edge = (urn: string, kind: Edge["kind"]): Edge[] => {
      const to = index.get(urn);
      return to === undefined || to === from ? [] : [{ from, to, kind }];
    };
    const others = [...new Set(dependencies)].filter((urn) => urn !== parent).sort();
    return [...edge(parent, "parent"), ...others.flatMap((urn) => edge(urn, "dependency"))];
  });
}

const FORMATS: Readonly<
  Record<GraphFormat, (stack: string, nodes: readonly Node[], edges: readonly Edge[]) => string>
> = {
  dot: (stack, nodes, edges) =>
    [
      `digraph ${quoted(stack)} {`,
      "  rankdir=LR;",
      "  node [shape=box];",
      ...nodes.map(({ urn }, index) => `  n${index} [label=${quoted(`${nameOf(urn)}\n${typeOf(urn)}`)}];`),
      ...edges.map(({ from, to, kind }) => `  n${from} -> n${to}${kind === "parent" ? " [style=dashed]" : ""};`),
      "}",
    ].join("\n"),
  mermaid: (_stack, nodes, edges) =>
    [
      "flowchart LR",
      ...nodes.map(({ urn }, index) => `  n${index}["${escaped(nameOf(urn))}<br/>${escaped(typeOf(urn))}"]`),
      ...edges.map(({ from, to, kind }) => `  n${from} ${kind === "parent" ? "-.->" : "-->"} n${to}`),
    ].join("\n"),
};

const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

// Mermaid reads entity codes with `#` for `&`.
const ENTITIES: Readonly<Record<string, string>> = { '"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;" };
const escaped = (text: string): string => text.replaceAll(/["<>#]/g, (character) => ENTITIES[character] ?? character);
