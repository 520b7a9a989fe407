import Table from "cli-table3";

const borderless = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat(["left-mid", "mid-mid", "right-mid", "middle"])
    .map((part) => [part, ""]),
);

export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
  /** Takes what the others leave, and wraps. At most one. */
  readonly rest?: boolean;
}

const gap = 2;
// Less is unreadable, however narrow the terminal.
const least = 16;

/** Rows as columns side by side within the width, two spaces apart, without borders. */
export function aligned(heads: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const own = heads.map(
    ({ head }, index) => Math.max(...[head, ...rows.map((row) => row[index] ?? "")].map(visible)) + gap,
  );
  const taken = own.reduce((all, one, index) => (heads[index]?.rest === true ? all : all + one), 0);
  const table = new Table({
    chars: borderless,
    // The library's own colours stay out; those of the caller know whether they are wanted.
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    ...(heads.some(({ head }) => head !== "") && { head: heads.map(({ head }) => head) }),
    colWidths: own.map((one, index) =>
      heads[index]?.rest === true ? Math.min(one, Math.max(least, width - taken)) : one,
    ),
    colAligns: heads.map(({ align = "left" }) => align),
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Characters that are seen: escape sequences of colours are not. */
const visible = (text: string): number =>
  Math.max(
    ...text
      .replaceAll(escapes, "")
      .split("\n")
      .map((line) => line.length),
  );

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
