import type { FaultResult } from "./run.ts";

/** A resource of an exported deployment, as far as two runs are compared. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}

/** Throws where the text is no exported deployment. */
export function exportedResources(text: string): ExportedResource[] {
  const { deployment } = JSON.parse(text) as { deployment: { resources?: ExportedResource[] } };
  return deployment.resources ?? [];
}

/** Types of what a provider makes: a component, a provider, and a stack have no operation that could fail. */
export function typesOf(resources: readonly ExportedResource[]): string[] {
  const made = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  return [...new Set(made.map(({ type }) => type))].sort();
}

/** One line per resource that is missing, too much, or another. */
export function differences(expected: readonly ExportedResource[], found: readonly ExportedResource[]): string[] {
  const [wanted, given] = [byUrn(expected), byUrn(found)];
  return [
    ...[...wanted.keys()].filter((urn) => !given.has(urn)).map((urn) => `${urn} is missing`),
    ...[...given.keys()].filter((urn) => !wanted.has(urn)).map((urn) => `${urn} is too much`),
    ...[...wanted].filter(([urn, text]) => given.has(urn) && given.get(urn) !== text).map(([urn]) => `${urn} is another`),
  ];
}

function byUrn(resources: readonly ExportedResource[]): Map<string, string> {
  return new Map(
    resources.map(({ urn, type, id, inputs, outputs }) => [
      urn,
      // The engine gives each provider another random id in each new state.
      sorted({ ...(type.startsWith("pulumi:providers:") ? {} : { id }), inputs, outputs }),
    ]),
  );
}

/** JSON with keys in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

export function faultLine({ type, problems }: FaultResult): string {
  return problems.length === 0 ? `ok      ${type}` : [`broken  ${type}`, ...problems.map((one) => `  ${one}`)].join("\n");
}
