import type { ResourceState } from "../sandbox/state/resource.ts";
import { Secret, type Properties, type Value, isProperties } from "../sandbox/values/value.ts";

/** A resource of a stack: its type token, and its name without `<project>-<stack>-`. */
export type Named = readonly [type: string, name: string];

/** One thing that somebody changes in the program. */
export type Edit =
  | { readonly setting: string; readonly to: unknown }
  | { readonly on: Named; readonly set: Readonly<Record<string, Value>> }
  | { readonly on: Named; readonly without: readonly string[] }
  | { readonly on: Named; readonly protect: boolean }
  | { readonly removed: Named }
  | { readonly added: Named; readonly inputs: Properties };

/** A leaf of a resource's inputs that is another value, or gone. */
export interface Change {
  readonly steps: readonly string[];
  readonly to: Value | undefined;
}

/** A stack with an edit in it, and the resources that an engine would judge again. */
export interface Edited {
  readonly resources: readonly ResourceState[];
  readonly changed: readonly ResourceState[];
}

/** Inputs with leaves changed; a step into a text goes into the JSON that it holds. */
export function withChanges(inputs: Properties, changes: readonly Change[]): Properties {
  return changes.reduce((current, { steps, to }) => changedAt(current, steps, to) as Properties, inputs);
}

/** `rules[0].apply.algorithm` as steps. */
export const stepsOf = (path: string): readonly string[] =>
  path
    .replaceAll(/\[(\w+)\]/g, ".$1")
    .split(".")
    .filter((step) => step !== "");

function changedAt(
  value: Value | undefined,
  [step, ...rest]: readonly string[],
  to: Value | undefined,
): Value | undefined {
  if (step === undefined) return to;
  if (value instanceof Secret) return new Secret(changedAt(value.value, [step, ...rest], to) ?? null);
  if (typeof value === "string") return JSON.stringify(changedAt(JSON.parse(value) as Value, [step, ...rest], to));
  if (Array.isArray(value)) {
    const index = Number(step);
    const next = changedAt(value[index], rest, to);
    return [...value.slice(0, index), ...(next === undefined ? [] : [next]), ...value.slice(index + 1)];
  }
  const source = isProperties(value) ? value : {};
  const { [step]: inner, ...others } = source;
  const next = changedAt(inner, rest, to);
  return next === undefined ? others : { ...others, [step]: next };
}

/** Changes the named resource, in its inputs and in what an operation would answer. */
export function changeResource(
  resources: readonly ResourceState[],
  target: ResourceState,
  changes: readonly Change[],
): Edited {
  const after: ResourceState = {
    ...target,
    inputs: withChanges(target.inputs, changes),
    outputs: withChanges(target.outputs, changes),
  };
  return { resources: resources.map((one) => (one === target ? after : one)), changed: [after] };
}

/** Takes a resource out, and with it what others know of it. */
export function removeResource(resources: readonly ResourceState[], target: ResourceState): Edited {
  const left = (urns: readonly string[]): string[] => urns.filter((urn) => urn !== target.urn);
  return {
    resources: resources
      .filter((one) => one !== target)
      .map((one) => ({
        ...one,
        dependencies: left(one.dependencies),
        propertyDependencies: Object.fromEntries(
          Object.entries(one.propertyDependencies).map(([key, urns]) => [key, left(urns)]),
        ),
      })),
    changed: [],
  };
}

/** Adds a resource that takes nothing from another, under the provider that a neighbour of its package has. */
export function addResource(
  resources: readonly ResourceState[],
  [type, name]: Named,
  inputs: Properties,
  prefix: string,
): Edited {
  const neighbour = resources.find((one) => one.custom && one.type.split(":")[0] === type.split(":")[0]);
  const root = resources.find((one) => one.type === "pulumi:pulumi:Stack");
  if (neighbour === undefined || root === undefined)
    throw new Error(`no resource of ${type}'s package to stand beside`);
  const urn = root.urn.replace(/pulumi:pulumi:Stack::.*$/, `${type}::${prefix}${name}`);
  const added: ResourceState = {
    ...neighbour,
    urn,
    type,
    inputs,
    outputs: { id: `${name}-1a2b3c4`, ...inputs },
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    parent: root.urn,
  };
  return { resources: [...resources, added], changed: [added] };
}

/** The one resource that is meant. */
export function named(resources: readonly ResourceState[], [type, name]: Named, prefix: string): ResourceState {
  const wanted = new Set([name, `${prefix}${name}`]);
  const found = resources.filter((one) => one.type === type && wanted.has(one.urn.split("::").at(-1) ?? ""));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`expected one ${type} called ${prefix}${name}, found ${String(found.length)}`);
  return only;
}
