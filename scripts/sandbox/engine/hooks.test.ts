import assert from "node:assert/strict";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { Callbacks } from "./callbacks.ts";
import { decodeHooks, Hooks } from "./hooks.ts";

describe("the hooks bound to a resource", () => {
  it("are none where nothing is bound", () => {
    assert.deepEqual(decodeHooks(undefined), {});
    assert.deepEqual(decodeHooks(new messages.RegisterResourceRequest.ResourceHooksBinding()), {});
  });

  it("stand under their moments, in their order", () => {
    const binding = new messages.RegisterResourceRequest.ResourceHooksBinding();
    binding.setBeforeCreateList(["a", "b"]);
    binding.setAfterCreateList(["c"]);
    binding.setBeforeUpdateList(["d"]);
    binding.setAfterUpdateList(["e"]);
    binding.setBeforeDeleteList(["f"]);
    binding.setAfterDeleteList(["g"]);
    binding.setOnErrorList(["h"]);
    assert.deepEqual(decodeHooks(binding), {
      beforeCreate: ["a", "b"],
      afterCreate: ["c"],
      beforeUpdate: ["d"],
      afterUpdate: ["e"],
      beforeDelete: ["f"],
      afterDelete: ["g"],
      onError: ["h"],
    });
  });
});

describe("the hooks of a program", () => {
  const hook = { callback: new callbackMessages.Callback(), onPreview: false, ignoreErrors: false };

  it("have each their own name", () => {
    const hooks = new Hooks(new Callbacks());
    hooks.register("a", hook);
    assert.throws(() => hooks.register("a", hook), { message: 'a resource hook named "a" is registered already' });
  });

  it("that no program has registered fail, and nothing after them runs", async () => {
    const hooks = new Hooks(new Callbacks());
    assert.deepEqual(await hooks.run("beforeDelete", ["gone", "other"], undefined, undefined, false), [
      { message: 'hook "gone" was not registered', ignored: false },
    ]);
  });

  it("do not run in a preview unless they ask for it", async () => {
    const hooks = new Hooks(new Callbacks());
    hooks.register("a", hook);
    assert.deepEqual(await hooks.run("beforeCreate", ["a"], undefined, undefined, true), []);
  });
});
