import { UNKNOWN, type Value, isProperties } from "../values/value.ts";
import { textsUnder } from "./fields.ts";
import type { CloudResource, Location, Operation, Refusal, ResourceRules, World } from "./service.ts";
import type { CloudStore } from "./world.ts";

/** Whether the type has one place per account: the resources of services without regions. */
export type IsGlobal = (type: string) => boolean;

/** The world as one place sees it: of several resources with an id, the one here goes first. */
export function worldFrom(store: CloudStore, location: Location, directory: string): World {
  return {
    byId: (type, id) => store.find(type, id, location) ?? store.byId(type, id),
    all: (type) => store.all(type),
    directory,
  };
}

/** The first input that names what does not exist where the service looks for it. */
export function refuseReferences(
  rules: ResourceRules | undefined,
  operation: Operation,
  store: CloudStore,
  isGlobal: IsGlobal,
): Refusal | undefined {
  for (const reference of rules?.references ?? []) {
    const { types, by, within = "region", refuse } = reference;
    for (const { text } of textsUnder(operation.inputs, reference.property)) {
      const found = types.some((type) =>
        candidates(store, type, by, text, operation.location).some(
          (resource) =>
            within === "world" ||
            (resource.location.account === operation.location.account &&
              (within === "account" ||
                isGlobal(type) ||
                isGlobal(operation.type) ||
                resource.location.region === operation.location.region)),
        ),
      );
      if (!found) return refuse(text, operation);
    }
  }
  return undefined;
}

function candidates(store: CloudStore, type: string, by: string, value: string, location: Location): CloudResource[] {
  if (by === "id") {
    const found = store.find(type, value, location) ?? store.byId(type, value);
    return found === undefined ? [] : [found];
  }
  return store.all(type).filter(({ outputs, inputs }) => (outputs[by] ?? inputs[by]) === value);
}

/** The value at a path of keys and indices, `rules[0].id`; undefined where there is none. */
export function valueAt(properties: Value, path: string): Value | undefined {
  let value: Value | undefined = properties;
  for (const match of path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)) {
    const [, index, key] = match;
    if (value === UNKNOWN) return UNKNOWN;
    if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined;
    else value = isProperties(value) ? value[key ?? ""] : undefined;
  }
  return value;
}
