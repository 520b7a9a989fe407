import { tagKeys } from "../../../infra/tags.ts";
import { didYouMean } from "../../sandbox/project/nearest.ts";
import { UserError } from "../../sandbox/user-error.ts";

/**
 * The keys under which a bill may hold a tag, the likeliest first. Exports write `CostCenter` as it is, behind `user:`,
 * in CUR's own spelling (`user_cost_center`), or in its column of all tags behind `resourceTags/`.
 */
export function spellingsOf(tag: string): readonly string[] {
  const snake = tag
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
  return [...new Set([tag, `user:${tag}`, `user_${snake}`, `resourceTags/${tag}`, snake, tag.toLowerCase()])];
}

/** The tag that a key of a bill stands for, without what exports put before it. */
const withoutPrefix = (key: string): string => key.replace(/^resourceTags\//, "").replace(/^user[:_]/, "");

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace("centre", "center");

/** Tags from a list as it was given; what the project names itself in the project's spelling. */
export function tagsGiven(given: string): readonly string[] {
  const words = given.split(",").map((word) => word.trim());
  if (words.includes("")) throw new UserError(`--group-by ${JSON.stringify(given)} names no tag in one place`, 2);
  return [...new Set(words.map((word) => tagKeys.find((tag) => plain(tag) === plain(word)) ?? word))];
}

/** The error for a tag that neither the bill nor the forecast bears. `keys` are those that the bill does bear. */
export function unknownTag(tag: string, keys: readonly string[]): UserError {
  const known = [...new Set([...tagKeys, ...keys.map(withoutPrefix)])];
  return new UserError(`--group-by ${JSON.stringify(tag)}: no row of the bill bears it; ${didYouMean(tag, known)}`, 2);
}

export const isOwnTag = (tag: string): boolean => tagKeys.some((key) => key === tag);
