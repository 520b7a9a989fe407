import { z } from "zod";
import type { PropertyValues } from "./engine.ts";
import { SECRET_TEXT, cut } from "../sandbox/cli/display/value-text.ts";
import { parsePath } from "../sandbox/engine/property-path.ts";
import { SIGNATURE_KEY } from "../sandbox/values/wire.ts";

/** A resource before or after a step, as an engine event has it. Pulumi has taken the secrets out. */
export const eventState = z.object({
  id: z.string().nullish(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
});

type EventState = z.infer<typeof eventState>;

export const VALUE_WIDTH = 200;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What Pulumi has put in a secret's place: its mask, or an envelope whose text is sealed. */
const isMask = (value: unknown): boolean =>
  value === SECRET_TEXT || (isObject(value) && Object.hasOwn(value, SIGNATURE_KEY));

/** With every mask as a text. */
function masked(value: unknown): unknown {
  if (isMask(value)) return SECRET_TEXT;
  if (Array.isArray(value)) return value.map(masked);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one)])) : value;
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  let now = value;
  for (const part of path) {
    // What stands in a secret is as secret.
    if (isMask(now)) return SECRET_TEXT;
    if (Array.isArray(now) && typeof part === "number") now = now[part] as unknown;
    else if (isObject(now) && Object.hasOwn(now, String(part))) now = now[String(part)];
    else return undefined;
  }
  return now;
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return isMask(value) ? SECRET_TEXT : cut(JSON.stringify(masked(value)), VALUE_WIDTH);
}

/** What a refresh found of the named properties. A value that is secret on one side is masked on both. */
export function refreshValues(
  paths: readonly string[],
  old: EventState | null | undefined,
  now: EventState | null | undefined,
): readonly PropertyValues[] {
  const find = (state: EventState | null | undefined, path: string): unknown => {
    const parts = parsePath(path);
    return at(state?.outputs, parts) ?? at(state?.inputs, parts);
  };
  return paths.map((path) => {
    const [was, is] = [text(find(old, path)), text(find(now, path))];
    const secret = was === SECRET_TEXT || is === SECRET_TEXT;
    const shown = (one: string | undefined): string | undefined => (secret && one !== undefined ? SECRET_TEXT : one);
    return { path, was: shown(was), is: shown(is) };
  });
}
