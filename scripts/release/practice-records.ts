import { createHash } from "node:crypto";
import type { ReleaseName, ReleaseRecord } from "./record.ts";

const hexOf = (text: string, digits: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** For tests alone: the release of a version. */
export const practiceName = (version: string): ReleaseName => ({
  version,
  commit: hexOf(`commit ${version}`, 40),
  imageDigest: `sha256:${hexOf(`image ${version}`, 64)}`,
});

export const practiceTree = (version: string): string => hexOf(`tree ${version}`, 40);

let minutes = 0;

/** For tests alone: a record, each a minute after the one before it. */
export function practiceRecord(version: string, over: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const at = new Date(Date.UTC(2026, 2, 2) + minutes++ * 60_000).toISOString();
  return {
    environment: "staging",
    ...practiceName(version),
    tree: practiceTree(version),
    settingsHash: hexOf("settings", 64),
    startedAt: at,
    finishedAt: at,
    durationSeconds: 0,
    result: "good",
    migrations: [],
    ...over,
  };
}
