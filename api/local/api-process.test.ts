import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiProcess, startApiProcess } from "./api-process.ts";

let folder: string;
let api: ApiProcess | undefined;
let ends: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "api-process-"));
  ends = [];
});
afterEach(async () => {
  await api?.stop();
  api = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** What the processes have written so far, a word each. */
const told = (): string[] => {
  try {
    return readFileSync(join(folder, "told"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
};

const waitFor = async (holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) assert.fail(`told so far: ${told().join(", ")}`);
    await sleep(10);
  }
};

/** A shell that tells when it begins and ends; `onTerm` is what it does when it is asked to end. */
function start(onTerm: string, { graceMilliseconds = 30_000, body = "while :; do sleep 0.01; done" } = {}): void {
  const script = join(folder, "api.sh");
  writeFileSync(script, `trap '${onTerm}' TERM\nmkdir alone || echo overlaps >> told\necho begins >> told\n${body}\n`);
  api = startApiProcess({
    command: "/bin/sh",
    arguments: [script],
    cwd: folder,
    env: process.env,
    graceMilliseconds,
    onStart: () => undefined,
    onUnexpectedEnd: (how) => ends.push(how),
  });
}

describe("the API's process in development", () => {
  it("begins again only when the one before has ended, whoever asks how often", async () => {
    start("sleep 0.2; rmdir alone; exit 0");
    await waitFor(() => told().length === 1);
    await Promise.all([api?.restart(), api?.restart(), api?.restart()]);
    await waitFor(() => told().length > 1);
    assert.deepEqual([...new Set(told())], ["begins"]);
    assert.deepEqual(ends, []);
  });

  it("is killed where it does not end in time", async () => {
    start("echo refuses >> told", { graceMilliseconds: 50 });
    await waitFor(() => told().length === 1);
    await api?.stop();
    assert.deepEqual(ends, []);
  });

  it("tells of an end that nobody asked for, and begins again when it is asked to", async () => {
    start("exit 0", { body: "rmdir alone; exit 3" });
    await waitFor(() => ends.length === 1);
    assert.deepEqual(ends, ["exit code 3"]);
    await api?.restart();
    await waitFor(() => ends.length === 2);
    assert.deepEqual(told(), ["begins", "begins"]);
  });

  it("does not begin again once it is stopped", async () => {
    start("echo ends >> told; exit 0");
    await waitFor(() => told().length === 1);
    await Promise.all([api?.restart(), api?.stop()]);
    await api?.restart();
    assert.deepEqual(told(), ["begins", "ends"]);
  });
});
