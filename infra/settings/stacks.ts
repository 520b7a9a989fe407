import { createHash } from "node:crypto";

export type EnvironmentName = "production" | "staging" | "preview";

/** What a stack's name says. `slug` is of previews alone. */
export type StackIdentity =
  { readonly environment: "production" | "staging" } | { readonly environment: "preview"; readonly slug: string };

/** Room in the names of cloud services: `preview-` and 30 characters are the longest stack name. */
export const slugMaxLength = 30;

const hashLength = 12;
const plainSlug = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const endsLikeHash = new RegExp(`(^|-)[0-9a-f]{${hashLength}}$`);

export function isSlug(text: string): boolean {
  return text.length <= slugMaxLength && plainSlug.test(text);
}

/** Undefined for a name that is no stack of this project. */
export function identifyStack(stack: string): StackIdentity | undefined {
  if (stack === "production" || stack === "staging") return { environment: stack };
  const slug = stack.startsWith("preview-") ? stack.slice("preview-".length) : "";
  return isSlug(slug) ? { environment: "preview", slug } : undefined;
}

/**
 * A branch's part of names and host names: lower-case letters, digits, and single hyphens, at most 30 characters.
 * A branch that fits is its own slug. Any other gets 48 bits of its SHA-256 at the end, and no branch that is its own
 * slug ends like that, so two branches never share a slug.
 */
export function slugOfBranch(branch: string): string {
  if (isSlug(branch) && !endsLikeHash.test(branch)) return branch;
  const hash = createHash("sha256").update(branch).digest("hex").slice(0, hashLength);
  const readable = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, slugMaxLength - hashLength - 1)
    .replace(/^-|-$/g, "");
  return readable === "" ? hash : `${readable}-${hash}`;
}

/** The branch alone decides where a change goes. */
export function stackOfBranch(branch: string): string {
  if (branch === "main") return "production";
  if (branch === "develop") return "staging";
  return `preview-${slugOfBranch(branch)}`;
}
