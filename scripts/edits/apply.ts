import type { ResourceState } from "../sandbox/state/resource.ts";
import { type Edit, type Edited, addResource, changeResource, named, removeResource, stepsOf } from "./edit.ts";
import { applySetting, registered, registeredBefore } from "./setting.ts";

/** A stack of the project as it would be with some edits of its program, and all that they touch. */
export async function editedBy(
  resources: readonly ResourceState[],
  edits: readonly Edit[],
  stack: string,
): Promise<Edited> {
  let current = resources;
  const changed = new Map<string, ResourceState>();
  for (const edit of edits) {
    const after = await edited(current, edit, stack);
    current = after.resources;
    for (const resource of after.changed) changed.set(resource.urn, resource);
  }
  const standing = new Set(current.map(({ urn }) => urn));
  return { resources: current, changed: [...changed.values()].filter(({ urn }) => standing.has(urn)) };
}

/** What two edits must not share to be made in one run: the resource, or the setting. */
export const placeOf = (edit: Edit): string =>
  "setting" in edit
    ? edit.setting
    : ("added" in edit ? edit.added : "removed" in edit ? edit.removed : edit.on).join(" ");

/** A stack of the project as it would be with an edit of its program. */
export async function edited(resources: readonly ResourceState[], edit: Edit, stack: string): Promise<Edited> {
  const prefix = `groundwork-${stack}-`;
  if ("setting" in edit)
    return applySetting(resources, await registeredBefore(stack), await registered(stack, edit.setting, edit.to));
  if ("added" in edit) return addResource(resources, edit.added, edit.inputs, prefix);
  if ("removed" in edit) return removeResource(resources, named(resources, edit.removed, prefix));
  const target = named(resources, edit.on, prefix);
  if ("protect" in edit) {
    const after = { ...target, protect: edit.protect };
    return { resources: resources.map((one) => (one === target ? after : one)), changed: [after] };
  }
  const changes =
    "set" in edit
      ? Object.entries(edit.set).map(([path, to]) => ({ steps: stepsOf(path), to }))
      : edit.without.map((path) => ({ steps: stepsOf(path), to: undefined }));
  return changeResource(resources, target, changes);
}
