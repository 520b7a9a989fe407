import assert from "node:assert/strict";
import { truncate } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { UserError } from "../sandbox/user-error.ts";
import { localRestoreDrill } from "./local.ts";
import { verdictOf } from "./report.ts";

const workplaces = () => readdirSync(tmpdir()).filter((name) => name.startsWith("groundwork-drill-"));

describe("the restore drill on this machine", () => {
  const never = new AbortController().signal;

  it("loses a database, brings back all that the dump had, and leaves nothing behind", async () => {
    const lines: string[] = [];
    let folder = "";
    const report = await localRestoreDrill({
      environment: "staging",
      say: (line) => lines.push(line),
      signal: never,
      afterDump: (dumped) => {
        folder = dumped;
        return Promise.resolve();
      },
    });
    assert.deepEqual(verdictOf(report, { pointHours: 24, timeHours: 1 }), { holds: true, reasons: [] });
    assert.deepEqual([report.canaries.found.count, report.lost], [500, 40]);
    assert.ok(report.recoveryPointSeconds > 0 && report.recoveryTimeSeconds > 0);
    assert.deepEqual(
      report.steps.map(({ step }) => step),
      [
        "start a database",
        "seed, with canaries",
        "write on",
        "dump",
        "write on",
        "lose the database",
        "start an empty one",
        "check the dump, restore it",
        "compare",
      ],
    );
    assert.equal(lines.length, report.steps.length);
    assert.ok(folder !== "" && !existsSync(dirname(folder)));
  });

  it("refuses a dump that was cut, and cleans up", async () => {
    const before = workplaces();
    const options = { environment: "staging", say: () => undefined, signal: never };
    await assert.rejects(
      localRestoreDrill({ ...options, afterDump: (folder) => truncate(join(folder, "maps.ejsonl"), 5000) }),
      (error) =>
        error instanceof UserError && error.message.startsWith("the dump is damaged: maps.ejsonl has 5000 bytes"),
    );
    assert.deepEqual(
      workplaces().filter((name) => !before.includes(name)),
      [],
    );
  });

  it("stops at a signal before the database is lost, and cleans up", async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    await assert.rejects(
      localRestoreDrill({
        environment: "staging",
        say: (line) => lines.push(line),
        signal: controller.signal,
        afterDump: () => {
          controller.abort(new UserError("interrupted"));
          return Promise.resolve();
        },
      }),
      /^UserError: interrupted$/,
    );
    assert.match(lines.at(-1) ?? "", /^ {2}dump /);
  });
});
