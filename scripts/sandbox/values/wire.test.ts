import assert from "node:assert/strict";
import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { anyProperties } from "./value.arbitrary.ts";
import { Archive, Asset, OutputValue, type Properties, ResourceReference, Secret, UNKNOWN } from "./value.ts";
import { FULL, fromStruct, SIGNATURE_KEY, SIGNATURES, toStruct, UNKNOWN_MARK, type WireOptions } from "./wire.ts";

const { Struct } = structs;
const URN = "urn:pulumi:dev::p::t:i:T::n";

/** What a receiver reads after the message went over the wire as bytes. */
const received = (properties: Properties, options: WireOptions): Properties =>
  fromStruct(Struct.deserializeBinary(toStruct(properties, options).serializeBinary()));

const json = (properties: Properties, options: WireOptions): unknown => toStruct(properties, options).toJavaScript();

describe("property values on the wire", () => {
  it("survive the round trip, whatever they are", () => {
    fc.assert(fc.property(anyProperties, (properties) => assert.deepEqual(received(properties, FULL), properties)));
  });

  it("read an absent struct as no properties", () => {
    assert.deepEqual(fromStruct(undefined), {});
  });

  it("refuse a signature that they do not know", () => {
    const struct = Struct.fromJavaScript({ a: { [SIGNATURE_KEY]: "0123" } });
    assert.throws(() => fromStruct(struct), {
      name: "TypeError",
      message: 'unknown signature "0123" in a property value',
    });
  });

  it("read the empty id of a reference, which other engines send, as unknown", () => {
    const reference = { [SIGNATURE_KEY]: SIGNATURES.resource, urn: URN, id: "", packageVersion: "" };
    const struct = Struct.fromJavaScript({ a: reference });
    assert.deepEqual(fromStruct(struct), { a: new ResourceReference(URN, UNKNOWN, "") });
  });

  it("read an output that carries the unknown value as an output without value", () => {
    const output = { [SIGNATURE_KEY]: SIGNATURES.output, value: UNKNOWN_MARK, secret: true };
    const struct = Struct.fromJavaScript({ a: output });
    assert.deepEqual(fromStruct(struct), { a: new OutputValue(undefined, true, []) });
  });
});

describe("what a receiver does not understand", () => {
  const reductions: { never: string; option: Partial<WireOptions>; mark: string }[] = [
    { never: "a secret", option: { secrets: false }, mark: SIGNATURES.secret },
    { never: "a reference", option: { references: false }, mark: SIGNATURES.resource },
    { never: "an output", option: { outputs: false }, mark: SIGNATURES.output },
    { never: "an unknown", option: { unknowns: false }, mark: UNKNOWN_MARK },
  ];
  const anyOptions = fc.record({
    secrets: fc.boolean(),
    references: fc.boolean(),
    outputs: fc.boolean(),
    unknowns: fc.boolean(),
  });

  for (const { never, option, mark } of reductions)
    it(`is never sent ${never}, whatever else it understands`, () => {
      fc.assert(
        fc.property(anyProperties, anyOptions, (properties, options) => {
          const sent = JSON.stringify(json(properties, { ...options, ...option }));
          assert.ok(!sent.includes(mark), sent);
        }),
      );
    });

  const outputs: { title: string; output: OutputValue; options: Partial<WireOptions>; sent: unknown }[] = [
    { title: "a known output is its value", output: new OutputValue("v", false, [URN]), options: {}, sent: { a: "v" } },
    {
      title: "a secret output is a secret",
      output: new OutputValue("v", true, []),
      options: {},
      sent: { a: { [SIGNATURE_KEY]: SIGNATURES.secret, value: "v" } },
    },
    {
      title: "a secret output is plain where secrets are not understood either",
      output: new OutputValue("v", true, []),
      options: { secrets: false },
      sent: { a: "v" },
    },
    {
      title: "an unknown output is unknown",
      output: new OutputValue(undefined, false, []),
      options: {},
      sent: { a: UNKNOWN_MARK },
    },
    {
      title: "an unknown output is left out where unknowns are not understood",
      output: new OutputValue(undefined, true, []),
      options: { unknowns: false },
      sent: {},
    },
  ];
  for (const { title, output, options, sent } of outputs)
    it(`without outputs: ${title}`, () => {
      assert.deepEqual(json({ a: output }, { ...FULL, outputs: false, ...options }), sent);
    });

  it("leaves out nested properties and items that are unknown, and keeps the rest", () => {
    const properties = { map: { known: 1, late: UNKNOWN }, list: ["a", UNKNOWN, "b"], secret: new Secret(UNKNOWN) };
    assert.deepEqual(json(properties, { ...FULL, unknowns: false }), { map: { known: 1 }, list: ["a", "b"] });
  });

  it("gets neither an unknown output nor a secret mark on one, also where it takes outputs", () => {
    const properties = { late: new OutputValue(undefined, false, []), secret: new OutputValue("v", true, []) };
    assert.deepEqual(received(properties, { ...FULL, unknowns: false, secrets: false }), {
      secret: new OutputValue("v", false, []),
    });
  });

  const references: { title: string; id: ResourceReference["id"]; sent: unknown }[] = [
    { title: "its id", id: "i-1", sent: "i-1" },
    { title: "its URN, for a component", id: undefined, sent: URN },
    { title: "unknown, while its id is", id: UNKNOWN, sent: UNKNOWN_MARK },
  ];
  for (const { title, id, sent } of references)
    it(`without references: a reference is ${title}`, () => {
      assert.deepEqual(json({ a: new ResourceReference(URN, id, "1.0.0") }, { ...FULL, references: false }), {
        a: sent,
      });
    });
});

describe("assets on the wire", () => {
  it("keep an empty text, which is a content, and drop empty paths, which the SDK sends for absent ones", () => {
    const asset = { [SIGNATURE_KEY]: SIGNATURES.asset, hash: "h", text: "", path: "", uri: "" };
    const archive = { [SIGNATURE_KEY]: SIGNATURES.archive, hash: "h", path: "", uri: "u" };
    const struct = Struct.fromJavaScript({ asset, archive });
    assert.deepEqual(fromStruct(struct), {
      asset: new Asset("h", { text: "" }),
      archive: new Archive("h", { uri: "u" }),
    });
  });
});
