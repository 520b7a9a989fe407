const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 2_592_000_000,
};

/** Hours of a duration such as "8h", "1h30m", or "2d"; undefined where it is none. */
export function hoursOf(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(mo|[nuµm]s|[smhdw])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) return undefined;
  const milliseconds = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (MILLISECONDS[unit] ?? 0), 0);
  return milliseconds / 3_600_000;
}
