import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { PlainMap } from "../unknown.ts";
import { notInState } from "./in-state.ts";

describe("a secret that the program sets", () => {
  const find = (props: PlainMap) => notInState("user.password", "remove it")(resource("t", "n", props), {});
  const wrong = "it is set, and so stands in the state";

  it("is a finding, known or not, that does not show it", () => {
    for (const password of ["hunter22", unknown])
      assert.deepEqual(find({ user: { password } }), [{ property: "user.password", wrong, fix: "remove it" }]);
  });

  it("is none where it is absent or empty", () => {
    for (const props of [{}, { user: {} }, { user: { password: "" } }]) assert.deepEqual(find(props), []);
  });

  it("is undecided in a block that is not known", () => {
    assert.deepEqual(find({ user: unknown }), [{ property: "user", unknown }]);
  });
});
