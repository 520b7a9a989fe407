export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row's cells; a bar after a backslash is text. */
const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** Every table of a document, in order. */
export function tablesOf(text: string): Table[] {
  const tables: Table[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    if (!/^\s*\|/.test(lines[index] ?? "") || !/^\s*\|[\s:|-]+\|\s*$/.test(lines[index + 1] ?? "")) continue;
    const after = lines.slice(index + 2);
    const end = after.findIndex((line) => !/^\s*\|/.test(line));
    const rows = (end === -1 ? after : after.slice(0, end)).map(cellsOf);
    tables.push({ head: cellsOf(lines[index] ?? ""), rows });
    index += rows.length + 1;
  }
  return tables;
}

/** The table whose head begins so. Throws an Error where there is none. */
export function tableWith(text: string, ...head: readonly string[]): Table {
  const table = tablesOf(text).find((found) => head.every((cell, index) => found.head[index] === cell));
  if (table === undefined) throw new Error(`there is no table that begins with ${head.join(" | ")}`);
  return table;
}

/** What a cell shows as code, one by one. */
export const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
