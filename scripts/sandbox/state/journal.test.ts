import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Recorder } from "../engine/recorder.ts";
import { Secret } from "../values/value.ts";
import { type Deployment, resourceToJson, type SecretWriter, showing, snapshotToDeployment } from "./deployment.ts";
import { digestOf, fold, Journal } from "./journal.ts";
import { anyPending, anyResource, anySnapshot, resourceOf, urnOf } from "./resource.arbitrary.ts";
import type { PendingOperation, ResourceState, Snapshot } from "./resource.ts";
import { emptyDeployment, parseDeployment } from "./store.ts";

const hex: SecretWriter = (plaintext) => ({ ciphertext: Buffer.from(plaintext).toString("hex") });
const SECRETS = { type: "passphrase", state: { salt: "s" } } as const;

/** One thing that a run records; numbers choose among the states there are. */
type Operation =
  | { readonly does: "begin"; readonly pending: PendingOperation }
  | { readonly does: "put"; readonly state: ResourceState }
  | { readonly does: "put again" | "changed" | "done"; readonly which: number; readonly id: string }
  | { readonly does: "end"; readonly which: number }
  | { readonly does: "settled" };

const anyOperation = fc.oneof(
  fc.record({ does: fc.constant("begin"), pending: anyPending }),
  fc.record({ does: fc.constant("put"), state: anyResource }),
  fc.record({
    does: fc.constantFrom("put again", "changed", "done"),
    which: fc.nat(),
    id: fc.string({ unit: "grapheme" }),
  }),
  fc.record({ does: fc.constant("end"), which: fc.nat() }),
  fc.record({ does: fc.constant("settled") }),
) satisfies fc.Arbitrary<Operation>;

describe("a run's journal", () => {
  const directory = mkdtempSync(join(tmpdir(), "state-journal-"));
  const file = join(directory, "dev.journal");
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const deploymentOf = (snapshot: Snapshot): Deployment => snapshotToDeployment(snapshot, hex, SECRETS, "").deployment;

  /** Plays the operations; gives what the recorder then holds, and the journal that it wrote. */
  function play(
    snapshot: Snapshot,
    text: string,
    operations: readonly Operation[],
  ): { now: ResourceState[]; journal: Buffer } {
    const journal = new Journal(file, text, hex);
    const recorder = new Recorder(snapshot.resources, journal);
    const open: (() => void)[] = [];
    for (const operation of operations) {
      const states = recorder.current();
      const chosen = "which" in operation ? states[operation.which % states.length] : undefined;
      if (operation.does === "begin") open.push(recorder.begin(operation.pending.kind, operation.pending.resource));
      else if (operation.does === "put") recorder.put({ ...operation.state });
      else if (operation.does === "settled") recorder.settled();
      else if (operation.does === "end") open.splice(operation.which % (open.length + 1), 1).forEach((end) => end());
      else if (chosen !== undefined) {
        chosen.id = operation.id;
        if (operation.does === "done") recorder.done(chosen);
        else if (operation.does === "changed" || snapshot.resources.includes(chosen)) recorder.changed(chosen);
        else recorder.put(chosen);
      }
    }
    journal.close();
    return { now: recorder.current(), journal: readFileSync(file) };
  }

  it("folds to what the run held in memory, and at every byte where a kill may cut it to a valid deployment", () => {
    fc.assert(
      fc.property(anySnapshot, fc.array(anyOperation, { maxLength: 7 }), (snapshot, operations) => {
        const base = deploymentOf(snapshot);
        const text = JSON.stringify({ version: 3, deployment: base });
        const { now, journal } = play(snapshot, text, operations);
        const whole = fold(base, text, journal.toString());
        assert.deepEqual(
          whole.resources,
          now.map((state) => resourceToJson(state, hex)),
        );

        // An entry is complete with its last byte; before that, the fold is that of the entries before it.
        let expected = JSON.stringify(base);
        for (let end = 0; end <= journal.length; end++) {
          const cut = fold(base, text, journal.subarray(0, end).toString());
          const isEntryEnd = end === journal.length || journal[end] === 0x0a;
          if (isEntryEnd) {
            expected = JSON.stringify(cut);
            parseDeployment(JSON.stringify({ version: 3, deployment: cut }), "the fold");
          } else assert.equal(JSON.stringify(cut), expected, `cut at byte ${end} of ${journal.length}`);
        }
        assert.equal(expected, JSON.stringify(whole));
      }),
      { numRuns: 12 },
    );
  });

  it("of another snapshot is spent: it was folded already", () => {
    const base = deploymentOf({ resources: [resourceOf(urnOf("a"))], pending: [] });
    const { journal } = play({ resources: [], pending: [] }, "another text", [
      { does: "put", state: resourceOf(urnOf("b")) },
    ]);
    assert.equal(fold(base, "this text", journal.toString()), base);
    assert.equal(fold(base, "this text", ""), base);
    assert.equal(fold(base, "this text", '{"kind":"settled"}\n'), base);
  });

  it("loses no entry to one before it that a full disk cut short", () => {
    const base = deploymentOf({ resources: [], pending: [] });
    const lines = play({ resources: [], pending: [] }, "t", [
      { does: "put", state: resourceOf(urnOf("a")) },
      { does: "put", state: resourceOf(urnOf("b")) },
    ])
      .journal.toString()
      .split("\n");
    const cut = lines.map((line) => (line.includes(urnOf("a")) ? line.slice(0, 40) : line)).join("\n");
    assert.deepEqual(
      fold(base, "t", cut).resources.map((json) => json["urn"]),
      [urnOf("b")],
    );
  });

  it("tells how its secrets are sealed, so that a first run that was killed can be read", () => {
    const sealedBy = { type: "passphrase", state: { salt: "of the journal" } };
    new Journal(file, "", hex, sealedBy).close();
    const { secrets_providers } = fold(emptyDeployment(), "", readFileSync(file, "utf8"));
    assert.deepEqual(secrets_providers, sealedBy);
  });

  it("shows no secret", () => {
    const resource = resourceOf(urnOf("a"), { inputs: { password: new Secret("hunter2") } });
    const operations: Operation[] = [
      { does: "begin", pending: { kind: "creating", resource, operationId: "" } },
      { does: "put", state: resource },
      { does: "changed", which: 0, id: "i-2" },
    ];
    assert.ok(!play({ resources: [], pending: [] }, "", operations).journal.includes("hunter2"));
    assert.ok(!play({ resources: [resource], pending: [] }, "", operations).journal.includes("hunter2"));
  });

  it("names the snapshot that it builds on by its digest, and goes away when removed", () => {
    const journal = new Journal(file, "text", showing);
    journal.close();
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { kind: "base", digest: digestOf("text") });
    journal.remove();
    assert.ok(!existsSync(file));
  });
});

describe("folding pending operations", () => {
  const pending = (name: string): PendingOperation => ({
    kind: "creating",
    resource: resourceOf(urnOf(name), { id: "" }),
    operationId: name,
  });
  const directory = mkdtempSync(join(tmpdir(), "state-pending-"));
  const file = join(directory, "dev.journal");
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const cases: { title: string; record: (journal: Journal) => void; left: string[] }[] = [
    { title: "those from before the run stay until they are settled", record: () => undefined, left: ["before"] },
    { title: "settled ones go", record: (journal) => journal.settled(), left: [] },
    { title: "a begun one is added", record: (journal) => void journal.begin(pending("new")), left: ["before", "new"] },
    {
      title: "one that ended is not",
      record: (journal) => {
        const first = journal.begin(pending("first"));
        journal.begin(pending("second"));
        journal.end(first);
        journal.settled();
      },
      left: ["second"],
    },
  ];
  for (const { title, record, left } of cases)
    it(title, () => {
      const base = snapshotToDeployment({ resources: [], pending: [pending("before")] }, hex, SECRETS, "").deployment;
      const journal = new Journal(file, "text", hex);
      record(journal);
      journal.close();
      const { pending_operations: operations = [] } = fold(base, "text", readFileSync(file, "utf8"));
      assert.deepEqual(
        operations.map((operation) => operation["operationId"]),
        left,
      );
    });
});
