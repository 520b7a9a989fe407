import type { ResourceState } from "../state/resource.ts";
import { parseProviderReference } from "./urn.ts";

/** URNs that must exist for a resource to be usable, and therefore outlive it. */
export function requirements(state: ResourceState): string[] {
  const urns = new Set<string>(state.dependencies);
  if (state.parent !== "") urns.add(state.parent);
  if (state.provider !== "") urns.add(parseProviderReference(state.provider).urn);
  if (state.deletedWith !== "") urns.add(state.deletedWith);
  for (const list of Object.values(state.propertyDependencies)) for (const urn of list) urns.add(urn);
  return [...urns];
}

/** Everything that depends on the root, directly or not, in the order of the states. Parents do not count. */
export function dependentsOf(root: ResourceState, states: readonly ResourceState[]): ResourceState[] {
  const reached = new Set([root.urn]);
  const result: ResourceState[] = [];
  for (const state of ordered(states)) {
    if (state === root) continue;
    const needs = [
      ...state.dependencies,
      ...Object.values(state.propertyDependencies).flat(),
      ...(state.provider === "" ? [] : [parseProviderReference(state.provider).urn]),
      ...(state.deletedWith === "" ? [] : [state.deletedWith]),
    ];
    if (!needs.some((urn) => reached.has(urn))) continue;
    reached.add(state.urn);
    result.push(state);
  }
  return result;
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
