import assert from "node:assert/strict";
import type { EngineEvent, OperationKind, PolicyFinding, Step } from "./events.ts";
import { Report } from "./report.ts";

const URN = "urn:pulumi:dev::p::t:i:T::n";
const step = (op: OperationKind, urn = URN): Step => ({ op, urn, type: "t:i:T", diffs: [], keys: [], changes: [] });

/** What a display hears when something happens, and the report afterwards. */
function reported(happens: (report: Report) => void): { report: Report; events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  const report = new Report((event) => events.push(event));
  happens(report);
  return { report, events };
}

describe("the report of a run", () => {
  it("counts done steps by operation, but no half steps, reads, or default providers", () => {
    const { report } = reported((now) => {
      const ops: OperationKind[] = ["create", "create", "same", "replace", "create-replacement", "delete-replaced"];
      for (const op of [...ops, "read", "refresh", "discard", "import"] as const) now.done(step(op), 1);
      now.done(step("create", "urn:pulumi:dev::p::pulumi:providers:aws::default_7_48_0"), 1);
      now.started(step("update"));
    });
    assert.deepEqual(report.changes, { create: 2, same: 1, replace: 1, discard: 1, import: 1 });
    assert.equal(report.failing, false);
  });

  it("tells everything in order, with the time that a step took", () => {
    const finding: PolicyFinding = { pack: "p", policy: "q", level: "advisory", urn: URN, message: "m", severity: "" };
    const remediation = { policy: "q", urn: URN, before: {}, after: { a: 1 } };
    const { report, events } = reported((now) => {
      now.started(step("create"));
      now.log("warning", URN, "slow");
      now.done(step("create"), 12);
      now.finding(finding);
      now.remediated(remediation, []);
    });
    assert.deepEqual(events, [
      { kind: "step-started", step: step("create") },
      { kind: "log", severity: "warning", urn: URN, message: "slow" },
      { kind: "step-done", step: step("create"), milliseconds: 12 },
      { kind: "policy", finding },
      { kind: "remediation", remediation, changes: [] },
    ]);
    assert.deepEqual(report.steps, [step("create")]);
    assert.deepEqual(report.findings, [finding]);
    assert.deepEqual(report.remediations, [remediation]);
  });

  const failures: {
    title: string;
    happens: (report: Report) => void;
    stopped: boolean;
    halted: boolean;
    errors: string[];
  }[] = [
    {
      title: "a failed step stops the run and is summed up at its end",
      happens: (report) => report.failedStep(step("create"), "no room"),
      stopped: true,
      halted: false,
      errors: ["no room", "update failed"],
    },
    {
      title: "a bail stops the run and says it all",
      happens: (report) => report.bail(URN, "refused"),
      stopped: true,
      halted: false,
      errors: ["refused"],
    },
    {
      title: "a halt stops also what was asked already",
      happens: (report) => report.halt(URN, "twice"),
      stopped: true,
      halted: true,
      errors: ["twice"],
    },
    {
      title: "an error that the program logged fails the run without stopping it",
      happens: (report) => report.error("", "oh"),
      stopped: false,
      halted: false,
      errors: ["oh"],
    },
    {
      title: "what several steps meet is told once",
      happens: (report) => {
        report.bail("", "the pack does not load");
        report.bail("", "the pack does not load");
      },
      stopped: true,
      halted: false,
      errors: ["the pack does not load"],
    },
    {
      title: "what fails at the end fails there alone",
      happens: (report) => report.failAtEnd(),
      stopped: false,
      halted: false,
      errors: ["update failed"],
    },
  ];
  for (const { title, happens, stopped, halted, errors } of failures)
    it(`fails: ${title}`, () => {
      const { report, events } = reported(happens);
      assert.equal(report.failing, true);
      assert.deepEqual([report.stopped, report.halted], [stopped, halted]);
      report.closing(false);
      assert.deepEqual(
        report.errors.map(({ message }) => message),
        errors,
      );
      const told = events.flatMap((event) => ("message" in event ? [event.message] : []));
      assert.deepEqual(told, errors);
    });

  it("sums a preview up as one, and says nothing where nothing failed", () => {
    const { report } = reported((now) => {
      now.closing(true);
      now.failedStep(step("create"), "no room");
      now.closing(true);
    });
    assert.deepEqual(report.errors, [
      { urn: URN, message: "no room" },
      { urn: "", message: "preview failed" },
    ]);
    assert.deepEqual(report.failed, [{ op: "create", urn: URN }]);
    assert.deepEqual(report.changes, {});
  });
});
