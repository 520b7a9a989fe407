import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseUrn } from "../protocol/urn.ts";
import { type Properties, type Value, hasUnknown, isProperties, revealedProperties } from "../values/value.ts";
import { type Difference, difference } from "./diff.ts";
import { checkFacts } from "./facts/conditions.ts";
import { withDefaults } from "./facts/defaults.ts";
import { factsKnown, factsOf } from "./facts/facts.ts";
import type { Faults } from "./faults.ts";
import { type Fill, completed, fillGeneric, fillUnknown, genericId } from "./generic.ts";
import { namingOf, withName } from "./names.ts";
import { type ProviderConfig, partitionOf } from "./provider-config.ts";
import { type IsGlobal, refuseReferences, valueAt, worldFrom } from "./references.ts";
import type { Schemas } from "./schema/schemas.ts";
import type { TypeSchema } from "./schema/type.ts";
import { checkSchema, normalized } from "./schema/validate.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Invoke,
  type Location,
  type Operation,
  Refusal,
  type ResourceRules,
} from "./service.ts";
import { allTags } from "./tags.ts";
import { type Claim, type CloudStore, IdTaken, NameTaken, type StoredResource } from "./world.ts";

/** What the operations work on. */
export interface Cloud {
  readonly schemas: Schemas;
  readonly store: CloudStore;
  readonly rules: Readonly<Record<string, ResourceRules>>;
  readonly invokes: Readonly<Record<string, Invoke>>;
  readonly faults: Faults;
  readonly latencyMilliseconds: number;
  readonly isGlobal: IsGlobal;
  /** Absolute: where relative paths in inputs begin. */
  readonly programDirectory: string;
}

export interface Made {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Types whose ids are no identities: every password's is `none`, and an image's is its digest. */
const sharesIds = (type: string): boolean => type.startsWith("random:") || type === "docker-build:index:Image";

const typeOf = (urn: string): string => parseUrn(urn).type;

/** Validates inputs and adds what the provider does: the generated name, the region, all tags. */
export function check(
  cloud: Cloud,
  config: ProviderConfig,
  request: { urn: string; olds: Properties; news: Properties; seed: Uint8Array },
): { inputs: Properties; failures: CheckFailure[] } {
  const { type, name } = parseUrn(request.urn);
  const schema = cloud.schemas.type(type);
  const rules = cloud.rules[type];
  const given = normalized(schema.inputs, revealedProperties(request.news));
  const naming = namingOf(type, schema, rules);
  const named =
    naming === undefined
      ? { inputs: given, failures: [] }
      : withName({ naming, name, type, olds: revealedProperties(request.olds), news: given, seed: request.seed });
  const location = locationOf(config, named.inputs);
  const inputs = withProviderInputs(schema, config, named.inputs);
  const facts = factsOf(type);
  const { tagsAll: _, ...own } = named.inputs;
  const failures = [
    ...checkSchema(cloud.schemas, schema.inputs, own, type),
    ...named.failures,
    ...(facts === undefined ? [] : checkFacts(facts, own)),
    ...(rules?.check?.(own, location) ?? []),
  ];
  return { inputs, failures: distinct(failures) };
}

// Facts and a service's rules may both know of a limit: the first word about a property is enough.
const distinct = (failures: readonly CheckFailure[]): CheckFailure[] =>
  failures.filter(({ property }, index) => failures.findIndex((other) => other.property === property) === index);

/** The AWS provider puts its region and all tags into the inputs, so that a change of either shows. */
function withProviderInputs(schema: TypeSchema, config: ProviderConfig, inputs: Properties): Properties {
  if (config.packageName !== "aws") return inputs;
  return {
    ...inputs,
    ...("region" in schema.inputs && inputs["region"] === undefined ? { region: config.location.region } : {}),
    ...("tags" in schema.inputs && "tagsAll" in schema.outputs
      ? { tagsAll: allTags(inputs["tags"], config.tags) }
      : {}),
  };
}

export interface Diffed extends Difference {
  /** Whether it is recorded what replaces the type. */
  readonly factsKnown: boolean;
}

export function diff(
  cloud: Cloud,
  request: {
    urn: string;
    oldInputs: Properties;
    oldOutputs: Properties;
    news: Properties;
    ignored: readonly string[];
  },
): Diffed {
  const type = typeOf(request.urn);
  const rules = cloud.rules[type];
  const found = difference({
    type,
    olds: revealedProperties(request.oldInputs),
    news: revealedProperties(request.news),
    outputs: revealedProperties(request.oldOutputs),
    ignored: request.ignored,
    rules,
    naming: namingOf(type, cloud.schemas.type(type), rules),
  });
  return { ...found, factsKnown: factsKnown(type) || rules?.replaces !== undefined };
}

/** What Create will give, as far as anyone can know: computed outputs are unknown. */
export function previewCreate(cloud: Cloud, urn: string, news: Properties): Properties {
  const type = typeOf(urn);
  return assembled(cloud, cloud.schemas.type(type), revealedProperties(news), {}, fillUnknown);
}

/** Makes the resource. The same operation id gives what was made before. Throws a `Refusal`. */
export async function create(
  cloud: Cloud,
  config: ProviderConfig,
  { urn, news, operationId }: { urn: string; news: Properties; operationId: string },
): Promise<Made> {
  const made = operationId === "" ? undefined : cloud.store.byOperation(operationId);
  if (made?.urn === urn) return made;
  await before(cloud, urn);
  const type = typeOf(urn);
  const rules = cloud.rules[type];
  const schema = cloud.schemas.type(type);
  const inputs = revealedProperties(news);
  const { operation, id, generation } = identified(cloud, schema, urn, inputs, locationOf(config, inputs));
  refuse(refuseReferences(rules, operation, cloud.store, cloud.isGlobal));
  refuse(rules?.refuseCreate?.(operation));
  const outputs = assembled(
    cloud,
    schema,
    inputs,
    rules?.computed?.(operation, id) ?? {},
    fillGeneric(cloud.schemas, schema, operation, id),
  );
  const resource: CloudResource = { type, id, urn, location: operation.location, inputs, outputs };
  return settle(rules, operation, () =>
    cloud.store.insert({
      resource,
      claims: claimsOf(rules, operation),
      companions: rules?.companions?.(operation, id) ?? [],
      operation: operationId,
      generation,
      sharedId: sharesIds(type),
    }),
  );
}

// A replacement that is made before its predecessor goes has the same URN; more than a few never meet.
const MAX_GENERATIONS = 64;

/** The first generation whose id is free; the last one tried where the id does not depend on it. */
function identified(
  cloud: Cloud,
  schema: TypeSchema,
  urn: string,
  inputs: Properties,
  location: Location,
): { operation: Operation; id: string; generation: number } {
  const type = schema.token;
  const idOf = (operation: Operation): string => cloud.rules[type]?.id?.(operation) ?? genericId(schema, operation);
  let last = "";
  for (let generation = 0; ; generation++) {
    const operation = makeOperation(cloud, { type, urn, inputs, location, existing: undefined, generation });
    const id = idOf(operation);
    const free = sharesIds(type) || cloud.store.find(type, id, location) === undefined;
    if (free || id === last || generation === MAX_GENERATIONS) return { operation, id, generation };
    last = id;
  }
}

/** Changes the resource in place. Throws a `Refusal`. */
export async function update(
  cloud: Cloud,
  config: ProviderConfig,
  { urn, id, news, oldOutputs }: { urn: string; id: string; news: Properties; oldOutputs: Properties },
): Promise<Properties> {
  await before(cloud, urn);
  const type = typeOf(urn);
  const inputs = revealedProperties(news);
  const existing = existingOf(cloud, config, urn, id, { ...revealedProperties(oldOutputs), ...inputs });
  if (existing === undefined)
    throw new Refusal("ResourceNotFound", `${type} ${id} does not exist any more: run a refresh`);
  const rules = cloud.rules[type];
  const operation = operationOn(cloud, existing, inputs);
  refuse(refuseReferences(rules, operation, cloud.store, cloud.isGlobal));
  refuse(rules?.refuseUpdate?.(operation));
  const resource: CloudResource = { ...existing, inputs, outputs: updatedOutputs(cloud, existing, operation) };
  return settle(rules, operation, () =>
    cloud.store.update(existing.key, {
      resource,
      claims: claimsOf(rules, operation),
      companions: rules?.companions?.(operation, id) ?? [],
    }),
  ).outputs;
}

/** What Update will give: the same as the update itself where everything is known. */
export function previewUpdate(
  cloud: Cloud,
  config: ProviderConfig,
  { urn, id, news, oldOutputs }: { urn: string; id: string; news: Properties; oldOutputs: Properties },
): Properties {
  const inputs = revealedProperties(news);
  const outputs = revealedProperties(oldOutputs);
  const existing = existingOf(cloud, config, urn, id, { ...outputs, ...inputs });
  if (existing !== undefined && !Object.values(inputs).some(hasUnknown))
    return updatedOutputs(cloud, existing, operationOn(cloud, existing, inputs));
  return assembled(cloud, cloud.schemas.type(typeOf(urn)), inputs, {}, keeping(outputs, fillUnknown));
}

function updatedOutputs(cloud: Cloud, existing: StoredResource, operation: Operation): Properties {
  const schema = cloud.schemas.type(existing.type);
  return assembled(
    cloud,
    schema,
    operation.inputs,
    cloud.rules[existing.type]?.computed?.(operation, existing.id) ?? {},
    keeping(existing.outputs, fillGeneric(cloud.schemas, schema, operation, existing.id)),
  );
}

/** What the provider computed stays as it was. */
const keeping =
  (outputs: Properties, otherwise: Fill): Fill =>
  (property, type, path) =>
    valueAt(outputs, path) ?? otherwise(property, type, path);

/** The resource as the cloud holds it; undefined where it does not exist in the provider's account and region. */
export function read(
  cloud: Cloud,
  config: ProviderConfig,
  { urn, id, state, operationId }: { urn: string; id: string; state: Properties; operationId: string },
): StoredResource | undefined {
  if (id !== "") return existingOf(cloud, config, urn, id, revealedProperties(state));
  const made = operationId === "" ? undefined : cloud.store.byOperation(operationId);
  return made?.urn === urn ? made : undefined;
}

/** Removes the resource; what is gone already is fine. Throws a `Refusal`. */
export async function remove(
  cloud: Cloud,
  config: ProviderConfig,
  { urn, id, state }: { urn: string; id: string; state: Properties },
): Promise<void> {
  await before(cloud, urn);
  const existing = existingOf(cloud, config, urn, id, revealedProperties(state));
  if (existing === undefined) return;
  const rules = cloud.rules[existing.type];
  const operation = operationOn(cloud, existing, existing.inputs);
  refuse(rules?.refuseDelete?.(operation));
  const taken = rules?.takes?.(operation) ?? [];
  cloud.store.remove(existing.key, rules?.leaves?.(operation) ?? []);
  for (const { type, id: takenId, location, urn: takenUrn } of taken) {
    const found = cloud.store.find(type, takenId, location, takenUrn);
    if (found !== undefined) cloud.store.remove(found.key, []);
  }
}

/** Throws a `Refusal` where the service fails, and an error where the invoke is not known. */
export function invoke(cloud: Cloud, config: ProviderConfig, token: string, args: Properties): Properties {
  const known = cloud.invokes[token];
  if (known === undefined) {
    const packageName = token.slice(0, token.indexOf(":") + 1);
    const others = Object.keys(cloud.invokes).filter((name) => name.startsWith(packageName));
    throw new Refusal(
      "UnknownInvoke",
      `the sandbox's cloud does not answer ${token}; of this package it answers ${others.length === 0 ? "none" : others.sort().join(", ")}`,
    );
  }
  const location = locationOf(config, args);
  return known(args, { location, world: worldFrom(cloud.store, location, cloud.programDirectory) });
}

/** A resource may name another region than its provider's. */
function locationOf({ location }: ProviderConfig, properties: Properties): Location {
  const region = properties["region"];
  return location.region !== "" && typeof region === "string" && region !== "" && region !== location.region
    ? { ...location, region, partition: partitionOf(region) }
    : location;
}

const existingOf = (
  cloud: Cloud,
  config: ProviderConfig,
  urn: string,
  id: string,
  state: Properties,
): StoredResource | undefined => cloud.store.find(typeOf(urn), id, locationOf(config, state), urn);

interface OperationParts {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Properties;
  readonly location: Location;
  readonly existing: CloudResource | undefined;
  readonly generation: number;
}

function makeOperation(cloud: Cloud, parts: OperationParts): Operation {
  const { type, urn, inputs, location, existing, generation } = parts;
  const { name, stack } = parseUrn(urn);
  const seed = `${location.account}\n${location.region}\n${urn}\n${generation}`;
  return {
    type,
    urn,
    name,
    stack,
    location,
    inputs,
    existing,
    world: worldFrom(cloud.store, location, cloud.programDirectory),
    hex: (label, length) => hexOf(`${seed}\n${label}`, length),
  };
}

/** On what exists, values are made from where and as what it was made: an import keeps its own URN. */
const operationOn = (cloud: Cloud, existing: StoredResource, inputs: Properties): Operation =>
  makeOperation(cloud, { ...existing, inputs, existing });

function hexOf(seed: string, length: number): string {
  let text = "";
  for (let block = 0; text.length < length; block++)
    text += createHash("sha256").update(`${seed}\n${block}`).digest("hex");
  return text.slice(0, length);
}

/** Inputs, defaults, what rules compute, and the rest of what the schema says is always there. */
function assembled(cloud: Cloud, schema: TypeSchema, inputs: Properties, computed: Properties, fill: Fill): Properties {
  const given = Object.fromEntries(Object.entries(inputs).filter(([key]) => !isWriteOnly(schema, key)));
  const known = withDefaults(factsOf(schema.token), given);
  const outputs = completed(cloud.schemas, schema.outputs, merged(known, computed), fill);
  // A default of a property that the type does not give out is nobody's output.
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => key in schema.outputs || key in computed));
}

/** Rules may compute a part of an object that the program gives. */
function merged(given: Properties, computed: Properties): Properties {
  const result: Properties = { ...given };
  for (const [key, value] of Object.entries(computed)) {
    const before: Value | undefined = result[key];
    result[key] = isProperties(before) && isProperties(value) ? merged(before, value) : value;
  }
  return result;
}

/** `secretStringWo`, which comes with `secretStringWoVersion`, is sent and never kept. */
const isWriteOnly = (schema: TypeSchema, property: string): boolean =>
  property.endsWith("Wo") && `${property}Version` in schema.inputs;

function claimsOf(rules: ResourceRules | undefined, { inputs, location }: Operation): Claim[] {
  return (rules?.unique ?? []).flatMap(({ property, within }) => {
    const name = inputs[property];
    const scope =
      within === "world" ? "" : within === "account" ? location.account : `${location.account}/${location.region}`;
    return typeof name === "string" && name !== "" ? [{ property, scope, name }] : [];
  });
}

/** Stores, and says in the service's words what was taken. */
function settle(rules: ResourceRules | undefined, operation: Operation, store: () => StoredResource): StoredResource {
  try {
    return store();
  } catch (error) {
    if (error instanceof NameTaken) {
      const unique = rules?.unique?.find(({ property }) => property === error.property);
      throw unique?.refuse(error.claimed, operation) ?? error;
    }
    if (error instanceof IdTaken) {
      const holder = error.holder.urn === "" ? "the service itself" : error.holder.urn;
      throw new Refusal("AlreadyExists", `${operation.type} ${error.holder.id} exists already; ${holder} made it`);
    }
    throw error;
  }
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw refusal;
}

/** The wait and the failures that the user asked for. */
async function before(cloud: Cloud, urn: string): Promise<void> {
  if (cloud.latencyMilliseconds > 0) await sleep(cloud.latencyMilliseconds);
  const failure = cloud.faults.next(typeOf(urn), urn);
  if (failure !== undefined) throw new Error(failure);
}
