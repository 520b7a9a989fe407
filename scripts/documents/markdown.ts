/** A piece of code in a document: a fenced block, or a span between backticks. */
export interface Code {
  readonly kind: "block" | "span";
  /** What follows the fence; empty for a span. */
  readonly language: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface MarkdownDocument {
  /** Ids of the headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  readonly code: readonly Code[];
  /** Lines that are neither code nor table, without spans and link targets; empty lines keep the numbering. */
  readonly prose: readonly string[];
}

const FENCE = /^\s*(```+|~~~+)\s*(\S*)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const SPAN = /(`+)(.+?)\1(?!`)/g;
const LINK = /!?\[(?:[^\][]|\[[^\]]*\])*\]\(<?([^)\s>]*)>?(?:\s+"[^"]*")?\)/g;
const REFERENCE = /^\s*\[[^\]]+\]:\s+(\S+)/;

/** GitHub's rule: lower case; letters, digits, hyphens, and underscores stay; spaces become hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .replace(LINK, (whole) => /\[(.*)\]/.exec(whole)?.[1] ?? "")
    .replaceAll("`", "")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

export function parseMarkdown(text: string): MarkdownDocument {
  const anchors = new Set<string>();
  const links: Link[] = [];
  const code: Code[] = [];
  const prose: string[] = [];
  let open:
    { readonly fence: string; readonly language: string; readonly line: number; readonly lines: string[] } | undefined;

  text.split("\n").forEach((content, index) => {
    const line = index + 1;
    const [, fence = "", language = ""] = FENCE.exec(content) ?? [];
    if (open !== undefined) {
      prose.push("");
      if (fence.startsWith(open.fence) && language === "") {
        code.push({ kind: "block", language: open.language, text: open.lines.join("\n"), line: open.line });
        open = undefined;
      } else open.lines.push(content);
      return;
    }
    if (fence !== "") {
      open = { fence, language, line: line + 1, lines: [] };
      prose.push("");
      return;
    }
    const [, , heading] = HEADING.exec(content) ?? [];
    if (heading !== undefined) anchors.add(unused(anchorOf(heading), anchors));
    for (const [, , span = ""] of content.matchAll(SPAN))
      code.push({ kind: "span", language: "", text: span.trim().replaceAll("\\|", "|"), line });
    const bare = content.replace(SPAN, "``");
    for (const [, target = ""] of bare.matchAll(LINK)) links.push({ target, line });
    const [, target] = REFERENCE.exec(bare) ?? [];
    if (target !== undefined) links.push({ target, line });
    prose.push(bare.trimStart().startsWith("|") ? "" : bare.replace(LINK, "[]"));
  });
  return { anchors, links, code, prose };
}

/** A heading that comes again gets a number. */
function unused(anchor: string, taken: ReadonlySet<string>): string {
  if (!taken.has(anchor)) return anchor;
  let count = 1;
  while (taken.has(`${anchor}-${count}`)) count++;
  return `${anchor}-${count}`;
}
