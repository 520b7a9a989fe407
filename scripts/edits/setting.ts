import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, type CapturedResource } from "../../infra/capture.ts";
import { environmentStack } from "../../infra/environment-stack.ts";
import { projectDefaults, stackFileConfig } from "../../infra/settings/config-file.ts";
import { resolveSettings, type Settings } from "../../infra/settings/settings.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import type { Value } from "../sandbox/values/value.ts";
import { withChanges, type Change, type Edited } from "./edit.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const fileOf = (stack: string) => stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork");

const unedited = new Map<string, ReadonlyMap<string, CapturedResource>>();

/** What the program registers for a stack as it stands; once for all edits. */
export async function registeredBefore(stack: string): Promise<ReadonlyMap<string, CapturedResource>> {
  const known = unedited.get(stack) ?? (await registered(stack));
  unedited.set(stack, known);
  return known;
}

/** What the program registers for a stack, with one choice of environments.ts changed, by type and name. */
export async function registered(
  stack: string,
  setting?: string,
  to?: unknown,
): Promise<ReadonlyMap<string, CapturedResource>> {
  const files = {
    defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
    staging: fileOf("staging"),
    production: fileOf("production"),
  };
  const given = fileOf(stack);
  const settings: Record<string, unknown> = { ...resolveSettings({ project: "groundwork", stack, given, files }) };
  if (setting !== undefined) {
    const [area = "", key = ""] = setting.split(".");
    if (!(key in (settings[area] as object))) throw new Error(`there is no choice ${setting}`);
    settings[area] = { ...(settings[area] as object), [key]: to };
  }
  const { resources } = await capture(() => void environmentStack(settings as unknown as Settings), { stack });
  return new Map(resources.map((resource) => [keyOf(resource.type, resource.name), resource]));
}

const keyOf = (type: string, name: string): string => `${type} ${name}`;

/**
 * Does to a stack's state what a changed setting does to the program's registrations: the leaves that differ, and
 * what is gone or new. Ids and ARNs stay those of the state.
 */
export function applySetting(
  resources: readonly ResourceState[],
  before: ReadonlyMap<string, CapturedResource>,
  after: ReadonlyMap<string, CapturedResource>,
): Edited {
  const changed: ResourceState[] = [];
  const kept = resources.flatMap((resource) => {
    const key = keyOf(resource.type, resource.urn.split("::").at(-1) ?? "");
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined) return [resource];
    if (is === undefined) return [];
    const changes = leafChanges(was.inputs as Value, is.inputs as Value);
    if (changes.length === 0 && was.protect === is.protect) return [resource];
    const edited: ResourceState = {
      ...resource,
      protect: is.protect,
      inputs: withChanges(resource.inputs, changes),
      outputs: withChanges(resource.outputs, changes),
    };
    changed.push(edited);
    return [edited];
  });
  return { resources: kept, changed };
}

/** The leaves in which two values differ, also inside JSON text. */
export function leafChanges(
  before: Value | undefined,
  after: Value | undefined,
  steps: readonly string[] = [],
): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [from, to] = [opened(before), opened(after)];
  if (from === undefined || to === undefined || Array.isArray(from) !== Array.isArray(to))
    return [{ steps, to: after }];
  // From the end, so that removed elements do not move those before them.
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].reverse();
  return keys.flatMap((key) => leafChanges(from[key], to[key], [...steps, key]));
}

type Tree = Record<string, Value>;

function opened(value: Value | undefined): Tree | undefined {
  if (typeof value === "string") return /^[[{]/.test(value) ? opened(JSON.parse(value) as Value) : undefined;
  return typeof value === "object" && value !== null ? (value as unknown as Tree) : undefined;
}
