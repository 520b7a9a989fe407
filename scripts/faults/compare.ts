import type { FaultResult } from "./run.ts";

/** A resource of an exported deployment. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  /** Replaced, and not deleted yet. */
  readonly delete?: boolean;
  readonly id?: string;
  readonly provider?: string;
  readonly [field: string]: unknown;
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

/** One line per resource that is missing, too much, or another. Paths are named, values are not: one may be secret. */
export function differences(expected: readonly ExportedResource[], found: readonly ExportedResource[]): string[] {
  const [wanted, given] = [byName(expected), byName(found)];
  return [
    ...[...wanted.keys()].filter((name) => !given.has(name)).map((name) => `${name} is missing`),
    ...[...given.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} is too much`),
    ...[...wanted].flatMap(([name, resource]) => {
      const other = given.get(name);
      const paths = other === undefined ? [] : differingPaths(comparable(resource), comparable(other));
      return paths.length === 0 ? [] : [`${name} is another: ${paths.join(", ")}`];
    }),
  ];
}

/** What the cloud holds by URN: a failed operation must leave nothing there that no state knows. */
export function cloudDifferences(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .sort()
    .filter((urn) => expected[urn] !== found[urn])
    .map((urn) => `the cloud holds ${found[urn] ?? 0} of ${urn} instead of ${expected[urn] ?? 0}`);
}

const byName = (resources: readonly ExportedResource[]): Map<string, ExportedResource> =>
  new Map(
    resources.map((resource) => [`${resource.urn}${resource.delete === true ? " (to be deleted)" : ""}`, resource]),
  );

/** Without what differs between any two runs: times, and the random id that the engine gives each provider. */
function comparable({ created: _, modified: __, ...resource }: ExportedResource): Readonly<Record<string, unknown>> {
  const { type, id, provider, dependencies, ...rest } = resource;
  return {
    ...rest,
    id: type.startsWith("pulumi:providers:") ? "" : id,
    provider: provider?.slice(0, provider.lastIndexOf("::")),
    dependencies: Array.isArray(dependencies) ? (dependencies as string[]).toSorted() : dependencies,
  };
}

function differingPaths(wanted: unknown, given: unknown, path = ""): string[] {
  if (!isObject(wanted) || !isObject(given) || Array.isArray(wanted) !== Array.isArray(given))
    return Object.is(wanted, given) ? [] : [path];
  const step = (key: string): string => (Array.isArray(wanted) ? `[${key}]` : path === "" ? key : `.${key}`);
  return [...new Set([...Object.keys(wanted), ...Object.keys(given)])].flatMap((key) =>
    differingPaths(wanted[key], given[key], `${path}${step(key)}`),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** More problems than that have one cause, and the first ones show it. */
const MOST_SHOWN = 10;

export function faultLine({ type, problems }: FaultResult): string {
  if (problems.length === 0) return `ok      ${type}`;
  const more = problems.length - MOST_SHOWN;
  const shown = [...problems.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])];
  return [`broken  ${type}`, ...shown.map((one) => `  ${one}`)].join("\n");
}
