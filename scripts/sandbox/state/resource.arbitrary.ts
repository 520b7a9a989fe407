import fc, { type Arbitrary } from "fast-check";
import { anyStoredProperties, anyStoredValue } from "../values/value.arbitrary.ts";
import type { PendingKind, PendingOperation, ResourceState, Snapshot } from "./resource.ts";

export const urnOf = (name: string): string => `urn:pulumi:dev::p::t:i:T::${name}`;

/** The least that a resource is: a custom one of no inputs. */
export const resourceOf = (urn: string, fields: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  type: "t:i:T",
  custom: true,
  id: "i",
  inputs: {},
  outputs: {},
  parent: "",
  provider: "",
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  external: false,
  delete: false,
  pendingReplacement: false,
  initErrors: [],
  additionalSecretOutputs: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  customTimeouts: undefined,
  importId: "",
  retainOnDelete: false,
  deletedWith: "",
  replaceWith: [],
  replacementTrigger: undefined,
  hideDiffs: [],
  resourceHooks: {},
  sourcePosition: "",
  created: "",
  modified: "",
  ...fields,
});

const PLAIN = { noNullPrototype: true } as const;
const text = fc.string({ unit: "grapheme", maxLength: 8 });
const texts = fc.array(text, { maxLength: 3 });
const lists = fc.dictionary(
  text.filter((key) => key !== "__proto__"),
  fc.array(text, { maxLength: 3 }),
  { maxKeys: 3, noNullPrototype: true },
);
const urn = fc.constantFrom("a", "b", "c", "d").map(urnOf);
const maybe = <Item>(item: Arbitrary<Item>): Arbitrary<Item | undefined> => fc.option(item, { nil: undefined });
const seconds = fc.nat({ max: 7200 });

export const anyResource: Arbitrary<ResourceState> = fc.record(
  {
    urn,
    type: fc.constant("t:i:T"),
    custom: fc.boolean(),
    id: text,
    inputs: anyStoredProperties,
    outputs: anyStoredProperties,
    parent: text,
    provider: text,
    dependencies: texts,
    propertyDependencies: lists,
    protect: fc.boolean(),
    external: fc.boolean(),
    delete: fc.boolean(),
    pendingReplacement: fc.boolean(),
    initErrors: texts,
    additionalSecretOutputs: texts,
    ignoreChanges: texts,
    replaceOnChanges: texts,
    customTimeouts: maybe(fc.record({ create: seconds, update: seconds, delete: seconds }, PLAIN)),
    importId: text,
    retainOnDelete: fc.boolean(),
    deletedWith: text,
    replaceWith: texts,
    replacementTrigger: maybe(anyStoredValue.map((value) => ({ value }))),
    hideDiffs: texts,
    resourceHooks: lists,
    sourcePosition: text,
    created: text,
    modified: text,
  },
  PLAIN,
);

export const anyPending: Arbitrary<PendingOperation> = fc.record(
  {
    kind: fc.constantFrom<PendingKind>("creating", "updating", "deleting", "reading", "importing"),
    resource: anyResource,
    operationId: text,
  },
  PLAIN,
);

export const anySnapshot: Arbitrary<Snapshot> = fc.record(
  {
    resources: fc.array(anyResource, { maxLength: 3 }),
    pending: fc.array(anyPending, { maxLength: 2 }),
  },
  PLAIN,
);
