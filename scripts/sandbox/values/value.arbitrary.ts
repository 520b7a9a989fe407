import fc, { type Arbitrary } from "fast-check";
import {
  Archive,
  Asset,
  OutputValue,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  type Value,
} from "./value.ts";

// Half a surrogate pair has no UTF-8 form, so that no message can carry it.
export const anyText = fc.string({ unit: "grapheme", maxLength: 12 });
const anyName = fc.string({ minLength: 1, maxLength: 12 });
// JSON knows no -0; the SDK, too, would lose a key `__proto__`.
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const anyKey = anyText.filter((key) => key !== "__proto__");
const anyUrn = anyName.map((name) => `urn:pulumi:dev::p::t:i:T::${name}`);
const anyHash = fc.stringMatching(/^[0-9a-f]{0,64}$/);

const mapOf = <Item>(item: Arbitrary<Item>): Arbitrary<Record<string, Item>> =>
  fc.dictionary(anyKey, item, { maxKeys: 4, noNullPrototype: true });

const anyAsset = fc
  .tuple(
    anyHash,
    fc.oneof(
      fc.constant({}),
      anyText.map((text) => ({ text })),
      anyName.map((path) => ({ path })),
      anyName.map((uri) => ({ uri })),
    ),
  )
  .map(([hash, source]) => new Asset(hash, source));

const { archive: anyArchive } = fc.letrec<{ archive: Archive }>((tie) => ({
  archive: fc
    .tuple(
      anyHash,
      fc.oneof(
        { depthSize: "small" },
        fc.constant({}),
        anyName.map((path) => ({ path })),
        anyName.map((uri) => ({ uri })),
        mapOf(fc.oneof(anyAsset, tie("archive"))).map((assets) => ({ assets })),
      ),
    )
    .map(([hash, source]) => new Archive(hash, source)),
}));

const anyReference = fc
  .tuple(anyUrn, fc.option(fc.oneof(anyName, fc.constant(UNKNOWN)), { nil: undefined }), fc.constantFrom("", "1.2.3"))
  .map(([urn, id, version]) => new ResourceReference(urn, id, version));

const leaf: Arbitrary<Value> = fc.oneof(fc.constant(null), fc.boolean(), anyNumber, anyText);

/** Values of every kind, or of every kind that a state holds (no outputs). */
const values = (withOutputs: boolean): Arbitrary<Value> =>
  fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.constant(UNKNOWN),
      anyAsset,
      anyArchive,
      anyReference,
      fc.array(tie("value"), { maxLength: 4 }),
      mapOf(tie("value")),
      tie("value").map((value) => new Secret(value)),
      ...(withOutputs ? [anyOutput(tie("value"))] : []),
    ),
  })).value;

const anyOutput = (inner: Arbitrary<Value>): Arbitrary<OutputValue> =>
  fc
    .tuple(
      // An output of the unknown value is an output without value.
      fc.option(inner, { nil: undefined }).map((value) => (value === UNKNOWN ? undefined : value)),
      fc.boolean(),
      fc.array(anyUrn, { maxLength: 2 }),
    )
    .map(([value, secret, dependencies]) => new OutputValue(value, secret, dependencies));

export const anyValue = values(true);
export const anyProperties: Arbitrary<Properties> = mapOf(anyValue);
export const anyStoredValue = values(false);
export const anyStoredProperties: Arbitrary<Properties> = mapOf(anyStoredValue);

const WRAPPERS: Readonly<Record<string, (value: Value) => Value>> = {
  list: (value) => ["plain", value],
  map: (value) => ({ plain: 1, deep: value }),
  secret: (value) => new Secret(value),
  output: (value) => new OutputValue(value, false, []),
  "secret output": (value) => new OutputValue(value, true, []),
};

/** The value somewhere inside lists, maps, secrets, and outputs. */
export const hidden = (value: Value): Arbitrary<Value> =>
  fc
    .array(fc.constantFrom(...Object.values(WRAPPERS)), { maxLength: 4 })
    .map((wrappers) => wrappers.reduce((inner, wrap) => wrap(inner), value));
