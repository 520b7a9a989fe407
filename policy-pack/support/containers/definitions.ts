import { parse } from "../iam/policy-document.ts";
import { judged, locate, type Expectation, type Located } from "../property.ts";
import type { Config, Find, Finding, Resource } from "../rule.ts";
import { Unknown, isList, isMap, type Plain, type PlainMap } from "../unknown.ts";

export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** A container of a task definition. */
export interface Container {
  /** `containerDefinitions[1]`, which is inside JSON text. */
  readonly property: string;
  /** What messages call it. */
  readonly name: string;
  readonly definition: PlainMap;
}

const PROPERTY = "containerDefinitions";
/** Whose keys are data, not names of fields. */
const MAPS: ReadonlySet<string> = new Set(["options", "dockerLabels", "driverOpts", "labels"]);
const known = new WeakMap<object, readonly Container[]>();

/**
 * The containers of a task definition, which are one JSON text. The provider takes `Image` for `image`, so both mean
 * the same here. No containers where it is not a list: the provider refuses that itself.
 */
export function containersOf({ props }: Pick<Resource, "props">): readonly Container[] | Unknown {
  const value = props[PROPERTY];
  if (value instanceof Unknown) return value;
  const list = typeof value === "string" ? parse(value) : value;
  if (!isList(list)) return [];
  const kept = known.get(list);
  if (kept !== undefined) return kept;
  const containers = list.flatMap((definition, index) => (isMap(definition) ? [read(definition, index)] : []));
  known.set(list, containers);
  return containers;
}

function read(source: PlainMap, index: number): Container {
  const definition = fieldsOf(source);
  const name = definition["name"];
  return {
    property: `${PROPERTY}[${index}]`,
    name: typeof name === "string" && name !== "" ? name : String(index + 1),
    definition,
  };
}

const fieldsOf = (source: PlainMap): PlainMap =>
  Object.fromEntries(
    Object.entries(source).map(([key, value]) => {
      const field = key.charAt(0).toLowerCase() + key.slice(1);
      return [field, MAPS.has(field) ? value : fieldsIn(value)];
    }),
  );

const fieldsIn = (value: Plain): Plain =>
  isList(value) ? value.map(fieldsIn) : isMap(value) ? fieldsOf(value) : value;

/** A check of each container; a text that is not known yet is undecided as a whole. */
export const eachContainer =
  (
    check: (container: Container, resource: Resource, config: Config, all: readonly Container[]) => readonly Finding[],
  ): Find =>
  (resource, config) => {
    const containers = containersOf(resource);
    if (containers instanceof Unknown) return [{ property: PROPERTY, unknown: containers }];
    return containers.flatMap((container) => check(container, resource, config, containers));
  };

/** The check that a property of each container is as expected. The path is one of `locate`. */
export const expectsOfContainers = (path: string, expectation: Expectation, fix: string): Find =>
  eachContainer((container) =>
    valuesIn(container, path).flatMap((value) => expected(container, value, expectation, fix)),
  );

/** Every value at a path of a container, with its place in the resource. */
export const valuesIn = ({ property, definition }: Container, path: string): readonly Located[] =>
  locate(definition, path).map((located) => ({ ...located, property: `${property}.${located.property}` }));

const expected = ({ name }: Container, located: Located, expectation: Expectation, fix: string): readonly Finding[] =>
  judged(located, expectation, fix).map((finding) =>
    "unknown" in finding ? finding : { ...finding, wrong: `in container "${name}" ${finding.wrong}` },
  );

/** A finding about one container. */
export const inContainer = ({ property, name }: Container, path: string, wrong: string, fix: string): Finding => ({
  property: `${property}.${path}`,
  wrong: `in container "${name}" ${wrong}`,
  fix,
});
