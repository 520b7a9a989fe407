import type { StackResource } from "../support/rule.ts";
import { Unknown, type PlainMap } from "../support/unknown.ts";

/** Resources as checks see them, for tests of support without the pack's process. */

/** A value that is not known at preview. */
export const unknown = new Unknown(new Error("not known"));

/** A resource of the staging stack; `references` says from which others its properties came. */
export const resource = (
  type: string,
  name: string,
  props: PlainMap = {},
  references: Readonly<Record<string, readonly Pick<StackResource, "urn">[]>> = {},
): StackResource => ({
  type,
  name,
  urn: `urn:pulumi:staging::groundwork::${type}::${name}`,
  props,
  protect: false,
  provider: undefined,
  parent: "",
  dependencies: new Set(),
  references: new Map(Object.entries(references).map(([input, from]) => [input, new Set(from.map(({ urn }) => urn))])),
});

export const namesOf = (resources: readonly StackResource[]): readonly string[] => resources.map(({ name }) => name);
