import assert from "node:assert/strict";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import fc from "fast-check";
import { anyProperties } from "../values/value.arbitrary.ts";
import { OutputValue, type Properties, revealedProperties, Secret, UNKNOWN, type Value } from "../values/value.ts";
import { dependenciesByProperty, optionsOf, outputDependencies, withDependencies } from "./transforms.ts";

const [A, B] = ["urn:pulumi:dev::p::t:i:T::a", "urn:pulumi:dev::p::t:i:T::b"] as const;

describe("inputs before a transform", () => {
  const cases: { title: string; value: Value; dependencies: string[]; wrapped: Value }[] = [
    { title: "a plain value", value: [1], dependencies: [A], wrapped: new OutputValue([1], false, [A]) },
    { title: "a secret", value: new Secret(1), dependencies: [A, B], wrapped: new OutputValue(1, true, [A, B]) },
    { title: "an unknown", value: UNKNOWN, dependencies: [A], wrapped: new OutputValue(undefined, false, [A]) },
    {
      title: "a secret unknown",
      value: new Secret(UNKNOWN),
      dependencies: [A],
      wrapped: new OutputValue(undefined, true, [A]),
    },
  ];
  for (const { title, value, dependencies, wrapped } of cases)
    it(`carry their dependencies: ${title}`, () => {
      assert.deepEqual(withDependencies({ a: value }, { a: dependencies }), { a: wrapped });
    });

  it("stay as they are without dependencies, and where they are outputs already", () => {
    const inputs: Properties = { a: 1, b: new OutputValue(2, false, [B]), c: new Secret(3) };
    assert.deepEqual(withDependencies(inputs, { a: [], b: [A] }), inputs);
  });

  it("keep their content and give their dependencies back afterwards", () => {
    fc.assert(
      fc.property(anyProperties, (inputs) => {
        const needs = Object.fromEntries(Object.keys(inputs).map((key) => [key, [A]]));
        const wrapped = withDependencies(inputs, needs);
        assert.deepEqual(revealedProperties(wrapped), revealedProperties(inputs));
        for (const [key, urns] of Object.entries(dependenciesByProperty(wrapped)))
          if (!(inputs[key] instanceof OutputValue)) assert.ok(urns.includes(A), key);
      }),
    );
  });
});

describe("dependencies after a transform", () => {
  it("are those of every output inside a value, each once", () => {
    const value = [
      new OutputValue({ deep: new OutputValue(1, false, [B]) }, false, [A]),
      new Secret(new OutputValue(undefined, false, [A])),
    ];
    assert.deepEqual([...outputDependencies(value)], [A, B]);
    assert.deepEqual([...outputDependencies("plain")], []);
  });

  it("are told for every property, also for one that has none", () => {
    assert.deepEqual(dependenciesByProperty({ a: new OutputValue(1, false, [A]), b: 1 }), { a: [A], b: [] });
  });
});

describe("the options that a transform sees", () => {
  const optionsFrom = (
    change: (request: messages.RegisterResourceRequest) => void,
  ): messages.TransformResourceOptions => {
    const request = new messages.RegisterResourceRequest();
    change(request);
    return optionsOf(request);
  };

  it("leave open what the program left open, and keep what it set to false", () => {
    const open = optionsFrom(() => undefined);
    assert.deepEqual(
      [open.hasProtect(), open.hasRetainOnDelete(), open.hasDeleteBeforeReplace()],
      [false, false, false],
    );
    const set = optionsFrom((request) => {
      request.setProtect(false);
      request.setRetainondelete(false);
      request.setDeletebeforereplacedefined(true);
    });
    assert.deepEqual([set.hasProtect(), set.hasRetainOnDelete(), set.hasDeleteBeforeReplace()], [true, true, true]);
    assert.deepEqual([set.getProtect(), set.getRetainOnDelete(), set.getDeleteBeforeReplace()], [false, false, false]);
  });

  it("are all of the request's", () => {
    const timeouts = new messages.RegisterResourceRequest.CustomTimeouts();
    timeouts.setCreate("1m");
    const hooks = new messages.RegisterResourceRequest.ResourceHooksBinding();
    hooks.setBeforeCreateList(["h"]);
    const options = optionsFrom((request) => {
      request.setDependenciesList([A]);
      request.setIgnorechangesList(["i"]);
      request.setReplaceonchangesList(["r"]);
      request.setVersion("1.0.0");
      request.setProvider(`${B}::id`);
      request.setCustomtimeouts(timeouts);
      request.setPlugindownloadurl("https://example.com");
      request.setDeletedwith(B);
      request.setDeletebeforereplace(true);
      request.setAdditionalsecretoutputsList(["s"]);
      request.getProvidersMap().set("aws", `${B}::id`);
      request.setHooks(hooks);
      request.setImportid("i-1");
      request.setHidediffsList(["d"]);
      request.setReplaceWithList([A]);
    });
    assert.deepEqual(options.toObject(), {
      ...new messages.TransformResourceOptions().toObject(),
      dependsOnList: [A],
      ignoreChangesList: ["i"],
      replaceOnChangesList: ["r"],
      version: "1.0.0",
      provider: `${B}::id`,
      customTimeouts: timeouts.toObject(),
      pluginDownloadUrl: "https://example.com",
      deletedWith: B,
      deleteBeforeReplace: true,
      additionalSecretOutputsList: ["s"],
      providersMap: [["aws", `${B}::id`]],
      hooks: hooks.toObject(),
      pb_import: "i-1",
      hideDiffList: ["d"],
      replaceWithList: [A],
    });
  });
});
