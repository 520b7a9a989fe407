import assert from "node:assert/strict";
import { type Properties, Secret } from "../values/value.ts";
import { annotated, withSecrets } from "./secrets.ts";

const secret = (value: string): Secret => new Secret(value);

const cases: [name: string, plain: Properties, like: Properties, expected: Properties][] = [
  ["a value of the same name", { a: "x", b: "y" }, { a: secret("old") }, { a: secret("x"), b: "y" }],
  ["a value inside an object", { a: { b: "x", c: "y" } }, { a: { b: secret("o") } }, { a: { b: secret("x"), c: "y" } }],
  ["a whole list that held one", { a: ["x", "y"] }, { a: ["x", secret("y")] }, { a: new Secret(["x", "y"]) }],
  ["nothing that was plain", { a: { b: "x" } }, { a: { b: "x" }, c: secret("z") }, { a: { b: "x" } }],
  ["nothing twice", { a: secret("x") }, { a: secret("x") }, { a: secret("x") }],
];

describe("secrets that the cloud saw in clear", () => {
  for (const [name, plain, like, expected] of cases)
    it(`marks ${name}`, () => {
      assert.deepEqual(annotated(plain, like), expected);
    });

  it("are marked by name too", () => {
    assert.deepEqual(withSecrets({ a: "x", b: secret("y"), c: null, d: 1 }, ["a", "b", "c"]), {
      a: secret("x"),
      b: secret("y"),
      c: null,
      d: 1,
    });
  });
});
