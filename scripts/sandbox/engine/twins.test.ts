import assert from "node:assert/strict";
import { resourceOf, urnOf } from "../state/resource.arbitrary.ts";
import type { ResourceState } from "../state/resource.ts";
import { Recorder } from "./recorder.ts";
import { withoutTwins } from "./twins.ts";

const state = (name: string, id: string, more: Partial<ResourceState> = {}): ResourceState => ({
  ...resourceOf(urnOf(name)),
  id,
  ...more,
});

/** What a run goes on with, as `id`, or `id deleted`. */
function left(...states: readonly ResourceState[]): readonly string[] {
  const recorder = new Recorder(states, undefined);
  const kept = withoutTwins(states, recorder);
  assert.deepEqual(kept, recorder.current());
  return kept.map((each) => (each.delete ? `${each.id} deleted` : each.id));
}

describe("states that a killed run left twice", () => {
  it("are the newer one, where both are the same resource", () => {
    assert.deepEqual(left(state("a", "1"), state("b", "2"), state("a", "1")), ["1", "2"]);
  });

  it("are the replacement, where its predecessor went first", () => {
    assert.deepEqual(left(state("a", "2"), state("a", "1", { pendingReplacement: true })), ["2"]);
  });

  it("are the replacement and a predecessor that is still to be deleted", () => {
    assert.deepEqual(left(state("a", "2"), state("a", "1")), ["2", "1 deleted"]);
  });

  it("stay as they are where there is one of each, or the others are to be deleted already", () => {
    assert.deepEqual(left(state("a", "1"), state("b", "1"), state("a", "0", { delete: true })), [
      "1",
      "1",
      "0 deleted",
    ]);
    assert.deepEqual(left(state("a", "1", { pendingReplacement: true })), ["1"]);
  });
});
