import { createHash } from "node:crypto";
import type { FeatureFlag } from "../runtime-config.ts";

/** 32 bits of the hash: a part of a 43-millionth of a percent is small enough. */
const buckets = 2 ** 32;

/** Where a user stands in the rollout of a flag, in percent from 0 to below 100. The same in every task, for ever. */
export function positionOf(flag: string, userId: string): number {
  // A flag's name has no colon, so that no two pairs are hashed as the same text.
  const digest = createHash("sha256").update(`${flag}:${userId}`).digest();
  return (digest.readUInt32BE(0) / buckets) * 100;
}

/** Whether a user has a feature. Who has it at one percentage has it at any higher one. */
export function hasFeature(
  flag: string,
  { enabled, rolloutPercent, userIds }: Pick<FeatureFlag, "enabled" | "rolloutPercent" | "userIds">,
  userId: string,
): boolean {
  if (!enabled) return false;
  if (userIds?.includes(userId) === true) return true;
  const percent = rolloutPercent ?? (userIds === undefined ? 100 : 0);
  return positionOf(flag, userId) < percent;
}
