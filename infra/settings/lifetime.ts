import type { Settings } from "./settings.ts";

/** How long a preview lives after its last change, where nobody said until when. */
export const previewDays = 7;

/**
 * What says, on everything that AWS holds of a stack, when it may be swept: `ExpiresAt` and a moment, of a stack that
 * was given one; else `ExpiresAfter` and a time after its last change, of every preview. A program that read the clock
 * would change the tag at every run.
 */
export function lifetimeTag({
  environment,
  expiresAt,
}: Pick<Settings, "environment" | "expiresAt">): Readonly<Record<string, string>> {
  if (expiresAt !== undefined) return { ExpiresAt: expiresAt };
  return environment === "preview" ? { ExpiresAfter: `${previewDays}d` } : {};
}
