/** Where a text stops being JSON; both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The tokens of RFC 8259. No class of characters repeats within a repetition that has the same: it stays linear. */
const token =
  /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null|[{}[\],:]/y;
const whitespace = /[ \t\n\r]*/y;

/** What may come next, by the first character of the tokens. */
const starts = {
  value: /["{[\-0-9tfn]/,
  "value or ]": /["{[\-0-9tfn\]]/,
  name: /"/,
  "name or }": /["}]/,
  ":": /:/,
  ", or end": /[,\]}]/,
  nothing: /(?!)/,
} as const;

function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? "";
}

/** The first character that no JSON text could have there, or the text's end where it is cut short; undefined for JSON. */
function offsetOfFault(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: keyof typeof starts = "value";
  let index = 0;
  for (;;) {
    index += matchAt(whitespace, text, index).length;
    if (index === text.length) return expected === "nothing" ? undefined : index;
    const found = matchAt(token, text, index);
    const first = found.charAt(0);
    if (found === "" || !starts[expected].test(first)) return index;
    if (first === "{" || first === "[") {
      open.push(first);
      expected = first === "{" ? "name or }" : "value or ]";
    } else if (first === "}" || first === "]") {
      if (open.pop() !== (first === "}" ? "{" : "[")) return index;
      expected = open.length === 0 ? "nothing" : ", or end";
    } else if (first === ":") expected = "value";
    else if (first === ",") expected = open.at(-1) === "{" ? "name" : "value";
    else if (expected === "name" || expected === "name or }") expected = ":";
    else expected = open.length === 0 ? "nothing" : ", or end";
    index += found.length;
  }
}

/** Where a text stops being JSON, which the engine's own message does not always say; undefined for JSON. */
export function positionOfFault(text: string): TextPosition | undefined {
  const offset = offsetOfFault(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
