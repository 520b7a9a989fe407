import type { ResourceState } from "../state/resource.ts";
import type { Context } from "./context.ts";
import { dependentsOf } from "./dependency-graph.ts";
import { replacedDependents } from "./replacements.ts";

/** Whether a URN is meant: by its whole, or by a pattern in which `*` stands for a part and `**` for any text. */
export function targetTest(targets: readonly string[]): (urn: string) => boolean {
  const patterns = targets.map(
    (target) =>
      new RegExp(
        `^${target
          .split("**")
          .map((part) => part.split("*").map(escaped).join("[^:]*"))
          .join(".*")}$`,
      ),
  );
  return (urn) => targets.length === 0 || patterns.some((pattern) => pattern.test(urn));
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Whether only some resources are to be touched. */
export const isConstrained = (context: Context): boolean => context.options.targets.length > 0;

/** Reports every target that is neither in the state nor in the program. Returns whether there was one. */
export function reportUnknownTargets(context: Context): boolean {
  const unknown = context.options.targets.filter(
    (target) => !target.includes("*") && !context.oldByUrn.has(target) && !context.registered.has(target),
  );
  for (const target of unknown)
    context.report.bail(
      "",
      `Target '${target}' could not be found in the stack.${target.includes("$") ? "" : " Did you forget to escape $ in your shell?"}`,
    );
  return unknown.length > 0;
}

/** What the targets' deletion takes along: dependents, children, and what would have to be replaced. */
export async function deletableUrns(context: Context): Promise<Set<string>> {
  const urns = new Set<string>();
  const frontier = context.olds.filter((state) => context.isTarget(state.urn));
  for (let state = frontier.shift(); state !== undefined; state = frontier.shift()) {
    if (urns.has(state.urn)) continue;
    urns.add(state.urn);
    frontier.push(...dependentsOf(state, context.olds, { children: true, ignored: urns }));
  }
  const result = new Set<string>();
  for (const urn of urns) {
    const state: ResourceState | undefined = context.oldByUrn.get(urn);
    if (state === undefined) continue;
    result.add(urn);
    for (const dependent of await replacedDependents(context, state)) result.add(dependent.state.urn);
  }
  return result;
}
