/** A migration as data. */
export interface MigrationFacts {
  readonly fileName: string;
  readonly irreversible: string | undefined;
}

/** A migration that stands in the way of a rollback, and why. */
export interface RollbackBlocker {
  readonly fileName: string;
  readonly reason: string;
}

/**
 * What keeps a release whose migrations are `target` from running after one whose migrations are `current`: those that
 * it does not have, and that cannot be undone. Empty where a rollback is safe.
 */
export function rollbackBlockers(
  current: readonly MigrationFacts[],
  target: readonly Pick<MigrationFacts, "fileName">[],
): readonly RollbackBlocker[] {
  const known = new Set(target.map(({ fileName }) => fileName));
  return current.flatMap(({ fileName, irreversible }) =>
    irreversible === undefined || known.has(fileName) ? [] : [{ fileName, reason: irreversible }],
  );
}
