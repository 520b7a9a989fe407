import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type MarkdownDocument, anchorOf, parseMarkdown } from "./markdown.ts";
import { ROOT, documents, files, read } from "./repository.ts";

/** Documents of others, which comments name as sources. */
const ELSEWHERE = new Set(["docs/throttling.md"]);

const parsed = new Map<string, MarkdownDocument>();

function parse(document: string): MarkdownDocument {
  const known = parsed.get(document) ?? parseMarkdown(read(document));
  parsed.set(document, known);
  return known;
}

/** What is wrong with a link from a document; undefined where it leads somewhere. */
function fault(from: string, target: string): string | undefined {
  if (/^(https?:|mailto:)/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from : normalize(join(dirname(from), decodeURIComponent(path)));
  if (file.startsWith("..") || !existsSync(join(ROOT, file))) return `${file} is not there`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return statSync(join(ROOT, file)).isFile() ? undefined : `${file} has no anchors`;
  return parse(file).anchors.has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

describe("a heading's anchor is GitHub's", () => {
  for (const [heading, anchor] of [
    ["Deployments and rollback", "deployments-and-rollback"],
    ["10. The stacks", "10-the-stacks"],
    ["`npm run cost`: what it costs, by tag", "npm-run-cost-what-it-costs-by-tag"],
    ["1. AWS: an organisation with three accounts", "1-aws-an-organisation-with-three-accounts"],
    ["What [this](README.md) is", "what-this-is"],
    ["RPO & RTO", "rpo--rto"],
  ] as const)
    it(heading, () => {
      assert.equal(anchorOf(heading), anchor);
    });

  it("is numbered where it comes again", () => {
    assert.deepEqual([...parseMarkdown("# A\n\n## A\n\n```\n# A\n```\n\n## A\n").anchors], ["a", "a-1", "a-2"]);
  });
});

describe("links in documents", () => {
  for (const document of documents)
    it(document, () => {
      const faults = parse(document).links.flatMap(({ target, line }) => {
        const wrong = fault(document, target);
        return wrong === undefined ? [] : [`${document}:${line} ${wrong}`];
      });
      assert.deepEqual(faults, []);
    });

  it("lead from docs/README.md to every document of docs/, decisions included", () => {
    const linked = new Set(
      parse("docs/README.md").links.map(({ target }) => normalize(join("docs", target.split("#")[0] ?? ""))),
    );
    const alone = documents.filter(
      (file) => file.startsWith("docs/") && file !== "docs/README.md" && !linked.has(file),
    );
    assert.deepEqual(alone, []);
  });

  it("to decisions have their number and title", () => {
    const lines = read("docs/README.md").split("\n");
    const wrong = documents
      .filter((file) => file.startsWith("docs/decisions/"))
      .map((file) => {
        const [, number = "", title = ""] = /^# (\d+)\. (.*)$/m.exec(read(file)) ?? [];
        return `${number}. [${title}](${file.slice("docs/".length)})`;
      })
      .filter((line) => !lines.includes(line));
    assert.deepEqual(wrong, []);
  });

  it("in code and configuration lead to documents, and to headings that these have", () => {
    const mention = /(?<![\w/])docs\/[\w./-]+\.md(#[\w-]+)?/g;
    const faults = files
      .filter(
        (file) => /\.(ts|mjs|ya?ml|json)$/.test(file) && !/(\.test\.ts|\/fixtures\/.*|package-lock\.json)$/.test(file),
      )
      .flatMap((file) =>
        [...read(file).matchAll(mention)].flatMap(([target]) => {
          const wrong = ELSEWHERE.has(target) ? undefined : fault("README.md", target);
          return wrong === undefined ? [] : [`${file}: ${wrong}`];
        }),
      );
    assert.deepEqual(faults, []);
  });

  it("in comments name decisions by numbers that there are", () => {
    const decisions = documents.filter((file) => file.startsWith("docs/decisions/")).length;
    const faults = files
      .filter((file) => /\.(ts|mjs|ya?ml|md)$/.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/\b[Dd]ecision (\d{1,4})\b/g)]
          .filter(([, number]) => Number(number) < 1 || Number(number) > decisions)
          .map(([mentioned]) => `${file}: ${mentioned}`),
      );
    assert.deepEqual(faults, []);
  });
});
