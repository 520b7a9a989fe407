import assert from "node:assert/strict";
import { type Deployment, showing, snapshotToDeployment } from "./deployment.ts";
import { digestOf, fold } from "./journal.ts";
import { resourceOf, urnOf } from "./resource.arbitrary.ts";
import type { PendingOperation, ResourceState } from "./resource.ts";

const [OLD, NEW, OTHER] = [urnOf("old"), urnOf("new"), urnOf("other")];

/** Everything that one resource can say of another. */
const pointingAt = (urn: string, self = urnOf("self")): ResourceState =>
  resourceOf(self, {
    parent: urn,
    provider: `${urn}::id-1`,
    dependencies: [urn, OTHER],
    propertyDependencies: { a: [urn], b: [OTHER, urn] },
    deletedWith: urn,
    replaceWith: [urn],
  });

const deploymentOf = (resources: ResourceState[], pending: PendingOperation[] = []): Deployment =>
  snapshotToDeployment({ resources, pending }, showing, { type: "passphrase", state: {} }, "").deployment;

const folded = (base: Deployment, entries: readonly object[]): Deployment =>
  fold(base, "", [{ kind: "base", digest: digestOf("") }, ...entries].map((entry) => JSON.stringify(entry)).join("\n"));

const jsonOf = (state: ResourceState): object => deploymentOf([state]).resources[0]!;

describe("after a resource took a new URN", () => {
  const renamed = { kind: "renamed", from: OLD, to: NEW };

  it("whatever stays names it by the new one, everywhere", () => {
    const { resources } = folded(deploymentOf([pointingAt(OLD)]), [renamed]);
    assert.deepEqual(resources, deploymentOf([pointingAt(NEW)]).resources);
  });

  it("so does what the run copied from before", () => {
    const copied = { kind: "new", new: 0, resource: jsonOf(pointingAt(OLD)) };
    const { resources } = folded(deploymentOf([]), [copied, renamed]);
    assert.deepEqual(resources, deploymentOf([pointingAt(NEW)]).resources);
  });

  it("so does an operation that is still pending, of this run or of one before", () => {
    const pending = (urn: string): PendingOperation => ({
      kind: "updating",
      resource: pointingAt(urn),
      operationId: "o",
    });
    const before = deploymentOf([], [pending(OLD)]);
    const begun = { kind: "begin", operation: 0, pending: before.pending_operations![0]! };
    assert.deepEqual(
      folded(before, [begun, renamed]).pending_operations,
      deploymentOf([], [pending(NEW), pending(NEW)]).pending_operations,
    );
  });

  it("its own former state keeps the former URN until it is done", () => {
    const { resources } = folded(deploymentOf([resourceOf(OLD)]), [renamed]);
    assert.equal(resources[0]!["urn"], OLD);
  });

  it("inputs and outputs that hold the former URN as a text stay as they are", () => {
    const state = resourceOf(urnOf("self"), { inputs: { urn: OLD }, outputs: { urn: OLD } });
    assert.deepEqual(folded(deploymentOf([state]), [renamed]).resources, deploymentOf([state]).resources);
  });

  it("where two swapped their names, each keeps what depends on it", () => {
    const [first, second] = [urnOf("first"), urnOf("second")];
    const stays = resourceOf(urnOf("stays"), { dependencies: [first] });
    const fresh = resourceOf(urnOf("fresh"), { dependencies: [first] });
    const { resources } = folded(deploymentOf([resourceOf(first), resourceOf(second), stays]), [
      { kind: "renamed", from: first, to: second },
      { kind: "renamed", from: second, to: first },
      { kind: "new", new: 0, resource: jsonOf(resourceOf(first)) },
      { kind: "new", new: 1, resource: jsonOf(resourceOf(second)) },
      { kind: "done", old: 0 },
      { kind: "done", old: 1 },
      { kind: "new", new: 2, resource: jsonOf(fresh) },
    ]);
    const dependencies = new Map(resources.map((json) => [json["urn"], json["dependencies"]]));
    assert.deepEqual(dependencies.get(stays.urn), [second], "an old state means the URNs of before");
    assert.deepEqual(dependencies.get(fresh.urn), [first], "a new state means the URNs of now");
  });
});
