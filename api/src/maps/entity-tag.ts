/** A version as an entity tag. */
export const etagOf = (version: number): string => `"${version}"`;

const tag = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;

/** The grammar of If-Match and If-None-Match (RFC 9110, 13.1): `*`, or tags separated by commas. */
export const entityTags = new RegExp(String.raw`^(?:\*|${tag}(?:[ \t]*,[ \t]*${tag})*)$`);

/** `any` is what `*` names: whatever there is. */
export type NamedVersions = "any" | ReadonlySet<number>;

/**
 * The versions that a header of this grammar names. If-Match compares strongly, so that weak tags name nothing;
 * If-None-Match compares weakly. A tag that is no version of ours names nothing.
 */
export function versionsOf(header: string, comparison: "strong" | "weak"): NamedVersions {
  if (header === "*") return "any";
  const version = comparison === "strong" ? /(?<!W\/)"([1-9]\d{0,15})"/g : /"([1-9]\d{0,15})"/g;
  return new Set(Array.from(header.matchAll(version), ([, digits]) => Number(digits)));
}

export const names = (versions: NamedVersions, version: number): boolean => versions === "any" || versions.has(version);
