import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { showing } from "../state/deployment.ts";
import { Journal } from "../state/journal.ts";
import { resourceOf, urnOf } from "../state/resource.arbitrary.ts";
import { Recorder } from "./recorder.ts";

const state = (name: string): ReturnType<typeof resourceOf> => resourceOf(urnOf(name));

/** The kinds and indexes of what was written, in order. */
function journaled(record: (journal: Journal) => void): string[] {
  const directory = mkdtempSync(join(tmpdir(), "recorder-"));
  try {
    const file = join(directory, "dev.journal");
    const journal = new Journal(file, "", showing);
    record(journal);
    journal.close();
    const entries = readFileSync(file, "utf8").trim().split("\n").slice(1);
    return entries.map((line) => {
      const { kind, ...rest } = JSON.parse(line) as { kind: string };
      return [kind, ...Object.values(rest).filter((value) => typeof value !== "object")].join(" ");
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe("what a run has made of its state", () => {
  const [a, b, c, d] = [state("a"), state("b"), state("c"), state("d")];

  it("begins as it was", () => {
    assert.deepEqual(new Recorder([a, b], undefined).current(), [a, b]);
  });

  it("is what is new, in its order, then what no step has dealt with", () => {
    const recorder = new Recorder([a, b], undefined);
    recorder.put(d);
    recorder.put(c);
    recorder.done(a);
    recorder.put(d);
    assert.deepEqual(recorder.current(), [d, c, b]);
    assert.deepEqual(
      [a, b, c, d].map((one) => recorder.isRecorded(one)),
      [false, true, true, true],
    );
    recorder.done(d);
    assert.deepEqual(recorder.current(), [c, b]);
  });

  it("has a state in another's place, which may be the same", () => {
    const recorder = new Recorder([a, b], undefined);
    recorder.replace(b, c);
    recorder.replace(a, a);
    assert.deepEqual(recorder.current(), [c, a]);
    recorder.replace(c, d);
    assert.deepEqual(recorder.current(), [a, d]);
  });

  it("is written with the new state before the one that it replaces is struck out", () => {
    const lines = journaled((journal) => {
      const recorder = new Recorder([a, b], journal);
      recorder.replace(b, c);
      recorder.replace(a, a);
    });
    assert.deepEqual(lines, ["new 0", "done 1", "new 1", "done 0"]);
  });

  it("tells two states of one URN apart", () => {
    const replaced = { ...state("a"), delete: true };
    const recorder = new Recorder([a, replaced], undefined);
    recorder.done(a);
    assert.deepEqual(recorder.current(), [replaced]);
  });

  it("is the same with a journal and, in a preview, without", () => {
    const record = (journal: Journal | undefined): Recorder => {
      const recorder = new Recorder([a], journal);
      const end = recorder.begin("creating", b, "op");
      recorder.put(b);
      end();
      recorder.changed(a);
      recorder.renamed(a.urn, c.urn);
      recorder.settled();
      return recorder;
    };
    journaled((journal) => assert.deepEqual(record(journal).current(), record(undefined).current()));
  });
});

describe("what a run writes into its journal", () => {
  const [old, older, made] = [state("old"), state("older"), state("made")];
  const cases: { title: string; record: (recorder: Recorder) => void; entries: string[] }[] = [
    {
      title: "an operation before it begins and after it ended, around what it made",
      record: (recorder) => {
        const end = recorder.begin("creating", made, "op");
        recorder.put(made);
        end();
      },
      entries: ["begin 0", "new 0", "end 0"],
    },
    {
      title: "a state written anew under its first number",
      record: (recorder) => {
        recorder.put(made);
        recorder.put(state("other"));
        recorder.put(made);
      },
      entries: ["new 0", "new 1", "new 0"],
    },
    {
      title: "an old state by its place in the snapshot",
      record: (recorder) => {
        recorder.changed(older);
        recorder.done(old);
      },
      entries: ["changed 1", "done 0"],
    },
    {
      title: "a new state that changed, and one that goes again",
      record: (recorder) => {
        recorder.put(made);
        recorder.changed(made);
        recorder.done(made);
      },
      entries: ["new 0", "new 0", "dropped 0"],
    },
    {
      title: "nothing of a state that is gone already, or never was",
      record: (recorder) => {
        recorder.done(old);
        recorder.done(old);
        recorder.changed(old);
        recorder.done(made);
      },
      entries: ["done 0"],
    },
    {
      title: "what was settled, and who took a new URN",
      record: (recorder) => {
        recorder.settled();
        recorder.renamed("urn:a", "urn:b");
      },
      entries: ["settled", "renamed urn:a urn:b"],
    },
  ];
  for (const { title, record, entries } of cases)
    it(`is ${title}`, () => {
      assert.deepEqual(
        journaled((journal) => record(new Recorder([old, older], journal))),
        entries,
      );
    });
});
