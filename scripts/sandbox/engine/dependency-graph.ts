import type { ResourceState } from "../state/resource.ts";
import { parseProviderReference } from "../protocol/urn.ts";

/** URNs that must exist for a resource to be usable, and therefore outlive it. */
export function requirements(state: ResourceState): string[] {
  const urns = new Set<string>(state.dependencies);
  if (state.parent !== "") urns.add(state.parent);
  if (state.provider !== "") urns.add(parseProviderReference(state.provider).urn);
  if (state.deletedWith !== "") urns.add(state.deletedWith);
  for (const urn of state.replaceWith) urns.add(urn);
  for (const list of Object.values(state.propertyDependencies)) for (const urn of list) urns.add(urn);
  return [...urns];
}

export interface DependentsOptions {
  /** Whether a child counts as a dependent of its parent. */
  readonly children?: boolean;
  /** URNs that are passed over, with what depends on them alone. */
  readonly ignored?: ReadonlySet<string>;
}

/** Everything that depends on the root, directly or not, in the order of the states. */
export function dependentsOf(
  root: ResourceState,
  states: readonly ResourceState[],
  { children = false, ignored = new Set() }: DependentsOptions = {},
): ResourceState[] {
  const reached = new Set([root.urn]);
  const result: ResourceState[] = [];
  for (const state of ordered(states)) {
    if (state === root || ignored.has(state.urn)) continue;
    const needs = [
      ...state.dependencies,
      ...Object.values(state.propertyDependencies).flat(),
      ...state.replaceWith,
      ...(state.provider === "" ? [] : [parseProviderReference(state.provider).urn]),
      ...(state.deletedWith === "" ? [] : [state.deletedWith]),
      ...(children && state.parent !== "" ? [state.parent] : []),
    ];
    if (!needs.some((urn) => reached.has(urn))) continue;
    reached.add(state.urn);
    result.push(state);
  }
  return result;
}

/** Everything that the given states need, directly or not. */
export function transitiveRequirements(roots: readonly ResourceState[], states: readonly ResourceState[]): Set<string> {
  const needed = new Set<string>();
  const frontier = roots.flatMap(requirements);
  const byUrn = new Map(states.map((state) => [state.urn, state]));
  for (let urn = frontier.pop(); urn !== undefined; urn = frontier.pop()) {
    if (needed.has(urn)) continue;
    needed.add(urn);
    const state = byUrn.get(urn);
    if (state !== undefined) frontier.push(...requirements(state));
  }
  return needed;
}

/** The states with every one after what it requires; otherwise in their given order. */
export function ordered(states: readonly ResourceState[]): ResourceState[] {
  const byUrn = new Map<string, ResourceState[]>();
  for (const state of states) byUrn.set(state.urn, [...(byUrn.get(state.urn) ?? []), state]);
  const done = new Set<ResourceState>();
  const result: ResourceState[] = [];
  // An explicit stack: chains of thousands of resources must not overflow the call stack.
  for (const start of states) {
    const stack: { state: ResourceState; rest: ResourceState[] }[] = [];
    const enter = (state: ResourceState): void => {
      if (done.has(state)) return;
      done.add(state);
      stack.push({ state, rest: requirements(state).flatMap((urn) => byUrn.get(urn) ?? []) });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next !== undefined) enter(next);
      else result.push((stack.pop() ?? top).state);
    }
  }
  return result;
}

/** States that may be deleted together, dependents first: each level needs nothing of the levels before it. */
export function deletionLevels(states: readonly ResourceState[]): ResourceState[][] {
  const depth = new Map<string, number>();
  const levels: ResourceState[][] = [];
  for (const state of ordered(states)) {
    let level = 0;
    for (const urn of requirements(state)) {
      const above = urn === state.urn ? undefined : depth.get(urn);
      if (above !== undefined) level = Math.max(level, above + 1);
    }
    depth.set(state.urn, Math.max(level, depth.get(state.urn) ?? 0));
    (levels[level] ??= []).push(state);
  }
  return levels.reverse();
}
