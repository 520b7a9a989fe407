import { isProperties, type Properties, type Value } from "../sandbox/values/value.ts";
import type { CostResource } from "./resources/entry.ts";

export type Tags = Readonly<Record<string, string>>;

type Reader = (resource: Pick<CostResource, "inputs" | "outputs">) => Tags;

/** Default tags of the provider and the resource's own; a resource without `tagsAll` cannot bear any. */
const awsTags: Reader = ({ inputs, outputs }) =>
  [outputs["tagsAll"], inputs["tagsAll"], inputs["tags"]].map(textsOf).find((tags) => Object.keys(tags).length > 0) ??
  {};

const atlasTags: Reader = ({ inputs, outputs }) => textsOf(inputs["tags"] ?? outputs["tags"]);

/** Datadog writes a tag as one text: `costcenter:engineering`. */
const datadogTags: Reader = ({ inputs }) => {
  const listed = inputs["tags"] ?? inputs["accountTags"];
  if (!Array.isArray(listed)) return {};
  const pairs = listed.filter((tag) => typeof tag === "string").map((tag) => splitAt(tag, tag.indexOf(":")));
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
};

const readers: Readonly<Record<string, Reader>> = {
  aws: awsTags,
  mongodbatlas: atlasTags,
  datadog: datadogTags,
};

/** The tags with which a provider bills a resource, as it writes them. Empty where it has none. */
export const tagsOf = (resource: CostResource): Tags =>
  readers[resource.type.slice(0, resource.type.indexOf(":"))]?.(resource) ?? {};

const splitAt = (text: string, index: number): readonly [string, string] =>
  index < 0 ? ["", text] : [text.slice(0, index), text.slice(index + 1)];

const textsOf = (value: Value | undefined): Tags => (isProperties(value) ? onlyTexts(value) : {});

/** What is not known yet is left out. */
const onlyTexts = (properties: Properties): Tags =>
  Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
