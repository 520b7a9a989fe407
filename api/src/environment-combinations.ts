/** Variables that stand or fall together. */
export interface Combinations<Name extends string> {
  /** Variable to those that must be given with it. */
  readonly needs: Readonly<Partial<Record<Name, readonly Name[]>>>;
  /** Of each group one at most may be given. */
  readonly oneOf: readonly (readonly Name[])[];
}

/** One line for each variable that lacks another or stands beside one that it excludes. */
export function combinationProblems<Name extends string>(
  given: readonly Name[],
  { needs, oneOf }: Combinations<Name>,
): string[] {
  const lacking = given.flatMap((name) => {
    const missing = (needs[name] ?? []).filter((other) => !given.includes(other));
    return missing.length === 0 ? [] : [`${name}: needs ${missing.join(" and ")}`];
  });
  const excluding = oneOf.flatMap((group) => {
    const [first, ...others] = group.filter((name) => given.includes(name));
    return others.map((name) => `${name}: cannot stand beside ${first ?? ""}`);
  });
  return [...lacking, ...excluding];
}
