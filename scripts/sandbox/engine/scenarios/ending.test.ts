import assert from "node:assert/strict";
import { calls, changes, errors, names, operations, play, up } from "./observe.ts";

describe("a program", () => {
  it("that exits in the middle fails the run, and nothing is deleted; one that never ends is ended", async () => {
    const [, second, third, fourth, fifth] = await play("ending", [up(), up(), up(), up(), up()]);
    for (const [step, code] of [
      [second, 1],
      [third, 3],
      [fourth, 1],
    ] as const) {
      // The SDK itself turns a 0 into 1 where its work is not done.
      assert.deepEqual(errors(step), [
        `: an unhandled error occurred: Program exited with non-zero exit code: ${code}`,
      ]);
      assert.deepEqual(operations(step), step === fourth ? [] : ["same first"]);
      assert.deepEqual(names(step), ["first", "second"]);
    }
    assert.deepEqual(errors(fifth), [": update failed", "broken: create of broken failed"]);
  });

  it("that throws before anything fails the run once, and leaves nothing", async () => {
    const [step] = await play("early", [up()]);
    assert.equal(step?.exit, 1);
    assert.equal(step.errors.length, 1);
    assert.match(step.errors[0]?.message ?? "", /nothing is right/);
    assert.deepEqual(names(step), []);
  });
});

describe("hooks", () => {
  it("before an operation stop it, after it fail the run, and on errors may try again", async () => {
    const [first, second, third, fourth] = await play("hooking", [up(), up(), up(), up()]);
    assert.equal(first?.exit, 0);
    assert.deepEqual(calls(first, "Create"), ["Create noted", "Create shrugged"]);
    assert.deepEqual(errors(second), [": update failed", 'refused: hook "no" failed: no says no']);
    assert.deepEqual(calls(second, "Create"), []);
    assert.deepEqual(
      second?.failed.map(({ op }) => op),
      ["create"],
    );
    assert.deepEqual(errors(third), [": update failed", 'done: hook "no" failed: no says no']);
    assert.deepEqual(third?.failed, []);
    assert.ok(names(third).includes("done"), "what was made is recorded");
    assert.deepEqual(calls(fourth, "Create"), ["Create stubborn", "Create stubborn", "Create stubborn"]);
    assert.deepEqual(errors(fourth), [": update failed", "stubborn: create of stubborn failed"]);
  });

  it("are missing where no program runs: what they guard is not deleted", async () => {
    const [, step] = await play("hooking", [up(), { command: "destroy" }]);
    assert.deepEqual(errors(step), [": update failed", 'noted: hook "leave" was not registered']);
    assert.deepEqual(changes(step), ["delete noted", "delete shrugged"]);
    assert.deepEqual(names(step), ["noted"]);
  });
});
