import assert from "node:assert/strict";
import { calls, changes, errors, names, operations, play, preview, resource, resources, up } from "./observe.ts";

const there = { value: "there", defaulted: "d" };
const store = { "there-1": there, "there-2": there, "there-3": there, "there-4": there, "there-5": there };

describe("what exists already", () => {
  it("is imported in place of what was made or read, and read in place of what was managed", async () => {
    const [, , second, third] = await play("adopting", [{ ...up(), store }, { command: "up", args: [] }, up()]).then(
      (results) => [undefined, ...results],
    );
    assert.deepEqual(operations(second), [
      "import guarded",
      "import ignoring",
      "read-replacement let-go",
      "replace let-go",
      "delete-replaced let-go",
      "read released",
      "import-replacement swapped",
      "replace swapped",
      "delete-replaced swapped",
      "import-replacement taken",
      "replace taken",
      "discard-replaced taken",
    ]);
    assert.deepEqual(calls(second, "Delete"), ["Delete let-go let-go-1", "Delete swapped swapped-1"]);
    assert.equal(resource(second, "released")["external"], true);
    assert.equal(resource(second, "guarded")["protect"], true);
    assert.deepEqual(resource(second, "ignoring")["inputs"], there);
    assert.equal(resource(second, "swapped")["importID"], "there-2");
    assert.deepEqual(changes(third), ["read let-go", "read released"]);
  });

  it("is not replaced while the program imports it, and must be there", async () => {
    const results = await play("adopting", [{ ...up(), store }, up(), up(), preview(), preview()]);
    const [, , , refused, missing] = results;
    assert.equal(refused?.exit, 1, "other resources are protected");
    assert.deepEqual(errors(missing), [": preview failed", "missing: resource 'nowhere' does not exist"]);
    assert.equal(resources(results[2], "swapped").length, 1);
  });

  it("may be read under an id that preview does not know, and be made instead", async () => {
    const [first, second, , fourth] = await play("reading", [preview(), { ...up(), store }, up(), up()]);
    assert.deepEqual(calls(first, "Read"), []);
    assert.deepEqual(operations(first), ["read found", "create source"]);
    assert.deepEqual(calls(second, "Read"), ["Read found there-1"]);
    assert.deepEqual(changes(fourth), ["create-replacement found", "replace found", "discard-replaced found"]);
    assert.deepEqual(calls(fourth, "Delete"), []);
    assert.deepEqual(names(fourth), ["found", "source"]);
  });
});
