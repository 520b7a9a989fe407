import assert from "node:assert/strict";
import { calls, changes, errors, operations, play, preview, resource, resources, up } from "./observe.ts";

describe("what replaces a resource", () => {
  it("is a change that an option names, another resource's replacement, or a trigger", async () => {
    const [, first, second] = await play("replacing", [up(), up(), up()]);
    assert.deepEqual(operations(first), [
      "create-replacement along !replaceWith",
      "replace along !replaceWith",
      "delete-replaced along",
      "create-replacement any [value] !value",
      "replace any [value] !value",
      "delete-replaced any",
      "same first-trigger",
      "create-replacement freed [replace] !replace",
      "replace freed [replace] !replace",
      "delete-replaced freed",
      "create-replacement late-trigger !replacementTrigger",
      "replace late-trigger !replacementTrigger",
      "delete-replaced late-trigger",
      "update nested [tree]",
      "create-replacement overridden [replaceFirst] !replaceFirst",
      "replace overridden [replaceFirst] !replaceFirst",
      "delete-replaced overridden",
      "create-replacement owned !deletedWith",
      "replace owned !deletedWith",
      "delete-replaced owned",
      "create-replacement root [replace] !replace",
      "replace root [replace] !replace",
      "delete-replaced root",
      "same secret-trigger",
    ]);
    assert.ok(!calls(first, "Delete").includes("Delete owned owned-1"), "it goes with what it is deleted with");
    assert.equal(resource(first, "freed")["protect"], undefined);
    assert.equal(resource(first, "first-trigger")["replacementTrigger"], 2);
    assert.deepEqual(
      operations(second).filter((text) => text.startsWith("replace ") && text.includes("trigger")),
      [
        "replace first-trigger !replacementTrigger",
        "replace late-trigger !replacementTrigger",
        "replace secret-trigger !replacementTrigger",
      ],
    );
  });

  it("takes along what cannot live without it, where it is deleted first", async () => {
    const [, step] = await play("delete-first", [up(), up()]);
    assert.deepEqual(changes(step), [
      "delete-replaced along",
      "replace along",
      "create-replacement along",
      "delete-replaced forced",
      "replace forced",
      "create-replacement forced !replace",
      "update group-0 [value]",
      "delete-replaced owned",
      "replace owned",
      "create-replacement owned",
      "delete-replaced retained",
      "replace retained",
      "create-replacement retained !replace",
      "delete-replaced root",
      "replace root [value] !value",
      "create-replacement root [value] !value",
      "update touched [value]",
    ]);
    assert.deepEqual(calls(step, "Delete"), ["Delete along along-1", "Delete forced forced-1", "Delete root root-1"]);
    assert.deepEqual(step?.pending, []);
  });

  it("is refused where a protected dependent would go, in preview as well", async () => {
    const results = await play("protected-dependent", [up(), preview(), up()]);
    for (const step of results.slice(1)) {
      assert.equal(step.exit, 1);
      assert.match(
        errors(step).join("\n"),
        /^root: unable to replace resource ".*::dear" as part of replacing ".*::root" as it is currently marked for protection/,
      );
      assert.deepEqual(calls(step, "Delete"), []);
    }
    assert.equal(resources(results[2], "dear").length, 1);
  });
});
