import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noColors } from "./sandbox/cli/display/colors.ts";
import { DOCUMENT, documentOf, policyCommand } from "./policy/command.ts";
import { OWN_PACK, environmentNames, environmentsOf, type Pack } from "./policy/pack.ts";
import { SMALL_PACK, bucket, exportText, urnOf } from "./policy/small-pack.ts";

const ROOT = join(import.meta.dirname, "..");

describe("npm run policy", () => {
  let directory: string;
  let state: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "policy-"));
    state = join(directory, "state.json");
  });
  after(() => rmSync(directory, { recursive: true }));

  const holds = (...inputs: readonly { acl: string; versions: number }[]): void =>
    writeFileSync(state, exportText(inputs.map((input, index) => bucket(index === 0 ? "main" : `b${index}`, input))));

  async function policy(args: string, pack: Pack = SMALL_PACK): Promise<{ code: number; out: string }> {
    const printed: string[] = [];
    const around = { pack, root: ROOT, colors: noColors, width: 120, print: (text: string) => void printed.push(text) };
    const code = await policyCommand(args === "" ? [] : args.split(" "), around);
    return { code, out: printed.join("\n") };
  }

  it("fails on a mandatory finding, and on an advisory one where that is asked for", async () => {
    holds({ acl: "public", versions: 1 });
    assert.equal((await policy(`--state ${state}`)).code, 1);
    holds({ acl: "private", versions: 1 });
    assert.deepEqual(await policy(`--state ${state}`), {
      code: 0,
      out: "staging: no findings; 2 resources by 4 rules (levels are those of scripts/policy/fixtures/pack/config/staging.json)",
    });
    writeFileSync(state, exportText([]));
    assert.equal((await policy(`--state ${state}`)).code, 0);
    assert.equal((await policy(`--state ${state} --fail-on advisory`)).code, 1);
  });

  it("writes to a file what it would print, and prints what it comes to", async () => {
    holds({ acl: "public", versions: 1 });
    const file = join(directory, "report.json");
    const { code, out } = await policy(`--state ${state} --format json --output ${file}`);
    assert.equal(code, 1);
    assert.equal(out, `staging: 1 finding (1 mandatory, 0 advisory); 2 resources by 4 rules: ${file}`);
    const { findings } = JSON.parse(readFileSync(file, "utf8")) as { findings: readonly { urn: string }[] };
    assert.deepEqual(
      findings.map(({ urn }) => urn),
      [urnOf("main")],
    );
  });

  const mistakes: readonly (readonly [args: string, message: RegExp])[] = [
    ["", /^nothing to judge: give --state FILE or --stack NAME; --help shows what is possible$/],
    ["--state a --stack b", /^--state and --stack are two sources: give one/],
    ["--state", /--state/],
    ["--state none.json", /^none\.json does not exist: /],
    ["--state package.json", /^package\.json is no Pulumi export, since it has no "deployment": write one with/],
    ["--stack stagin", /^no stack "stagin" in project groundwork: did you mean "staging"\?$/],
    ["--state a --format tabel", /^--format "tabel": did you mean "table"\?$/],
    ["--state a --fail-on mandatry", /^--fail-on "mandatry": did you mean "mandatory"\?$/],
    ["--stat a", /^there is no option --stat: did you mean "state"\?$/],
    ["lst", /^there is no command "lst": did you mean "list"\?/],
    ["list x", /^list takes no "x"/],
    ["list --format json", /^--format means nothing to list/],
    ["list --environment stagin", /^no environment "stagin": did you mean "staging"\?$/],
    ["explain", /^explain needs a RULE/],
    ["explain bucket-privat", /^no rule "bucket-privat": did you mean "bucket-private"\?$/],
    ["explain encryption", /^no rule "encryption": the nearest of its 4 is "[a-z-]+"$/],
    ["--write", /^--write means nothing here/],
  ];
  for (const [args, message] of mistakes)
    it(`answers \`${args}\` with one line and exit code 2`, async () => {
      await assert.rejects(policy(args), (error: unknown) => {
        assert.ok(error instanceof Error && "exitCode" in error, String(error));
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"), error.message);
        assert.equal(error.exitCode, 2);
        return true;
      });
    });

  it("says what is wrong on stderr, without a stack trace", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/policy.ts"), "lst"], {
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^policy: there is no command "lst": .*\n$/);
  });

  it("lists every rule with its level per environment", async () => {
    const { out } = await policy("list");
    assert.match(out, /^rule +severity +production +staging +preview$/m);
    assert.match(out, /^stack-named +low +mandatory +advisory +disabled$/m);
    assert.match((await policy("list --environment preview")).out, /^stack-named +low +disabled$/m);
  });

  it("explains every rule of the project's own pack", async () => {
    const name = "s3-bucket-not-public";
    const { out } = await policy(`explain ${name}`, OWN_PACK);
    const rule = OWN_PACK.rules.find((one) => one.name === name)!;
    for (const part of [
      rule.description,
      rule.why,
      "How to mend it",
      "is a violation",
      "production",
      "aws:s3/bucket:Bucket",
    ])
      assert.ok(out.includes(part), part);
    for (const standard of rule.standards) assert.ok(out.includes(standard), standard);
  });

  it("knows every environment's configuration, and its rules alone", async () => {
    assert.deepEqual(environmentNames(OWN_PACK), ["production", "staging", "preview"]);
    assert.equal((await environmentsOf(OWN_PACK)).length, 3);
  });
});

describe(DOCUMENT, () => {
  let text: string;
  before(async () => {
    text = await documentOf(OWN_PACK, join(ROOT, DOCUMENT));
  });

  it("is what the rules say; otherwise: npm run policy -- docs --write", () => {
    assert.equal(readFileSync(join(ROOT, DOCUMENT), "utf8"), text);
  });

  it("says of every rule how its violations are mended", () => {
    const without = text
      .split(/^### /m)
      .slice(1)
      .filter((section) => !section.includes("**How to mend it**"))
      .map((section) => section.split("\n")[0]);
    assert.deepEqual(without, []);
  });
});
