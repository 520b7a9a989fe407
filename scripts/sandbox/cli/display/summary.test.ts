import assert from "node:assert/strict";
import type { PropertyChange, RunResult, Step } from "../../engine/events.ts";
import { Secret } from "../../values/value.ts";
import { colors, noColors } from "./colors.ts";
import { type Screen, startDisplay } from "./display.ts";
import { countsText } from "./operations.ts";
import { advance, eventLine, progressLines, startProgress } from "./progress.ts";
import { redactor, secretTexts, secretsIn } from "./redact.ts";
import { durationText, summaryLines } from "./summary.ts";

const urn = (type: string, name: string): string => `urn:pulumi:staging::shop::${type}::${name}`;
const step = (op: Step["op"], type: string, name: string, changes: readonly PropertyChange[] = []): Step => ({
  op,
  urn: urn(type, name),
  type,
  diffs: [],
  keys: [],
  changes,
});
const updated = (path: string, replaces = false): PropertyChange => ({
  path,
  kind: "update",
  replaces,
  old: "a",
  now: "b",
});
const result = (more: Partial<RunResult>): RunResult => ({
  stack: "staging",
  command: "up",
  result: "succeeded",
  changes: {},
  steps: [],
  failed: [],
  findings: [],
  waiting: [],
  remediations: [],
  policiesChecked: 0,
  errors: [],
  outputs: {},
  resourceCount: 0,
  seconds: 4.25,
  ...more,
});
const plain = { colors: noColors, width: 100, diff: false };

describe("the summary of a run", () => {
  it("says what changed, property by property, and groups what was made", () => {
    const lines = summaryLines(
      result({
        changes: { create: 2, update: 1, replace: 1, same: 7 },
        steps: [
          step("create", "aws:s3:Bucket", "b"),
          step("same", "aws:s3:Bucket", "quiet"),
          step("create", "aws:s3:Bucket", "a"),
          step("update", "aws:sqs:Queue", "jobs", [updated("tags.Owner")]),
          step("create-replacement", "aws:ec2:Subnet", "private", [updated("cidrBlock", true)]),
          step("replace", "aws:ec2:Subnet", "private"),
          step("delete-replaced", "aws:ec2:Subnet", "private"),
        ],
      }),
      plain,
    );
    assert.deepEqual(lines, [
      "staging: up done in 4.3 s",
      "  +- private aws:ec2:Subnet",
      '      ~ cidrBlock: "a" → "b" (forces replacement)',
      "  ~ jobs aws:sqs:Queue",
      '      ~ tags.Owner: "a" → "b"',
      "  + aws:s3:Bucket a, b",
      "  + 2 created, ~ 1 updated, +- 1 replaced, 7 unchanged",
    ]);
  });

  it("leaves out properties beyond the tenth, and shows them with --diff", () => {
    const changes = Array.from({ length: 13 }, (_, index) => updated(`p${String(index).padStart(2, "0")}`));
    const run = result({ steps: [step("update", "a:b:C", "x", changes)] });
    const short = summaryLines(run, plain);
    assert.ok(short.some((line) => line.includes("… 3 more (--diff shows all)")));
    assert.ok(!short.some((line) => line.includes("p10")));
    assert.ok(summaryLines(run, { ...plain, diff: true }).some((line) => line.includes("p12")));
  });

  it("groups policy findings, the mandatory ones first", () => {
    const finding = { pack: "guardrails", severity: "", message: "Bad.\nvery", urn: urn("a:b:C", "x") };
    const lines = summaryLines(
      result({
        result: "failed",
        policiesChecked: 3,
        findings: [
          { ...finding, policy: "tags", level: "advisory" },
          { ...finding, policy: "public", level: "mandatory", urn: "" },
          { ...finding, policy: "tags", level: "advisory", urn: urn("a:b:C", "w") },
        ],
      }),
      plain,
    );
    assert.deepEqual(lines.slice(0, -1), [
      "staging: up failed in 4.3 s",
      "  3 policies checked, 3 findings",
      "    mandatory public: Bad.",
      "      stack: very",
      "    advisory tags: Bad.",
      "      w: very",
      "      x: very",
    ]);
    const mixed = [finding, { ...finding, message: "Bad." }, { ...finding, message: "Bad.\n" }];
    assert.deepEqual(
      summaryLines(
        result({ findings: mixed.map((one) => ({ ...one, policy: "tags", level: "advisory" })) }),
        plain,
      ).slice(2, -1),
      ["    advisory tags", "      x: Bad.", "      x: Bad.", "      x: Bad.", "        very"],
    );
  });

  it("counts the checks that wait for up, and names them with --diff", () => {
    const waiting = ["b", "a"].map((name) => ({
      pack: "guardrails",
      policy: "public",
      urn: urn("a:b:C", name),
      reason: "waits for policy",
    }));
    const run = result({ command: "preview", policiesChecked: 3, waiting });
    assert.deepEqual(summaryLines(run, plain).slice(1, -1), [
      "  3 policies checked, no findings",
      "  2 checks wait for values that only up knows (--diff shows them)",
    ]);
    assert.deepEqual(summaryLines(run, { ...plain, diff: true }).slice(2, -1), [
      "  2 checks wait for values that only up knows",
      "    public: a, b",
    ]);
    const one = { ...run, waiting: waiting.slice(1) };
    assert.match(summaryLines(one, plain)[2] ?? "", /^ {2}1 check waits for values that only up knows /);
  });

  it("masks secret outputs and names the resource of an error", () => {
    const lines = summaryLines(
      result({
        outputs: { url: "https://x", password: new Secret("hunter2") },
        errors: [
          { urn: urn("a:b:C", "x"), message: "BucketAlreadyExists: taken\n" },
          { urn: "", message: "update failed" },
        ],
      }),
      plain,
    );
    assert.deepEqual(lines.slice(1), [
      "  outputs",
      "    password: [secret]",
      '    url: "https://x"',
      "  2 errors",
      "    x (a:b:C): BucketAlreadyExists: taken",
      "    update failed",
      "  no changes",
    ]);
  });

  for (const [seconds, text] of [
    [0.04, "0.0 s"],
    [59.94, "59.9 s"],
    [61, "1 min 1 s"],
    [125.4, "2 min 5 s"],
  ] as const)
    it(`says ${seconds} seconds as ${text}`, () => assert.equal(durationText(seconds), text));

  it("speaks of what is to come in a preview", () => {
    assert.equal(countsText({ delete: 1, create: 2 }, "preview", noColors), "+ 2 to create, - 1 to delete");
    assert.equal(countsText({ same: 4 }, "up", noColors), "no changes, 4 unchanged");
    assert.equal(countsText({}, "up", noColors), "no changes");
  });
});

describe("progress", () => {
  it("counts what is done and shows what runs longest", () => {
    const progress = startProgress("staging", "updating", 0);
    const names = ["a", "b", "c", "d", "e", "f"];
    names.forEach((name, index) =>
      advance(progress, { kind: "step-started", step: step("create", "a:b:C", name) }, index * 1000),
    );
    advance(progress, { kind: "step-done", step: step("create", "a:b:C", "a"), milliseconds: 5 }, 6000);
    advance(progress, { kind: "step-done", step: step("same", "a:b:C", "s"), milliseconds: 5 }, 6000);
    advance(progress, { kind: "step-failed", step: step("create", "a:b:C", "b"), message: "no" }, 6000);
    assert.deepEqual(progressLines(progress, 10_000, noColors, 80), [
      "staging updating: 1 done, 1 unchanged, 4 running, 1 failed 10.0 s",
      "  + c a:b:C 8.0 s",
      "  + d a:b:C 7.0 s",
      "  + e a:b:C 6.0 s",
      "  + f a:b:C 5.0 s",
    ]);
  });

  it("gives a line to what changes, to warnings, and to what the program says", () => {
    const line = (event: Parameters<typeof eventLine>[0]): string | undefined => eventLine(event, "up", noColors);
    const done = (op: Step["op"]): string | undefined =>
      line({ kind: "step-done", step: step(op, "a:b:C", "x"), milliseconds: 1234 });
    assert.equal(done("create"), "+ x a:b:C created 1.2 s");
    assert.equal(done("same"), undefined);
    assert.equal(
      line({ kind: "step-failed", step: step("update", "a:b:C", "x"), message: "m" }),
      "! x a:b:C updating failed",
    );
    assert.equal(
      line({ kind: "log", severity: "warning", urn: urn("a:b:C", "x"), message: "old\n" }),
      "warning x: old",
    );
    assert.equal(line({ kind: "log", severity: "info", urn: "", message: "hello" }), "hello");
    assert.equal(line({ kind: "log", severity: "debug", urn: "", message: "hello" }), undefined);
    assert.equal(line({ kind: "log", severity: "error", urn: "", message: "hello" }), undefined);
  });
});

describe("the display", () => {
  const run = (stacks: readonly string[], redraws: boolean): { printed: string[]; drawn: string[][] } => {
    const printed: string[] = [];
    const drawn: string[][] = [];
    const screen: Screen = {
      print: (lines) => void printed.push(...lines),
      width: 80,
      ...(redraws ? { redraw: (lines: readonly string[]) => void drawn.push([...lines]), clear: () => undefined } : {}),
    };
    const display = startDisplay({ screen, colors: noColors, stacks, diff: false, steps: true, now: () => 0 });
    for (const stack of stacks) {
      const preview = display.begin(stack, "preview", false);
      preview({ kind: "step-done", step: step("create", "a:b:C", "x"), milliseconds: 100 });
      display.end(stack);
      const up = display.begin(stack, "up", true);
      up({ kind: "step-done", step: step("create", "a:b:C", "x"), milliseconds: 100 });
      up({ kind: "log", severity: "info", urn: "", message: "hello" });
      display.end(stack);
    }
    display.close();
    return { printed, drawn };
  };

  it("prints lines in a pipe", () => {
    assert.deepEqual(run(["staging"], false).printed, [
      "previewing …",
      "updating …",
      "+ x a:b:C created 0.1 s",
      "hello",
    ]);
  });

  it("begins each line with the stack's name where there are several", () => {
    const { printed } = run(["staging", "production"], false);
    assert.ok(printed.includes("staging     + x a:b:C created 0.1 s"));
    assert.ok(printed.includes("production  hello"));
  });

  it("prints only what the program says on a terminal, which shows the steps by redrawing", () => {
    assert.deepEqual(run(["staging"], true).printed, ["hello"]);
  });
});

describe("redaction", () => {
  it("hides secrets as written and as JSON writes them, the longest first", () => {
    const redact = redactor(['pass"word', "secret", "secret-long", "abc", "line1\nline2"]);
    assert.equal(redact('pass"word pass\\"word'), "[secret] [secret]");
    assert.equal(redact("a secret-long one"), "a [secret] one");
    assert.equal(redact("abc is too short to hide"), "abc is too short to hide");
    assert.equal(redact("line1\\nline2"), "[secret]");
  });

  it("knows the leaves of a structured secret", () => {
    assert.deepEqual(secretTexts("plain"), ["plain"]);
    assert.deepEqual(secretTexts('{"a":["x"]}'), ['{"a":["x"]}', "x"]);
    assert.deepEqual(secretTexts("{not json"), ["{not json"]);
    assert.deepEqual(secretsIn({ a: new Secret({ b: "x" }), c: ["open", new Secret("y")] }), ["x", "y"]);
  });

  it("colours nothing where colours are off", () => {
    assert.equal(noColors.red("x"), "x");
    assert.equal(typeof colors.red("x"), "string");
  });
});
