import assert from "node:assert/strict";
import type { ResourceState } from "../state/resource.ts";
import { guardedNote, withoutProtected } from "./unprotected.ts";

const state = (name: string, over: Partial<ResourceState> = {}): ResourceState =>
  ({
    urn: name,
    type: "a:b:C",
    parent: "",
    provider: "provider::1",
    dependencies: [],
    propertyDependencies: {},
    deletedWith: "",
    replaceWith: [],
    protect: false,
    delete: false,
    ...over,
  }) as Partial<ResourceState> as ResourceState;

describe("what is not protected", () => {
  const states = [
    state("stack", { provider: "" }),
    state("provider", { provider: "" }),
    state("component", { parent: "stack", provider: "" }),
    state("key", { parent: "component" }),
    state("data", { parent: "component", dependencies: ["key"], protect: true }),
    state("reader", { parent: "component", dependencies: ["data"] }),
  ];

  it("goes; what is protected stays with all that it needs", () => {
    assert.deepEqual(withoutProtected(states), { targets: ["reader"], guarded: ["data"] });
  });

  it("is everything where nothing is protected, or only what was replaced already", () => {
    const replaced = states.map((one) => (one.protect ? { ...one, delete: true } : one));
    assert.equal(withoutProtected(replaced).targets.length, states.length);
  });

  it("is told by name", () => {
    assert.equal(guardedNote(["data"]), "1 protected resource is left, with all that is needed for it:\n  data");
  });
});
