/** Folded until somebody opens it. */
export const details = (title: string, body: string): string =>
  `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** As text, whatever Markdown or HTML it looks like; on one line. */
export const text = (given: string): string =>
  given
    .replaceAll(/[\\`*_{}[\]<>|~@#]/g, (character) => entities[character] ?? `\\${character}`)
    .replaceAll(/\s*\n\s*/g, " ");

// An escaped @ still notifies whoever is called so.
const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;" };
