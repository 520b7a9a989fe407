import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { held } from "./held.ts";
import { exported, journalFile, journalLines, knowPassphrase, sandbox, up } from "./workshop.ts";

/** How many kills, spread over the run by how much of its journal is written. */
const KILLS_PER_RUN = 10;
const POLL_MILLISECONDS = 2;

/** Starts the run and kills it once its journal has that many lines. False where it ended before. */
async function killedAt(state: string, args: readonly string[], lines: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const { code } = await sandbox(state, args, (kill) => {
    timer = setInterval(() => {
      if (journalLines(state) >= lines) kill();
    }, POLL_MILLISECONDS);
  });
  clearInterval(timer);
  return code === null;
}

/** Counts the journal's lines while an undisturbed run goes by. */
async function journalOf(state: string, args: readonly string[]): Promise<number> {
  let most = 0;
  let timer: NodeJS.Timeout | undefined;
  const { code, stdout } = await sandbox(state, args, () => {
    timer = setInterval(() => {
      most = Math.max(most, journalLines(state));
    }, POLL_MILLISECONDS);
  });
  clearInterval(timer);
  assert.equal(code, 0, stdout);
  return most;
}

describe("an up that is killed at any point", function () {
  this.timeout(240_000);
  const root = mkdtempSync(join(tmpdir(), "killed-"));
  const made = join(root, "made");
  const changed = join(root, "changed");
  const slow = ["--latency", "15"];
  let journals: readonly [number, number];
  knowPassphrase();

  before(async () => {
    const first = await journalOf(made, up(1, ...slow));
    cpSync(made, changed, { recursive: true });
    journals = [first, await journalOf(changed, up(2, ...slow))];
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const runs = [
    { what: "while it creates", step: 1, journal: 0, from: undefined, wanted: made },
    { what: "while it updates, replaces, and deletes", step: 2, journal: 1, from: made, wanted: changed },
  ] as const;

  for (const { what, step, journal, from, wanted } of runs)
    it(`${what}, ends in the same state when it is run again`, async () => {
      const expectedState = await exported(wanted);
      const expectedCloud = held(wanted);
      let kills = 0;
      for (let point = 0; point < KILLS_PER_RUN; point++) {
        const state = join(root, `${step}-${point}`);
        if (from !== undefined) cpSync(from, state, { recursive: true });
        const lines = Math.max(1, Math.round((journals[journal] * (point + 0.5)) / KILLS_PER_RUN));
        if (await killedAt(state, up(step, ...slow), lines)) kills++;
        const resumed = await sandbox(state, up(step));
        assert.equal(resumed.code, 0, `after a kill at line ${lines}: ${resumed.stdout}${resumed.stderr}`);
        assert.deepEqual(await exported(state), expectedState, `state after a kill at line ${lines}`);
        assert.deepEqual(held(state), expectedCloud, `cloud after a kill at line ${lines}`);
        rmSync(state, { recursive: true, force: true });
      }
      assert.ok(kills >= KILLS_PER_RUN - 2, `only ${kills} of ${KILLS_PER_RUN} runs were killed in time`);
    });

  it("between the cloud's making of a replacement and its entry in the journal, knows the replacement again", async () => {
    const state = join(root, "between");
    cpSync(made, state, { recursive: true });
    const isReplacement = (line: string): boolean => /^\{"kind":"new".*::subnet-2"/.test(line);
    const linesIn = (): string[] => readFileSync(journalFile(state) ?? "", "utf8").split("\n");
    let timer: NodeJS.Timeout | undefined;
    await sandbox(state, up(2, ...slow), (kill) => {
      timer = setInterval(() => {
        if (journalFile(state) !== undefined && linesIn().some(isReplacement)) kill();
      }, POLL_MILLISECONDS);
    });
    clearInterval(timer);
    const lines = linesIn();
    writeFileSync(journalFile(state) ?? "", lines.slice(0, lines.findIndex(isReplacement)).join("\n"));
    const resumed = await sandbox(state, up(2));
    assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr);
    assert.deepEqual(held(state), held(changed));
  });

  it("leaves nothing behind that destroy does not find", async () => {
    const state = join(root, "destroyed");
    await killedAt(state, up(1, ...slow), Math.round(journals[0] / 2));
    const { code, stdout } = await sandbox(state, ["destroy", "--skip-preview", "--json"]);
    assert.equal(code, 0, stdout);
    assert.deepEqual(held(state), {});
  });
});
