import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { CustomTimeouts } from "../state/resource.ts";
import type { Properties } from "../values/value.ts";
import { makeUrn, nameOf, parseUrn } from "../protocol/urn.ts";

/** What the program wants of one resource, after transforms, defaults, and inheritance. */
export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly parent: string;
  /** `URN::ID`, "" for components and providers. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  /** Undefined leaves it to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replaceWith: readonly string[];
  readonly replacementTrigger: Properties | undefined;
  readonly hideDiffs: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** What the resource was called before. */
  readonly aliases: readonly Alias[];
  readonly customTimeouts: CustomTimeouts | undefined;
  readonly importId: string;
  readonly hooks: Readonly<Record<string, string[]>>;
  readonly sourcePosition: string;
}

/** One alias as the program gives it: a whole URN, or the parts that were different. */
export type Alias =
  | { readonly urn: string }
  | {
      readonly name: string;
      readonly type: string;
      readonly stack: string;
      readonly project: string;
      /** Undefined: the same parent as now. "": no parent. */
      readonly parent: string | undefined;
    };

export function decodeAliases(
  list: messages.RegisterResourceRequest["getAliasesList"] extends () => infer R ? R : never,
): Alias[] {
  return list.map((alias) => {
    if (alias.hasUrn()) return { urn: alias.getUrn() };
    const spec = alias.getSpec();
    return {
      name: spec?.getName() ?? "",
      type: spec?.getType() ?? "",
      stack: spec?.getStack() ?? "",
      project: spec?.getProject() ?? "",
      parent:
        spec?.hasNoparent() === true && spec.getNoparent()
          ? ""
          : spec?.hasParenturn() === true
            ? spec.getParenturn()
            : undefined,
    };
  });
}

/**
 * The URNs that a resource may have in the state: its own aliases, each under every URN its parent had, and its
 * present name under its parent's former URNs. Where a parent was renamed, a child that carries the parent's name
 * as its prefix was renamed with it. `formerUrn` tells under which URN another parent was found.
 */
export function aliasUrns(
  urn: string,
  parent: string,
  aliases: readonly Alias[],
  parentAliases: readonly string[],
  formerUrn: (urn: string) => string | undefined = () => undefined,
): string[] {
  const own = parseUrn(urn);
  const found = new Set<string>();
  const parentName = parent === "" ? "" : nameOf(parent);
  for (const alias of aliases) {
    if ("urn" in alias) {
      found.add(alias.urn);
      continue;
    }
    const name = alias.name || own.name;
    const type = alias.type || own.type;
    const stack = alias.stack || own.stack;
    const project = alias.project || own.project;
    const given = alias.parent ?? parent;
    const former = alias.parent === undefined ? undefined : formerUrn(given);
    for (const formerParent of former === undefined ? [given] : [former, given])
      found.add(makeUrn(stack, project, formerParent, type, name));
    for (const parentAlias of parentAliases)
      found.add(makeUrn(stack, project, parentAlias, type, renamed(name, parentName, nameOf(parentAlias))));
  }
  for (const parentAlias of parentAliases)
    found.add(
      makeUrn(own.stack, own.project, parentAlias, own.type, renamed(own.name, parentName, nameOf(parentAlias))),
    );
  found.delete(urn);
  return [...found];
}

const renamed = (name: string, parentName: string, formerParentName: string): string =>
  parentName !== "" && name.startsWith(parentName) ? formerParentName + name.slice(parentName.length) : name;

/** "30s", "5m", "1h30m" as seconds. Empty is 0. */
export function parseDuration(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    seconds += Number(amount) * (units[unit ?? ""] ?? 0);
  return seconds;
}

export function decodeTimeouts(
  timeouts: messages.RegisterResourceRequest.CustomTimeouts | undefined,
): CustomTimeouts | undefined {
  if (timeouts === undefined) return undefined;
  const decoded = {
    create: parseDuration(timeouts.getCreate()),
    update: parseDuration(timeouts.getUpdate()),
    delete: parseDuration(timeouts.getDelete()),
  };
  return decoded.create + decoded.update + decoded.delete === 0 ? undefined : decoded;
}

/** A custom resource with no options. */
export function plainGoal(urn: string, type: string, name: string): Goal {
  return {
    urn,
    type,
    name,
    custom: true,
    inputs: {},
    parent: "",
    provider: "",
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    retainOnDelete: false,
    deletedWith: "",
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    replaceWith: [],
    replacementTrigger: undefined,
    hideDiffs: [],
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: undefined,
    importId: "",
    hooks: {},
    sourcePosition: "",
  };
}
