import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { costCommand } from "./command.ts";
import { reportSchema } from "./formats/schema.ts";
import { amount } from "./money.ts";

const root = join(import.meta.dirname, "../..");
const stateOf = (stack: string, count: number, project = "groundwork") => ({
  version: 3,
  deployment: {
    manifest: { time: "2026-10-04T00:00:00Z", magic: "", version: "" },
    resources: [
      {
        urn: `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`,
        custom: false,
        type: "pulumi:pulumi:Stack",
      },
      ...Array.from({ length: count }, (_, index) => ({
        urn: `urn:pulumi:${stack}::${project}::aws:kms/key:Key::key-${index}`,
        custom: true,
        id: `key-${index}`,
        type: "aws:kms/key:Key",
        inputs: { tagsAll: { CostCenter: "platform", Environment: stack, Service: "api", Owner: "team" } },
        outputs: {},
        parent: `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`,
      })),
    ],
  },
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly complaints: readonly string[];
}

async function cost(...args: string[]): Promise<Ran> {
  const [out, complaints]: [string[], string[]] = [[], []];
  const code = await costCommand(args, {
    root,
    colors: noColors,
    width: 100,
    now: new Date("2026-10-04T12:00:00Z"),
    print: (text) => out.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, out: out.join("\n"), complaints };
}

describe("npm run cost", () => {
  let folder = "";
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  let state = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "cost-command-"));
    state = file("staging.json", stateOf("staging", 2));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("prices an export without credentials, and gives JSON of the documented shape", async () => {
    const { code, out } = await cost("--state", state, "--format", "json");
    assert.equal(code, 0);
    const { stacks, attributedShare } = reportSchema.parse(JSON.parse(out));
    assert.deepEqual(
      stacks.map(({ stack, lines }) => [stack, lines.some(({ type }) => type === "aws:kms/key:Key")]),
      [["staging", true]],
    );
    assert.ok(amount(stacks[0]?.monthly.expected ?? "0").greaterThanOrEqualTo(2));
    assert.equal(attributedShare, "1");
  });

  it("writes any format to a file, and says what it comes to", async () => {
    for (const [format, begins] of [
      ["table", "Cost in USD"],
      ["json", "{"],
      ["csv", "BilledCost,"],
      ["html", "<!doctype html>"],
      ["markdown", "<!-- groundwork:cost -->"],
    ] as const) {
      const out = join(folder, `report.${format}`);
      const ran = await cost("--state", state, "--format", format, "--out", out);
      assert.match(ran.out, /^staging [\d.]+ USD a month: .*report\./);
      assert.ok(readFileSync(out, "utf8").startsWith(begins), format);
    }
  });

  it("groups by the tags that are asked for", async () => {
    const { out } = await cost("--state", state, "--group-by", "owner,environment", "--format", "json");
    const { groups, attributedBy } = reportSchema.parse(JSON.parse(out));
    assert.deepEqual(attributedBy, ["Owner", "Environment"]);
    assert.deepEqual(groups[0]?.values, ["team", "staging"]);
  });

  it("compares with a report or an export, and fails over a threshold", async () => {
    const report = join(folder, "before.json");
    await cost("--state", state, "--format", "json", "--out", report);
    const grown = file("grown.json", stateOf("staging", 4));
    for (const against of [report, state]) {
      const bad = await cost("--state", grown, "--against", against, "--fail-over", "10%", "--format", "markdown");
      assert.equal(bad.code, 1);
      assert.match(bad.complaints.join(), /^staging costs \+[\d.]+ USD a month \(\+[\d.]+ %\): more than --fail-over/);
      assert.match(bad.out, /\| added \| key-2 \|/);
    }
    assert.equal((await cost("--state", state, "--against", grown, "--fail-over", "10%")).code, 0);
    assert.equal((await cost("--state", grown, "--against", report, "--fail-over", "10000")).code, 0);
  });

  it("holds stacks against their budgets", async () => {
    const { code, out } = await cost("--state", state, "--budget", "--format", "json");
    const [budget] = reportSchema.parse(JSON.parse(out)).budgets;
    assert.deepEqual([code, budget?.stack, budget?.broken], [0, "staging", false]);
    const many = file("many.json", stateOf("staging", 400));
    const over = await cost("--state", many, "--budget");
    assert.equal(over.code, 1);
    assert.match(over.complaints.join(), /^staging: .* over budget$/);
  });

  it("tells which prices are old", async () => {
    const { code, out } = await cost("prices", "--check");
    assert.ok(code === 0 || code === 1);
    assert.match(out, code === 1 ? /prices were read more than 90 days ago:\n {2}\d{4}-/ : /none older than 90 days/);
    assert.equal((await cost("prices")).code, 0);
  });

  it("explains itself", async () => {
    const { code, out } = await cost("--help");
    assert.equal(code, 0);
    for (const option of [
      "--stack",
      "--state",
      "--format",
      "--out",
      "--group-by",
      "--usage",
      "--against",
      "--fail-over",
    ])
      assert.ok(out.includes(option), option);
  });

  const wrong: readonly (readonly [what: string, args: () => readonly string[], message: RegExp])[] = [
    [
      "broken JSON",
      () => ["--state", file("broken.json", "{")],
      /broken\.json is no Pulumi export, since it is not JSON/,
    ],
    ["a missing file", () => ["--state", join(folder, "stagin.json")], /does not exist: did you mean/],
    [
      "another project's state",
      () => ["--state", file("shop.json", stateOf("staging", 1, "shop"))],
      /shop\.json is of project shop, not of groundwork/,
    ],
    ["an unknown tag", () => ["--state", state, "--group-by", "Ownr"], /--group-by "Ownr": did you mean "Owner"\?/],
    [
      "an unknown format",
      () => ["--state", state, "--format", "markdwn"],
      /--format "markdwn": did you mean "markdown"\?/,
    ],
    [
      "a name that every object has",
      () => ["--format", "constructor"],
      /--format "constructor": choose one of csv, html/,
    ],
    [
      "an unknown option",
      () => ["--stat", state],
      /there is no option --stat: did you mean "stat[ek]"\?|choose one of/,
    ],
    ["an unknown command", () => ["price"], /there is no command "price": did you mean "prices"\?/],
    ["two sources", () => ["--state", state, "--stack", "staging"], /two sources: give one/],
    ["a threshold without a comparison", () => ["--state", state, "--fail-over", "5"], /say from what with --against/],
    [
      "negative usage",
      () => ["--state", state, "--usage", file("usage.json", { staging: { requests: -1 } })],
      /usage\.json: staging\.requests .*not negative/,
    ],
    [
      "a report in another currency",
      () => ["--state", state, "--against", file("euro.json", { currency: "EUR", stacks: [] })],
      /euro\.json is in EUR, and prices here are in USD/,
    ],
    [
      "a baseline that is broken",
      () => ["--state", state, "--against", file("half.json", "[")],
      /half\.json is not JSON/,
    ],
    [
      "a baseline that is not there",
      () => ["--state", state, "--against", "no-such-branch-9"],
      /is neither a file nor a branch/,
    ],
    ["a report where nothing can be written", () => ["--state", state, "--out", folder], /cannot be written/],
    ["--check alone", () => ["--check"], /--check is of prices/],
    ["another option of prices", () => ["prices", "--format", "json"], /--format means nothing to prices/],
    ["an operand", () => ["prices", "now"], /there is nothing to do with "now"/],
  ];
  for (const [what, args, message] of wrong)
    it(`refuses ${what} with one clear line`, () =>
      assert.rejects(cost(...args()), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.equal(error.exitCode, 2);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      }));
});
