import { type RollbackBlocker, rollbackBlockers } from "../../api/src/migrations/rollback.ts";
import { isSameRelease, type ReleaseRecord, type ReleaseName } from "./record.ts";

/** The newest record with result "good": never simply the one before. Records are the oldest first. */
export function lastGood(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast(({ result }) => result === "good");
}

/** What runs now, as far as records know: the newest that came as far as its up. A failed migration left the one before. */
export function running(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast(({ failure }) => failure?.step !== "migrate");
}

export type RollbackChoice =
  { readonly target: ReleaseRecord; readonly current: ReleaseRecord } | { readonly reason: string };

/**
 * What a rollback brings back: the last known good that is not what runs now, whole. A release that passed its smoke and was
 * rolled back by somebody all the same was not good, unless a later record says so. `version`: this one alone, whoever
 * rolled it back. Gives a reason in one line where there is none.
 */
export function rollbackTarget(records: readonly ReleaseRecord[], version?: string): RollbackChoice {
  const current = running(records);
  if (current === undefined) return { reason: "there is no record of a release: nothing to go back to" };
  const good = records.filter(({ result }) => result === "good");
  if (version !== undefined) return named(records, good, current, version);
  // An up that broke off is begun again; a release whose smoke has failed is not.
  const isTried = (record: ReleaseRecord): boolean => isSameRelease(record, current) && current.failure?.step !== "up";
  const target = good.findLast(
    (record) => !isTried(record) && !wasTakenAway(records.slice(records.indexOf(record) + 1), record),
  );
  return target === undefined
    ? { reason: `there is no good release but ${current.version}: bring the fix as a new release` }
    : { target, current };
}

function named(
  records: readonly ReleaseRecord[],
  good: readonly ReleaseRecord[],
  current: ReleaseRecord,
  version: string,
): RollbackChoice {
  const target = good.findLast((record) => record.version === version);
  if (target !== undefined)
    return isSameRelease(target, current) && current.result === "good"
      ? { reason: `${version} is what runs` }
      : { target, current };
  if (records.some((record) => record.version === version)) return { reason: `${version} never passed its smoke` };
  const names = [...new Set(good.map((record) => record.version))].slice(-5).reverse();
  return {
    reason: `there is no release ${version} here${names.length === 0 ? "" : `; good ones, newest first: ${names.join(", ")}`}`,
  };
}

const wasTakenAway = (later: readonly ReleaseRecord[], name: ReleaseName): boolean =>
  later.some(({ rolledBackFrom }) => rolledBackFrom !== undefined && isSameRelease(rolledBackFrom, name));

/**
 * Migrations that cannot be undone, that have run or may have, and that the target's code does not know. Of all records:
 * a rollback undoes no migration, so that what once ran stays.
 */
export function blockersOf(records: readonly ReleaseRecord[], target: ReleaseRecord): readonly RollbackBlocker[] {
  const ran = new Map(
    records.flatMap(({ migrations }) =>
      migrations.map(({ fileName, irreversible }) => [fileName, { fileName, irreversible }] as const),
    ),
  );
  return rollbackBlockers([...ran.values()], target.migrations);
}

export interface Proposed {
  readonly tree: string;
  /** Default: that of the newest good release of the tree. */
  readonly imageDigest?: string | undefined;
}

/**
 * The record of staging that proves a tree and a digest; else why none does, in one line. What staging has found bad
 * since then is proven no longer.
 */
export function stagingProof(
  records: readonly ReleaseRecord[],
  { tree, imageDigest: proposed }: Proposed,
): { readonly proof: ReleaseRecord } | { readonly reason: string } {
  const ofTree = records.filter((record) => record.tree === tree);
  if (ofTree.length === 0)
    return { reason: `staging never ran the git tree ${tree.slice(0, 12)}: release it there first` };
  const imageDigest = proposed ?? (lastGood(ofTree) ?? ofTree.at(-1))?.imageDigest ?? "";
  const ofBoth = ofTree.filter((record) => record.imageDigest === imageDigest);
  const newest = ofBoth.at(-1);
  if (newest === undefined)
    return {
      reason: `staging ran this git tree with the image ${ofTree.at(-1)?.imageDigest ?? ""}, not ${imageDigest}`,
    };
  if (newest.result === "failed")
    return { reason: `this release failed on staging on ${newest.finishedAt.slice(0, 10)}` };
  const later = records.slice(records.indexOf(newest) + 1);
  return wasTakenAway(later, newest)
    ? { reason: "staging rolled this release back: release it there again" }
    : { proof: newest };
}
