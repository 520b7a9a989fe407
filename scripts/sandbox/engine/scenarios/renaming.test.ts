import assert from "node:assert/strict";
import { changes, errors, names, operations, play, resource, up } from "./observe.ts";

describe("a resource with another name", () => {
  it("stays what it is, with its children, under a new type, parent, or name", async () => {
    const [, second, third] = await play("renaming", [up(), up(), up()]);
    assert.deepEqual(changes(second), ["create home"]);
    assert.deepEqual(names(second), ["deep", "home", "site", "site-inner", "site-inner-0", "stays", "typed", "user"]);
    assert.equal(resource(second, "site-inner-0")["id"], "app-inner-0-1");
    assert.match(JSON.stringify(resource(second, "user")["dependencies"]), /::stays"/);
    assert.deepEqual(changes(third), []);
  });

  it("is refused where two claim one state", async () => {
    const [, second, third, fourth] = await play("renaming-twice", [up(), up(), up(), up()]);
    assert.deepEqual(errors(second), [
      "b: Duplicate resource alias 'urn:pulumi:dev::scenario::thing:index:Thing::a' applied to resource with URN 'urn:pulumi:dev::scenario::thing:index:Thing::b' conflicting with resource with URN 'urn:pulumi:dev::scenario::thing:index:Thing::b'",
    ]);
    assert.equal(second?.exit, 1);
    assert.deepEqual(operations(second), ["same a"]);
    assert.match(errors(third).join(), /^c: Duplicate resource alias .*::b'$/);
    assert.deepEqual(names(third), ["b"]);
    assert.deepEqual(errors(fourth), []);
    assert.deepEqual(changes(fourth), ["create a"]);
  });
});
