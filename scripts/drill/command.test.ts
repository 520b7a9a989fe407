import assert from "node:assert/strict";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { drillCommand, type Surroundings, USAGE } from "./command.ts";
import type { RestoreReport } from "./report.ts";
import { whereOf } from "./where.ts";

const good: RestoreReport = {
  drill: "restore",
  where: "atlas",
  environment: "staging",
  startedAt: "2026-01-12T08:00:00.000Z",
  source: "the snapshot of 2026-01-12T03:00:12.000Z, restored into drill-20260112-080000",
  canaries: { expected: { count: 2, sha256: "a".repeat(64) }, found: { count: 2, sha256: "a".repeat(64) } },
  differences: [],
  lost: 1,
  recoveryPointSeconds: 5 * 3600,
  recoveryTimeSeconds: 23 * 60,
  steps: [],
};

describe("npm run drill, by its arguments", () => {
  let printed: string[];
  let said: string[];
  beforeEach(() => {
    [printed, said] = [[], []];
  });
  const run = (args: readonly string[], change: Partial<Surroundings> = {}) =>
    drillCommand(args, {
      colors: noColors,
      print: (text) => printed.push(text),
      say: (line) => said.push(line),
      hasAtlasKey: () => false,
      localDrill: () => Promise.resolve({ ...good, where: "local" }),
      atlasDrill: () => Promise.resolve(good),
      rollbackDrill: (breakage) =>
        Promise.resolve({
          environment: "staging",
          breakage,
          holds: true,
          steps: [{ name: "rollback", holds: true, found: "brought back 1.2.3", seconds: 4 }],
          recoverySeconds: 5,
        }),
      ...change,
    });

  it("runs in Atlas where there is a key, and passes on what was asked for", async () => {
    const asked: unknown[] = [];
    const code = await run(["restore", "--yes", "--address", "203.0.113.7", "--stack", "staging"], {
      hasAtlasKey: () => true,
      atlasDrill: (request) => {
        asked.push(request);
        return Promise.resolve(good);
      },
    });
    assert.deepEqual([code, asked], [0, [{ stack: "staging", address: "203.0.113.7", yes: true }]]);
    const [text = ""] = printed;
    assert.match(text, /^ {2}Recovery point +5\.0 h, at most 24 h: kept\n {2}Lost +1, of the documents/m);
    assert.match(text, /^ {2}Recovery time +23 min, at most 1 h: kept$/m);
    assert.match(text, /^The drill holds, against staging's objectives\.$/m);
    for (const line of text.split("\n")) assert.ok(line.length <= 84, line);
  });

  it("exits 1 where the drill does not hold, and says why", async () => {
    const late = { ...good, recoveryTimeSeconds: 7200 };
    assert.equal(await run(["restore"], { hasAtlasKey: () => true, atlasDrill: () => Promise.resolve(late) }), 1);
    assert.match(printed[0] ?? "", /^The drill does not hold: it took 2\.0 h, more than 1 h\.$/m);
    assert.match(printed[0] ?? "", /at most 1 h: BROKEN$/m);
  });

  it("exits 1 where the answer was no", async () => {
    const code = await run(["restore"], { hasAtlasKey: () => true, atlasDrill: () => Promise.resolve(undefined) });
    assert.deepEqual([code, printed, said.at(-1)], [1, [], "Nothing was made."]);
  });

  it("runs here without a key, and says so", async () => {
    assert.equal(await run(["restore"]), 0);
    assert.match(
      said.join(" "),
      /^Note: there is no key of Atlas in this shell .* as with --local\. Restore drill on this machine$/,
    );
    assert.match(printed[0] ?? "", /This proves the way/);
  });

  it("gives machines the report, the objectives, and the verdict", async () => {
    await run(["restore", "--local", "--json"]);
    const { drill, objective, verdict } = JSON.parse(printed[0] ?? "") as Record<string, unknown>;
    assert.deepEqual(
      [drill, objective, verdict],
      ["restore", { pointHours: 24, timeHours: 1 }, { holds: true, reasons: [] }],
    );
  });

  it("does not look for a key where it is to run here", async () => {
    const half = () => {
      throw new UserError("half a key", 2);
    };
    assert.equal(await run(["restore", "--local"], { hasAtlasKey: half }), 0);
    await assert.rejects(run(["restore"], { hasAtlasKey: half }), /half a key/);
  });

  it("rolls back in the sandbox", async () => {
    assert.equal(await run(["rollback", "--breakage", "canary", "--yes", "--stack", "staging"]), 0);
    assert.match(printed[0] ?? "", /^ {2}rollback +as expected after 4\.0 s: brought back 1\.2\.3$/m);
    await run(["rollback", "--json"]);
    assert.deepEqual((JSON.parse(printed[1] ?? "") as { drill: string }).drill, "rollback");
  });

  it("has help of 80 columns", async () => {
    assert.equal(await run(["--help"]), 0);
    for (const line of USAGE.split("\n").slice(1)) assert.ok(line.length <= 80, line);
  });

  const wrong: Readonly<Record<string, string>> = {
    "": "there is no drill named; --help shows what is possible",
    restor: 'there is no drill "restor"; --help shows what is possible',
    "restore now": 'restore takes no "now"; --help shows what is possible',
    "restore --address here": '--address "here" is no IP address',
    "restore --local --address 203.0.113.7": "--address is of the drill in Atlas, and --local is not",
    "restore --breakage canary": "--breakage is of rollback; --help shows what is possible",
    "restore --addres": 'there is no option --addres: did you mean "address"?',
    "restore --stack preview-login": "a preview is made again, not restored: only staging has a drill",
    "restore --stack stagging": 'there is no stack "stagging": only staging has a drill',
    "rollback --address 203.0.113.7": "--address is of restore; --help shows what is possible",
    "rollback --stack production": "the drill makes a bad release, and does so in the sandbox's staging alone",
    "rollback --breakage all": '--breakage "all" is none of heartbeat, canary',
  };
  for (const [line, message] of Object.entries(wrong))
    it(`says what is wrong with ${JSON.stringify(line)}`, async () => {
      await assert.rejects(run(line.split(" ").filter(Boolean)), { name: "UserError", message, exitCode: 2 });
    });
});

describe("where the restore drill runs", () => {
  const plain = { stack: undefined, local: false, sandbox: false, yes: false, address: undefined };

  it("is never production, with or without a key, here or there", () => {
    for (const local of [true, false])
      for (const hasKey of [true, false])
        assert.throws(() => whereOf({ ...plain, stack: "production", local }, hasKey), {
          message: /^a drill never touches production/,
          exitCode: 2,
        });
  });

  it("is this machine where that is asked for, also with a key", () => {
    assert.deepEqual(whereOf({ ...plain, local: true }, true), { where: "local", because: undefined });
    assert.equal(whereOf({ ...plain, sandbox: true }, true).where, "local");
  });

  for (const change of [{ stack: "staging" }, { yes: true }, { address: "203.0.113.7" }])
    it(`is not this machine where ${Object.keys(change)[0] ?? ""} means Atlas and the key is missing`, () => {
      assert.throws(
        () => whereOf({ ...plain, ...change }, false),
        (error) => error instanceof UserError && error.exitCode === 1 && error.message.includes("needs a key"),
      );
      assert.equal(whereOf({ ...plain, ...change }, true).where, "atlas");
    });
});
