import assert from "node:assert/strict";
import { calls, changes, errors, play, resource, up } from "./observe.ts";

describe("ignored changes", () => {
  it("may be nested, or every item's; a creation and a replacement take the new values", async () => {
    const [, second, third] = await play("ignoring", [up(), up(), up()]);
    assert.deepEqual(changes(second), [
      "update item [list]",
      "update key [tags]",
      "create-replacement replaced [replace] !replace",
      "replace replaced [replace] !replace",
      "delete-replaced replaced",
    ]);
    assert.deepEqual(resource(second, "key")["inputs"], { defaulted: "d", tags: { a: 1, b: 2 } });
    assert.deepEqual(resource(second, "item")["inputs"], { defaulted: "d", list: [{ a: 1, b: 2 }] });
    assert.deepEqual(resource(second, "added")["inputs"], { defaulted: "d" });
    assert.deepEqual(resource(second, "replaced")["inputs"], { defaulted: "d", replace: 2, value: 2 });
    assert.deepEqual(resource(second, "key")["ignoreChanges"], ["tags.a"]);
    assert.deepEqual(calls(third, "Create"), ["Create fresh", "Create replaced"]);
  });

  it("that lead to what only one side has are an error", async () => {
    const [, step] = await play("ignoring-missing", [up(), up()]);
    assert.equal(step?.exit, 1);
    assert.deepEqual(errors(step), [
      'list: cannot ignore changes to the following properties because one or more elements of the path are missing: "list[1]"',
    ]);
  });
});
