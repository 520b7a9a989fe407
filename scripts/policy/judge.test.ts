import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importState } from "../sandbox/cli/commands/state-commands.ts";
import type { JsonObject } from "../sandbox/state/deployment.ts";
import { type JudgeOptions, type Report, judge } from "./judge.ts";
import { SMALL_PACK, bucket, exportText, sealed, urnOf } from "./small-pack.ts";
import { exportedSource, sandboxSource } from "../state-source.ts";

const good = { acl: "private", versions: 1 };

describe("a stack that the pack judges alone", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "judge-"));
    writeFileSync(join(directory, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });
  after(() => rmSync(directory, { recursive: true }));

  const options: JudgeOptions = { environment: undefined, configFile: undefined };
  const judged = async (resources: readonly JsonObject[], stack = "staging", more = options): Promise<Report> => {
    const file = join(directory, "export.json");
    writeFileSync(file, exportText(resources, stack));
    return judge(SMALL_PACK, await exportedSource(file), more);
  };
  const shown = ({ findings }: Report): readonly string[] =>
    findings.map(({ level, rule, urn, property, wrong }) => `${level} ${rule} ${urn}: ${property}: ${wrong}`);

  it("is told what is wrong in parts, by resource and for all of it", async () => {
    const report = await judged([bucket("z", { acl: "public", versions: 1 }), bucket("a", { ...good, versions: 0 })]);
    assert.deepEqual(report.findings.slice(1), [
      {
        rule: "bucket-versioned",
        level: "mandatory",
        severity: "high",
        urn: urnOf("a"),
        property: "versions",
        wrong: "it is 0",
        why: "What is overwritten is gone.",
        fix: "set versions: 1",
        message: "versions: it is 0. What is overwritten is gone. Fix: set versions: 1.",
      },
      {
        rule: "bucket-private",
        level: "mandatory",
        severity: "high",
        urn: urnOf("z"),
        property: "acl",
        wrong: 'it is "public"',
        why: "Public buckets leak.",
        fix: 'set acl: "private"',
        message: 'acl: it is "public". Public buckets leak. Fix: set acl: "private".',
      },
    ]);
    assert.deepEqual(shown({ ...report, findings: report.findings.slice(0, 1) }), [
      "advisory stack-named urn:pulumi:staging::shop::pulumi:pulumi:Stack::shop-staging: name: no bucket is called main",
    ]);
    assert.equal(report.resources, 3);
    assert.equal(report.rules.length, 4);
    assert.equal(report.environment, "staging");
  });

  it("is judged as its environment is, or as it is told", async () => {
    const resources = [bucket("a", good)];
    const levels = async (stack: string, more = options): Promise<readonly string[]> =>
      (await judged(resources, stack, more)).findings.map(({ rule, level }) => `${level} ${rule}`);
    assert.deepEqual(await levels("production"), ["mandatory stack-named", "mandatory bucket-versioned"]);
    assert.deepEqual(await levels("preview-login"), []);
    assert.deepEqual(await levels("preview-login", { ...options, environment: "staging" }), ["advisory stack-named"]);
    const configFile = join(directory, "given.json");
    writeFileSync(configFile, '{"bucket-versioned": {"versions": 2}, "stack-named": "disabled"}');
    assert.deepEqual(await levels("production", { ...options, configFile }), ["mandatory bucket-versioned"]);
  });

  it("is not judged by a configuration that names no rule, or for an environment that is none", async () => {
    const configFile = join(directory, "wrong.json");
    writeFileSync(configFile, '{"bucket-privat": "advisory"}');
    await assert.rejects(judged([], "staging", { ...options, configFile }), {
      message: /wrong\.json names "bucket-privat", which pack small does not have: did you mean "bucket-private"\?$/,
    });
    await assert.rejects(judged([], "staging", { ...options, environment: "stagin" }), {
      message: 'no environment "stagin": did you mean "staging"?',
      exitCode: 2,
    });
  });

  it("lists what is exempt, with its reason, and until when", async () => {
    const { findings, exempt } = await judged([bucket("press", { acl: "public", versions: 1 }), bucket("main", good)]);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      exempt.map(({ finding, ...rest }) => ({ ...rest, rule: finding.rule, urn: finding.urn, wrong: finding.wrong })),
      [
        {
          reason: "The press kit is public (all of it). Until it moves",
          owner: "platform",
          expires: "2026-12-31",
          rule: "bucket-private",
          urn: urnOf("press"),
          wrong: 'it is "public"',
        },
      ],
    );
  });

  it("is undecided where an export keeps a value encrypted, whatever an unknown value means at preview", async () => {
    const hidden = sealed({ ciphertext: "v1:x:y" });
    const { findings, undecided } = await judged([bucket("main", { acl: hidden, versions: hidden })]);
    assert.deepEqual(findings, []);
    assert.deepEqual(undecided, [
      { rule: "bucket-private", urn: urnOf("main"), property: "acl" },
      { rule: "bucket-versioned", urn: urnOf("main"), property: "versions" },
    ]);
  });

  it("is judged by secrets that an export shows, which stand in no message", async () => {
    const report = await judged([bucket("main", { acl: sealed({ plaintext: '"hunter2"' }), versions: 1 })]);
    assert.deepEqual(shown(report), [`mandatory bucket-private ${urnOf("main")}: acl: it is "[secret]"`]);
    assert.ok(!JSON.stringify(report).includes("hunter2"));
  });

  it("is opened where it is the sandbox's own", async () => {
    const file = join(directory, "import.json");
    writeFileSync(file, exportText([bucket("main", { acl: sealed({ plaintext: '"hunter2"' }), versions: 1 })]));
    const place = { cwd: directory, stateDir: join(directory, "state") };
    await importState(place, "staging", file);
    const report = await judge(SMALL_PACK, await sandboxSource(place, "staging"), options);
    assert.deepEqual(shown(report), [`mandatory bucket-private ${urnOf("main")}: acl: it is "[secret]"`]);
    assert.deepEqual(report.undecided, []);
    await assert.rejects(sandboxSource(place, "stagin"), { message: /did you mean "staging"\?$/, exitCode: 2 });
  });

  it("is not judged on what it only reads, nor on what is replaced already", async () => {
    const open = { acl: "public", versions: 1 };
    const resources = [
      bucket("a", open, { external: true }),
      bucket("b", open, { delete: true }),
      bucket("main", good),
    ];
    const report = await judged(resources);
    assert.deepEqual(report.findings, []);
    assert.equal(report.resources, 2);
  });

  it("fails by a rule that breaks, in one line with the rule's name", async () => {
    const broken = { urn: urnOf("odd", "thing:index:Broken"), custom: true, id: "1", type: "thing:index:Broken" };
    await assert.rejects(judged([broken]), {
      name: "PolicyError",
      exitCode: 1,
      message:
        "odd: failed to run policy: Error validating resource with policy 'thing-sound' from policy pack 'small@v0.1.0': RangeError: no such index",
    });
  });

  it("may be empty", async () => {
    const file = join(directory, "empty.json");
    writeFileSync(file, '{"version": 3, "deployment": {"resources": null}}');
    const report = await judge(SMALL_PACK, await exportedSource(file), options);
    assert.equal(report.resources, 0);
    assert.deepEqual(shown(report), ["advisory stack-named : name: no bucket is called main"]);
  });

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ["# no JSON", /is no Pulumi export, since it is not JSON: write one with `pulumi stack export/],
    ["[]", /is no Pulumi export, since it has no "deployment": write one/],
    ['{"deployment": {}, "version": 2}', /is a deployment of version 2/],
    ['{"deployment": {"resources": [{}]}, "version": 3}', /"deployment\.resources\[0\]" has no urn or no type/],
    [exportText([bucket("a", { acl: sealed({ plaintext: "{" }) })]), /a value cannot be read/],
  ];
  for (const [text, message] of wrong)
    it(`must be an export: ${text.slice(0, 40)}`, async () => {
      const file = join(directory, "wrong.json");
      writeFileSync(file, text);
      await assert.rejects(exportedSource(file), { message, exitCode: 2 });
    });
});
