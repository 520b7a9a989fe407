import assert from "node:assert/strict";
import { rules } from "../../policy-pack/policies/all.ts";
import { stacksUp } from "../conformance/stacks-up.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { sandboxSource } from "../state-source.ts";
import type { Edit } from "./edit.ts";
import { editedBy, placeOf } from "./apply.ts";
import { harmlessEdits } from "./harmless.cases.ts";
import { type Fired, type Judge, startJudge } from "./judge.ts";
import { type UnsafeEdit, unsafeEdits } from "./unsafe.cases.ts";

const STACK = "production";

describe("an edit of the program", function () {
  this.timeout(120_000);
  let resources: readonly ResourceState[] = [];
  let judge: Judge;
  let known: ReadonlySet<string>;

  before(async () => {
    const { state } = await stacksUp();
    resources = (await sandboxSource({ cwd: import.meta.dirname, stateDir: state }, STACK)).resources;
    judge = await startJudge(STACK);
    const all = await judge.fires({ resources, changed: resources.filter(({ custom }) => custom) });
    assert.deepEqual(
      all.filter(({ level }) => level === "mandatory"),
      [],
    );
    known = new Set(all.map(keyOf));
  });
  after(() => judge.stop());

  const fired = async (edits: readonly Edit[]): Promise<readonly Fired[]> =>
    (await judge.fires(await editedBy(resources, edits, STACK))).filter((one) => !known.has(keyOf(one)));

  it("is one of at least 60 unsafe and 20 harmless ones, each told once", () => {
    assert.ok(unsafeEdits.length >= 60);
    assert.ok(harmlessEdits.length >= 20);
    const told = [...unsafeEdits, ...harmlessEdits].map(({ what }) => what);
    assert.deepEqual(
      told.filter((what, index) => told.indexOf(what) !== index),
      [],
    );
    const names = new Set(rules.map(({ name }) => name));
    for (const { rule } of unsafeEdits) assert.ok(names.has(rule), rule);
  });

  for (const [index, group] of grouped(unsafeEdits).entries())
    it(`is stopped by the rule that it breaks, and by nothing else: group ${String(index + 1)}`, async () => {
      const found = await fired(group.map(({ edit }) => edit));
      const levelOf = new Map(found.map(({ rule, level }) => [rule, level]));
      for (const { what, rule } of group)
        assert.equal(levelOf.get(rule), "mandatory", `${what} is not stopped by ${rule}`);
      const expected = group.map(({ rule }) => rule).sort();
      assert.deepEqual([...levelOf.keys()].sort(), expected, messages(found));
    });

  it("is nothing to talk about where it is harmless", async () => {
    const found = await fired(harmlessEdits.map(({ edit }) => edit));
    assert.deepEqual(found, [], messages(found));
  });
});

/** Edits that share neither resource nor rule are made in one run: a run for each would take minutes. */
function grouped(edits: readonly UnsafeEdit[]): readonly (readonly UnsafeEdit[])[] {
  const groups: UnsafeEdit[][] = [];
  for (const edit of edits) {
    const place = placeOf(edit.edit);
    const group = groups.find((others) =>
      others.every((other) => other.rule !== edit.rule && placeOf(other.edit) !== place),
    );
    if (group === undefined) groups.push([edit]);
    else group.push(edit);
  }
  return groups;
}

const keyOf = ({ rule, urn, message }: Fired): string => `${rule} ${urn} ${message}`;

const messages = (found: readonly Fired[]): string =>
  found.map(({ rule, level, urn, message }) => `${level} ${rule} ${urn}\n  ${message}`).join("\n");
