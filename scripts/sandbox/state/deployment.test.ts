import assert from "node:assert/strict";
import fc from "fast-check";
import type { SecretsManager } from "./secrets-manager.ts";
import { anyStoredProperties, hidden } from "../values/value.arbitrary.ts";
import {
  Archive,
  Asset,
  OutputValue,
  ResourceReference,
  Secret,
  sameValue,
  UNKNOWN,
  type Value,
} from "../values/value.ts";
import { SIGNATURE_KEY, SIGNATURES, UNKNOWN_MARK } from "../values/wire.ts";
import {
  decrypting,
  deploymentToSnapshot,
  encrypting,
  type JsonObject,
  propertiesFromJson,
  propertiesToJson,
  resourceFromJson,
  resourceToJson,
  showing,
  snapshotToDeployment,
  valueFromJson,
  valueToJson,
} from "./deployment.ts";
import { anyResource, anySnapshot, resourceOf, urnOf } from "./resource.arbitrary.ts";
import { newSecrets } from "./secrets.ts";

const NEEDLE = "correct horse battery staple";

/** What a reader of the file finds: JSON has no undefined and no prototypes. */
const stored = (json: JsonObject): JsonObject => JSON.parse(JSON.stringify(json)) as JsonObject;

describe("a resource in the deployment format", () => {
  let secrets: SecretsManager;
  before(async () => {
    secrets = await newSecrets("passphrase");
  });

  it("survives being written and read, with secrets sealed", () => {
    fc.assert(
      fc.property(anyResource, (state) => {
        const json = stored(resourceToJson(state, encrypting(secrets)));
        assert.deepEqual(resourceFromJson(json, decrypting(secrets)), state);
      }),
    );
  });

  it("survives being written and read, with secrets shown", () => {
    fc.assert(
      fc.property(anyStoredProperties, (properties) => {
        const json = stored(propertiesToJson(properties, showing));
        assert.deepEqual(propertiesFromJson(json, decrypting(secrets)), properties);
      }),
    );
  });

  it("survives as part of a whole deployment, pending operations included", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const json = snapshotToDeployment(snapshot, encrypting(secrets), secrets, "2026-01-01T00:00:00Z");
        assert.deepEqual(deploymentToSnapshot(json.deployment, decrypting(secrets)), snapshot);
      }),
    );
  });

  it("never shows a secret, wherever it is hidden", () => {
    const anySecret = hidden(NEEDLE).chain((value) => hidden(new Secret(value)));
    fc.assert(
      fc.property(anySecret, fc.constantFrom("inputs", "outputs", "replacementTrigger"), (value, field) => {
        const resource = resourceOf(urnOf("a"), { [field]: { value } });
        const pending = [{ kind: "updating", resource, operationId: "" } as const];
        const write = (seal: typeof showing): string =>
          JSON.stringify(snapshotToDeployment({ resources: [resource], pending }, seal, secrets, ""));
        assert.ok(!write(encrypting(secrets)).includes(NEEDLE));
        assert.ok(write(showing).includes(NEEDLE), "only `showing` may show it");
      }),
    );
  });

  it("holds a secret as the JSON of its value, encrypted", () => {
    const json = propertiesToJson({ a: new Secret({ b: [1] }) }, encrypting(secrets));
    const sealed = json["a"] as { [SIGNATURE_KEY]: string; ciphertext: string };
    assert.equal(sealed[SIGNATURE_KEY], SIGNATURES.secret);
    assert.equal(secrets.decrypt(sealed.ciphertext), '{"b":[1]}');
  });

  it("leaves out what is empty, as Pulumi does, and keeps Pulumi's order and names", () => {
    assert.deepEqual(resourceToJson(resourceOf(urnOf("a"), { id: "" }), showing), {
      urn: urnOf("a"),
      custom: true,
      type: "t:i:T",
    });
    const full = resourceOf(urnOf("a"), {
      delete: true,
      inputs: { a: 1 },
      importId: "i-0",
      hideDiffs: ["a"],
      replacementTrigger: { value: "t" },
      customTimeouts: { create: 60, update: 0, delete: 0 },
    });
    assert.equal(
      JSON.stringify(resourceToJson(full, showing)),
      `{"urn":"${urnOf("a")}","custom":true,"delete":true,"id":"i","type":"t:i:T","inputs":{"a":1},` +
        `"customTimeouts":{"create":60},"importID":"i-0","hideDiff":["a"],"replacementTrigger":"t"}`,
    );
  });

  it("reads the least that a deployment holds, and ignores fields of the wrong type", () => {
    const json: JsonObject = { urn: urnOf("a"), type: "t:i:T", custom: true, id: "i", parent: 5, dependencies: "none" };
    assert.deepEqual(resourceFromJson(json, decrypting(secrets)), resourceOf(urnOf("a")));
  });
});

describe("a value in the deployment format", () => {
  const read = (json: JsonObject): Value => valueFromJson(json, ({ plaintext }) => plaintext ?? "null");
  const signed = (signature: string, fields: JsonObject): JsonObject => ({ [SIGNATURE_KEY]: signature, ...fields });

  const cases: { title: string; value: Value; json: JsonObject | string }[] = [
    { title: "a shown secret", value: new Secret(["x"]), json: signed(SIGNATURES.secret, { plaintext: '["x"]' }) },
    { title: "unknown", value: UNKNOWN, json: UNKNOWN_MARK },
    {
      title: "a reference to a component",
      value: new ResourceReference(urnOf("a"), undefined, "1.0.0"),
      json: signed(SIGNATURES.resource, { urn: urnOf("a"), packageVersion: "1.0.0" }),
    },
    {
      title: "a reference whose id is unknown",
      value: new ResourceReference(urnOf("a"), UNKNOWN, ""),
      json: signed(SIGNATURES.resource, { urn: urnOf("a"), id: "", packageVersion: "" }),
    },
    { title: "an asset", value: new Asset("h", { text: "" }), json: signed(SIGNATURES.asset, { hash: "h", text: "" }) },
    {
      title: "an archive of assets",
      value: new Archive("h", { assets: { f: new Asset("g", { path: "f" }) } }),
      json: signed(SIGNATURES.archive, {
        hash: "h",
        assets: { f: signed(SIGNATURES.asset, { hash: "g", path: "f" }) },
      }),
    },
  ];
  for (const { title, value, json } of cases)
    it(`has Pulumi's form: ${title}`, () => {
      assert.deepEqual(valueToJson(value, showing), json);
      assert.ok(sameValue(typeof json === "string" ? UNKNOWN : read(json), value));
    });

  const outputs: [string, OutputValue, Value][] = [
    ["a known output as its value", new OutputValue({ a: 1 }, false, [urnOf("a")]), { a: 1 }],
    ["a secret output as a secret", new OutputValue("v", true, []), new Secret("v")],
    ["an unknown output as unknown", new OutputValue(undefined, false, []), UNKNOWN],
    ["an unknown secret output as a secret of the unknown", new OutputValue(undefined, true, []), new Secret(UNKNOWN)],
  ];
  for (const [title, output, value] of outputs)
    it(`keeps ${title}`, () => {
      assert.deepEqual(valueToJson(output, showing), valueToJson(value, showing));
    });
});
