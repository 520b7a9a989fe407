import { escaped } from "../pattern.ts";
/** A container image as a task names it: `registry/repository:tag@digest`, most of which may be left out. */
export interface ImageReference {
  /** `public.ecr.aws/datadog/agent`, with the registry and the folder that Docker assumes. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Without a registry an image comes from Docker Hub, and without a folder from its `library`. */
export function imageReferenceOf(text: string): ImageReference {
  const [named = "", digest] = text.trim().split("@");
  const parts = named.split("/");
  const first = parts.length > 1 ? (parts[0] ?? "") : "";
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  const [last = "", tag] = (parts.at(-1) ?? "").split(":");
  const path = [...parts.slice(hasRegistry ? 1 : 0, -1), last].join("/");
  const registry = hasRegistry ? first : "docker.io";
  const folder = registry === "docker.io" && !path.includes("/") ? "library/" : "";
  return { repository: `${registry}/${folder}${path}`, tag, digest };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export const hasDigest = ({ digest }: ImageReference): boolean => digest !== undefined && DIGEST.test(digest);

/** A whole version, a commit, a hash, or a date: a tag that a publisher has no reason to move. */
const PRECISE_TAG = /^v?\d+\.\d+\.\d+|(^|[._-])(?=[a-f]*\d)[0-9a-f]{7,64}$/;

/** Whether the reference means one image for ever: by its digest, or by a tag that names one build. */
export const isPinned = (image: ImageReference): boolean =>
  hasDigest(image) || (image.digest === undefined && image.tag !== undefined && PRECISE_TAG.test(image.tag));

/**
 * Whether a repository is one of those that a pattern means. `*` is any part of a name between two slashes, and at the
 * end any repository below: `public.ecr.aws/datadog/*`.
 */
export function isFrom({ repository }: ImageReference, pattern: string): boolean {
  const [folder, below] = pattern.endsWith("/*") ? [pattern.slice(0, -2), "/.+"] : [pattern, ""];
  const parts = folder.split("*").map(escaped);
  return new RegExp(`^${parts.join("[^/]*")}${below}$`).test(repository);
}
