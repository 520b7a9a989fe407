import assert from "node:assert/strict";
import fc from "fast-check";
import { amount } from "../cost/money.ts";
import { exactly } from "../cost/range.ts";
import { assembled, fitted, type Gathered } from "./assemble.ts";
import { reportCommand } from "./command.ts";
import { summaryMarkdown } from "./markdown.ts";
import { loss, mandatoryFinding, reportOf, stackReport } from "./report.cases.ts";
import { safeText } from "./safe-text.ts";
import { most, mostBytes, mostCharacters, reportSchema, type StackReport } from "./schema.ts";
import { stopsOf } from "./stops.ts";

const long = `\u001b[31m${"x".repeat(mostCharacters)}`;

const gathered = (more: Partial<Gathered> = {}): Gathered => ({
  stack: "staging",
  result: "succeeded",
  errors: [],
  steps: [],
  said: [],
  judged: undefined,
  losses: [],
  cost: undefined,
  ...more,
});

describe("a pull request's report", () => {
  it("stays within its schema and size whatever the change is", () => {
    const step = { op: "update", urn: long, type: long, changed: Array(99).fill(long), replaces: [] } as const;
    const line = {
      change: "changed",
      urn: long,
      component: "",
      item: long,
      cause: long,
      before: exactly(amount("1")),
      after: exactly(amount("2").dividedBy(3)),
      delta: amount("2").dividedBy(3),
      part: undefined,
    } as const;
    const change = {
      ...line,
      stack: "staging",
      environment: "staging",
      lines: Array(99).fill(line),
      newlyUnpriced: [],
    };
    const one = assembled(
      gathered({
        result: "failed",
        errors: Array<string>(99).fill(long),
        steps: Array<typeof step>(999).fill(step),
        said: Array<Gathered["said"][number]>(999).fill({
          policy: "a-rule",
          level: "mandatory",
          urn: long,
          message: long,
        }),
        losses: Array(99).fill({ ...loss(false), lost: long }),
        cost: { change, overBudget: true },
      }),
    );
    const report = reportSchema.parse(reportOf(one));
    assert.deepEqual(one.left, {
      errors: 99 - most.errors,
      steps: 999 - most.steps,
      findings: 999 - most.findings,
      losses: 99 - most.losses,
      costLines: 99 - most.costLines,
    });
    assert.doesNotMatch(JSON.stringify(report), /\\u001b/);
    assert.ok(Buffer.byteLength(JSON.stringify(report)) > mostBytes);
    const small = reportSchema.parse(fitted(report));
    assert.ok(Buffer.byteLength(JSON.stringify(small)) <= mostBytes);
    assert.equal(small.stacks[0]!.steps.length + small.stacks[0]!.left.steps, 999);
    assert.deepEqual(stopsOf(small).length, stopsOf(report).length);
  });

  it("leaves out the halves of a replacement, and what a policy mends by itself", () => {
    const step = (op: "replace" | "create-replacement" | "delete-replaced") => ({
      op,
      urn: "u",
      type: "t",
      changed: [],
      replaces: [],
    });
    const { steps, findings } = assembled(
      gathered({
        steps: [step("create-replacement"), step("replace"), step("delete-replaced")],
        said: [{ policy: "mends", level: "remediate", urn: "u", message: "mended" }],
      }),
    );
    assert.deepEqual([steps.map(({ op }) => op), findings], [["replace"], []]);
  });

  it("is stopped by what is refused, lost without a word, or cannot be previewed", () => {
    const stops = (...given: readonly StackReport[]): string[] =>
      stopsOf(reportOf(...given)).map(({ reason }) => reason);
    assert.deepEqual(stops(stackReport()), []);
    assert.deepEqual(stops(stackReport({ losses: [loss(true)] })), []);
    assert.match(stops(stackReport({ losses: [loss(false)] }))[0] ?? "", /add the label allow-destroy/);
    assert.deepEqual(stops(stackReport({ result: "failed", findings: [mandatoryFinding()] })), [
      "1 mandatory finding of the policy pack",
    ]);
    assert.deepEqual(stops(stackReport({ result: "failed", errors: ["no"] })), ["the preview fails (1 error)"]);
  });

  it("as Markdown keeps whole sections when it is long", () => {
    const stack = stackReport({ steps: Array.from({ length: most.steps }, () => stackReport().steps[0]!) });
    const text = summaryMarkdown(reportOf(stack, { ...stack, stack: "production" }));
    assert.equal(text.split("<details>").length, text.split("</details>").length);
    assert.match(text, /<summary>production: 200 changes<\/summary>/);
  });

  it("shows no text as a link, markup, or a mention", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom("http://", "HTTPS://", "www.", "WWW.", "@a", "<b>", "[x](y)", "mailto:a@b.c", "\n", "ok"),
        ),
        (parts) => {
          assert.doesNotMatch(safeText(parts.join("")), /:\/\/|www\.|@|<|\n|(?<!\\)[[\]]/i);
        },
      ),
    );
  });
});

describe("npm run report", () => {
  const run = (...args: readonly string[]): Promise<number> =>
    reportCommand(args, { root: process.cwd(), env: {}, print: () => undefined, say: () => undefined });

  for (const [args, message] of [
    [[], /there is no command/],
    [["bild"], /did you mean "build"/],
    [["build", "--base", "main"], /--out is missing/],
    [["build", "--artifact", "x"], /--artifact means nothing to build/],
    [["build", "more", "--out", "x"], /build takes no "more"/],
    [["build", "--base", "no-such-branch", "--out", "/nowhere"], /is no revision/],
    [["comment", "--artifact", "x", "--nonsense"], /^there is no option --nonsense: choose one of allow-losses/],
    [["comment", "--artifact", "x"], /is no repository/],
  ] as const)
    it(`refuses ${JSON.stringify(args)}`, () => assert.rejects(run(...args), { exitCode: 2, message }));
});
