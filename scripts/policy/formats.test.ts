import assert from "node:assert/strict";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { FORMATS } from "./formats.ts";
import { markerOf } from "./formats/markdown.ts";
import { sarifLog } from "./formats/sarif.ts";
import { isMandatory } from "./formats/words.ts";
import type { Finding, Report } from "./judge.ts";
import { SMALL_PACK, urnOf } from "./small-pack.ts";

const finding = (more: Partial<Finding>): Finding => {
  const parts = { property: "acl", wrong: 'it is "public"', why: "Public buckets leak.", fix: 'set acl: "private"' };
  const message = `${parts.property}: ${parts.wrong}. ${parts.why} Fix: ${parts.fix}.`;
  const rule = "bucket-private";
  return { rule, level: "mandatory", severity: "high", urn: urnOf("media"), ...parts, message, ...more };
};
const empty: Report = {
  stack: "staging",
  environment: "staging",
  from: "export.json",
  configFile: "policy-pack/config/staging.json",
  findings: [],
  exempt: [],
  undecided: [],
  rules: SMALL_PACK.rules.map((rule) => ({ rule, level: rule.level })),
  resources: 3,
};
const named = finding({ rule: "stack-named", level: "advisory", severity: "low", urn: "", property: "name" });
const report: Report = {
  ...empty,
  findings: [finding({ urn: urnOf("audit"), severity: "medium" }), named, finding({ severity: "critical" })],
  exempt: [
    {
      finding: finding({ urn: urnOf("press") }),
      reason: "The press kit is public",
      owner: "platform",
      expires: "2026-12-31",
    },
  ],
  undecided: [{ rule: "bucket-versioned", urn: urnOf("media"), property: "versions" }],
};
const as = (format: string, given: Report, fails = isMandatory): string =>
  FORMATS[format]?.(given, { fails, colors: noColors, width: 100 }) ?? "";

describe("a report", () => {
  it("as a table has the worst resource first, and ends with one line of all", () => {
    assert.equal(
      as("table", report),
      [
        "media (thing:index:Bucket)",
        '  mandatory  critical  bucket-private  acl: it is "public". Public buckets leak.',
        '                                       Fix: set acl: "private".',
        "",
        "audit (thing:index:Bucket)",
        '  mandatory  medium    bucket-private  acl: it is "public". Public buckets leak.',
        '                                       Fix: set acl: "private".',
        "",
        "the stack",
        '  advisory   low       stack-named     name: it is "public". Public buckets leak.',
        '                                       Fix: set acl: "private".',
        "",
        "1 check undecided: the export keeps the value encrypted",
        "  bucket-versioned  media.versions",
        "",
        "1 exempt",
        "  until 2026-12-31  bucket-private  press  platform: The press kit is public",
        "",
        "staging: 3 findings (2 mandatory, 1 advisory), 1 undecided, 1 exempt; 3 resources by 4 rules (levels are those of policy-pack/config/staging.json)",
      ].join("\n"),
    );
    assert.equal(
      as("table", { ...empty, configFile: undefined }),
      "staging: no findings; 3 resources by 4 rules (levels are the rules' own)",
    );
  });

  it("as a table wraps what is long at the terminal's edge", () => {
    const long = finding({ wrong: "it is far too long ".repeat(20).trim() });
    const lines = as("table", { ...empty, findings: [long] })
      .split("\n")
      .slice(0, -1);
    assert.ok(lines.length > 5);
    for (const line of lines) assert.ok(line.length <= 100, line);
  });

  it("as JSON has the documented shape", () => {
    const { rule, level, severity, urn, property, message, fix } = named;
    assert.deepEqual(JSON.parse(as("json", { ...report, findings: [named] })), {
      findings: [{ rule, level, severity, urn, property, message, fix }],
      exempt: [
        { rule: "bucket-private", urn: urnOf("press"), reason: "The press kit is public", expires: "2026-12-31" },
      ],
      undecided: [{ rule: "bucket-versioned", urn: urnOf("media"), property: "versions" }],
      checked: { resources: 3, rules: 4 },
    });
  });

  describe("as SARIF", () => {
    const [run] = sarifLog(report).runs;
    const results = run?.results ?? [];

    it("has the rules with what code scanning shows of them", () => {
      assert.equal(sarifLog(report).version, "2.1.0");
      const rules = run?.tool.driver.rules ?? [];
      assert.deepEqual(
        rules.map(({ id }) => id),
        SMALL_PACK.rules.map(({ name }) => name),
      );
      for (const { help, shortDescription, properties } of rules) {
        assert.ok(help !== undefined && help.text !== "" && shortDescription?.text !== "");
        assert.ok(Number(properties?.["security-severity"]) > 0);
        const tags = properties?.tags ?? [];
        assert.equal(new Set(tags).size, tags.length);
        assert.ok(tags.includes("security"));
      }
    });

    it("has each finding at the resource, in a file of the repository", () => {
      assert.deepEqual(
        results.map(({ level }) => level),
        ["error", "warning", "error", "error"],
      );
      for (const { ruleId, ruleIndex = -1, message, locations = [] } of results) {
        assert.equal(run?.tool.driver.rules?.[ruleIndex]?.id, ruleId);
        assert.match(message.text ?? "", /Fix: set acl: "private"\.$/);
        const [location] = locations;
        assert.equal(location?.physicalLocation?.artifactLocation?.uri, "infra/index.ts");
        assert.equal(location.physicalLocation.region?.startLine, 1);
        assert.ok(location.logicalLocations?.[0]?.fullyQualifiedName);
      }
      assert.equal(results[0]?.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName, urnOf("audit"));
    });

    it("knows a finding again by rule, resource, and property, whatever its words", () => {
      const prints = (findings: readonly Finding[]): readonly unknown[] =>
        (sarifLog({ ...empty, findings }).runs[0]?.results ?? []).map(
          ({ partialFingerprints }) => partialFingerprints?.["primaryLocationLineHash"],
        );
      assert.deepEqual(prints([named, finding({ wrong: "it is open" })]), prints([named, finding({})]));
      assert.equal(new Set(prints([...report.findings, finding({ wrong: "it is open" })])).size, 4);
    });

    it("has what is exempt as suppressed, and what is undecided as a note", () => {
      assert.deepEqual(
        results.map(({ suppressions }) => suppressions?.[0]?.justification),
        [undefined, undefined, undefined, "Until 2026-12-31, platform: The press kit is public"],
      );
      const [invocation] = run?.invocations ?? [];
      assert.equal(invocation?.executionSuccessful, true);
      assert.match(
        invocation.toolExecutionNotifications?.[0]?.message.text ?? "",
        /^bucket-versioned is undecided on media/,
      );
    });
  });

  describe("as Markdown", () => {
    it("begins with the same mark in every run of a stack, and says whether it failed", () => {
      for (const given of [report, empty]) assert.ok(as("markdown", given).startsWith(`${markerOf(report)}\n`));
      assert.notEqual(markerOf(report), markerOf({ stack: "production" }));
      assert.match(as("markdown", report), /^### Policy: failed$/m);
      assert.match(as("markdown", empty), /^### Policy: passed$/m);
      const advised = { ...empty, findings: [named] };
      assert.match(as("markdown", advised), /^### Policy: passed$/m);
      assert.match(
        as("markdown", advised, () => true),
        /^### Policy: failed$/m,
      );
    });

    it("has a row for each finding, of which no text is read as Markdown or HTML", () => {
      const odd = finding({ wrong: "a|b\n<img> @all #1 [x](y) `z`" });
      const rows = as("markdown", { ...empty, findings: [odd] })
        .split("\n")
        .filter((line) => line.startsWith("| high"));
      assert.equal(rows.length, 1);
      assert.match(rows[0] ?? "", /a\\\|b &lt;img&gt; &#64;all &#35;1 \\\[x\\\]\(y\) \\`z\\`/);
    });

    it("is cut after a whole row where it would be too long for a comment", () => {
      const findings = Array.from({ length: 600 }, (_, index) =>
        finding({ urn: urnOf(`b${index}`), level: "advisory" }),
      );
      const text = as("markdown", { ...empty, findings });
      assert.ok(text.length < 65_536);
      assert.match(
        text,
        /\|\n\n<\/details>\n\nThe rest is too long for a comment: `npm run policy` shows all of it\.$/,
      );
    });
  });

  describe("as JUnit XML", () => {
    const cases = (text: string): readonly string[] =>
      [...text.matchAll(/<testcase [^>]*name="([^"]+)"(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, name = "", body = ""]) =>
        `${name} ${[...body.matchAll(/<([a-z-]+)/g)].map(([, tag]) => tag).join(" ")}`.trim(),
      );

    it("has a case for each rule, which fails, is skipped while undecided, or passes", () => {
      const text = as("junit", report);
      assert.deepEqual(cases(text), [
        "bucket-private failure system-out",
        "bucket-versioned skipped system-out",
        "stack-named system-out",
        "thing-sound",
      ]);
      assert.match(text, /<testsuite name="policy staging" tests="4" failures="1" errors="0" skipped="1">/);
      assert.match(text, /<failure message="No bucket is public\. \(2 findings\)" type="mandatory">/);
    });

    it("fails on what is advised where that is asked for", () => {
      assert.ok(cases(as("junit", report, () => true)).includes("stack-named failure"));
    });

    it("is well formed whatever is found", () => {
      const text = as("junit", { ...empty, findings: [finding({ message: 'a < b & "c" \u0000\u001b ]]> d' })] });
      assert.ok(!/[\u0000\u001b]/.test(text));
      // What stands in a section that is no markup is text; the section itself must end where it should.
      const markup = text.replaceAll(/<!\[CDATA\[.*?\]\]>/gs, "");
      assert.ok(!markup.includes("a < b") && !markup.includes("]]>"), text);
    });
  });
});
