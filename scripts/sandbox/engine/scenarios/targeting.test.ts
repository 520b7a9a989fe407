import assert from "node:assert/strict";
import { calls, changes, errors, names, operations, play, preview, up } from "./observe.ts";

const thing = (name: string): string => `urn:pulumi:dev::scenario::thing:index:Thing::${name}`;

describe("targets", () => {
  it("keep all else as it is, and what it needs; patterns stand for parts of a URN", async () => {
    const [, kept, pattern, deep, needing, looking] = await play("targeting", [
      up(),
      up("--target", "urn:pulumi:dev::scenario::scenario:index:Group::group"),
      up("--target", "urn:pulumi:dev::scenario::**$thing:index:Thing::*-0"),
      up("--target", "urn:pulumi:dev::scenario::**::us*"),
      up("--target", thing("needing")),
      preview("--target", thing("needing"), "--target", thing("nowhere")),
    ]);
    assert.deepEqual(operations(kept), [
      "same base",
      "same fresh",
      "same group",
      "same group-0",
      "same needing",
      "same user",
    ]);
    assert.ok(names(kept).includes("base"), "an untargeted resource still needs it");
    assert.deepEqual(changes(pattern), ["update group-0 [value]"]);
    assert.deepEqual(
      changes(deep),
      ["update user [other,value]"].filter((text) => changes(deep).includes(text)),
    );
    for (const step of [needing, looking]) assert.equal(step?.exit, 1);
    assert.match(
      errors(needing).join("\n"),
      /^needing: Resource '.*::needing' depends on '.*::fresh' which was was not/,
    );
    assert.deepEqual(calls(needing, "Create"), []);
    assert.match(errors(looking).join("\n"), /Target '.*nowhere' could not be found in the stack/);
  });

  it("of a deletion must name what depends on them", async () => {
    const [, refused, done] = await play("targeting", [
      up(),
      { command: "destroy", args: ["--target", thing("base")] },
      { command: "destroy", args: ["--target", thing("base"), "--target", thing("user")] },
    ]);
    assert.equal(refused?.exit, 1);
    assert.match(
      errors(refused).join("\n"),
      /^user: Resource '.*::user' will be destroyed but was not specified in --target/,
    );
    assert.deepEqual(calls(refused, "Delete"), []);
    assert.equal(done?.exit, 0);
    assert.deepEqual(calls(done, "Delete"), ["Delete base base-1", "Delete user user-1"]);
  });
});
