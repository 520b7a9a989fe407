/** How a number is shown. */
export const units = {
  times: (value) => `${value.toFixed(2)} x`,
  perSecond: (value) => `${Math.round(value).toLocaleString("en")} /s`,
  microseconds: (value) => `${value.toFixed(1)} us`,
  milliseconds: (value) => `${value.toFixed(1)} ms`,
  seconds: (value) => `${value.toFixed(1)} s`,
  percent: (value) => `${value.toFixed(1)} %`,
  mebibytes: (value) => `${value.toFixed(1)} MiB`,
  mebibytesPerMinute: (value) => `${value.toFixed(2)} MiB/min`,
  count: (value) => Math.round(value).toLocaleString("en"),
} as const satisfies Readonly<Record<string, (value: number) => string>>;

export type Limit = { readonly atLeast: number } | { readonly atMost: number };

/** One number; with a limit where the project promises one. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: keyof typeof units;
  readonly limit?: Limit;
}

/** Whether the number keeps its promise; one that is no number keeps none. */
export function isKept({ value, limit }: Row): boolean {
  if (limit === undefined) return true;
  return "atLeast" in limit ? value >= limit.atLeast : value <= limit.atMost;
}

const limitText = ({ limit, unit }: Row): string => {
  if (limit === undefined) return "";
  return "atLeast" in limit ? `at least ${units[unit](limit.atLeast)}` : `at most ${units[unit](limit.atMost)}`;
};

/** A line for each row: what, measured, limit, and whether it is kept. */
export function tableText(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const verdict = row.limit === undefined ? "" : isKept(row) ? "kept" : "BROKEN";
    return [row.what, units[row.unit](row.value), limitText(row), verdict] as const;
  });
  const width = (column: 0 | 1 | 2): number => Math.max(0, ...cells.map((cell) => cell[column].length));
  return cells
    .map(([what, measured, limit, verdict]) =>
      `${what.padEnd(width(0))}  ${measured.padStart(width(1))}  ${limit.padEnd(width(2))}  ${verdict}`.trimEnd(),
    )
    .join("\n");
}

/** For machines: the rows, and whether all are kept. */
export const reportJson = (rows: readonly Row[]): string =>
  JSON.stringify({ kept: rows.every(isKept), rows: rows.map((row) => ({ ...row, kept: isKept(row) })) }, undefined, 2);
