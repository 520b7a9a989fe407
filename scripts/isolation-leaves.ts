import type { StackFacts } from "./isolation.ts";
import { Asset, Archive, OutputValue, ResourceReference, Secret, Unknown, type Value } from "./sandbox/values/value.ts";

export interface Leaf {
  readonly text: string;
  readonly path: string;
  readonly secret: boolean;
  /** Whether it is a key of a map, not a value. */
  readonly isKey?: boolean;
}

/** Everything that is looked at in a stack: `where` is a resource's URN, or a config key. */
export function* leavesOf({ config, resources }: StackFacts): Generator<{ where: string; leaf: Leaf }> {
  for (const [where, text] of config) yield { where, leaf: { text, path: "", secret: false } };
  for (const { urn: where, id, provider, inputs, outputs } of resources) {
    yield { where, leaf: { text: id, path: "id", secret: false } };
    yield { where, leaf: { text: provider, path: "provider", secret: false } };
    for (const leaf of leaves("inputs", inputs, false)) yield { where, leaf };
    for (const leaf of leaves("outputs", outputs, false)) yield { where, leaf };
  }
}

/** Every scalar and every key inside a value, secrets included. */
export function leaves(path: string, value: Value, secret: boolean): Leaf[] {
  if (value === null || typeof value === "boolean" || value instanceof Unknown) return [];
  if (typeof value === "string" || typeof value === "number") return [{ text: String(value), path, secret }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(`${path}[${index}]`, item, secret));
  if (value instanceof Secret) return leaves(path, value.value, true);
  if (value instanceof OutputValue)
    return value.value === undefined ? [] : leaves(path, value.value, secret || value.secret);
  if (value instanceof ResourceReference)
    return [
      { text: value.urn, path, secret },
      ...(typeof value.id === "string" ? [{ text: value.id, path, secret }] : []),
    ];
  if (value instanceof Asset || value instanceof Archive)
    return leaves(
      path,
      Object.values(value.source).filter((part) => typeof part === "string"),
      secret,
    );
  return Object.entries(value).flatMap(([key, item]) => {
    const inside = path === "" ? key : `${path}.${key}`;
    return [{ text: key, path: inside, secret, isKey: true }, ...leaves(inside, item, secret)];
  });
}
