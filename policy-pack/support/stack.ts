import type { StackResource } from "./rule.ts";
import { elements, firstUnknown, locate } from "./property.ts";
import { stackOf } from "./urn.ts";
import { isList, isMap, type Plain } from "./unknown.ts";

/** All that a stack holds, as stack rules ask about it. */
export interface Stack {
  /** "staging"; "" for an empty stack. */
  readonly name: string;
  readonly resources: readonly StackResource[];
  readonly ofType: (types: readonly string[]) => readonly StackResource[];
  readonly byUrn: (urn: string) => StackResource | undefined;
}

export function stackFrom(resources: readonly StackResource[]): Stack {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const byType = Map.groupBy(resources, ({ type }) => type);
  return {
    name: stackOf(resources[0]?.urn ?? ""),
    resources,
    ofType: (types) => types.flatMap((type) => byType.get(type) ?? []),
    byUrn: (urn) => byUrn.get(urn),
  };
}

const IDENTITIES = ["id", "arn", "name", "bucket", "url", "dnsName", "repositoryUrl"];

/** What others call a resource: its id, its ARN, its name, as far as they are known. */
export function identitiesOf({ props }: StackResource): ReadonlySet<string> {
  return new Set(
    IDENTITIES.map((key) => props[key]).filter((value) => typeof value === "string" && value !== "") as string[],
  );
}

/**
 * Whether a property of one resource names another: by its id, ARN, or name where the property is known; by the URN
 * that the property came from where it is not known yet. The path is one of `locate`, whose first step is an input.
 */
export function refersTo(from: StackResource, path: string, to: StackResource): boolean {
  const values = locate(from.props, path).flatMap(elements);
  const names = identitiesOf(to);
  if (values.some(({ value }) => typeof value === "string" && names.has(value))) return true;
  const decided = values.length > 0 && values.every(({ value }) => firstUnknown(value) === undefined);
  return !(decided && names.size > 0 && !hasUnknownIdentity(to)) && cameFrom(from, path, to);
}

// Not every engine puts the id among the outputs: where it is missing, it is as unknown as one of a preview.
export const hasUnknownIdentity = ({ props }: StackResource): boolean =>
  props["id"] === undefined || IDENTITIES.some((key) => firstUnknown(props[key]) !== undefined);

/** Whether the value of a property came from another resource, whatever it is. */
export function cameFrom(from: StackResource, path: string, to: StackResource): boolean {
  const [input = ""] = path.split(/[.[]/);
  return from.references.get(input)?.has(to.urn) ?? false;
}

/** Whether anything of one resource came from another, or holds its id or ARN in some text. */
export function uses(from: StackResource, to: StackResource): boolean {
  if (from.dependencies.has(to.urn)) return true;
  if ([...from.references.values()].some((urns) => urns.has(to.urn))) return true;
  const names = [to.props["id"], to.props["arn"]].filter((value) => typeof value === "string" && value.length > 3);
  return names.some((name) => holds(from.props, name as string));
}

function holds(value: Plain, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  const children: readonly Plain[] = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return children.some((child) => holds(child, text));
}
