import { parse } from "../iam/policy-document.ts";
import type { Resource } from "../rule.ts";
import { Unknown, isList, isMap, type Plain } from "../unknown.ts";
import { taggable } from "./taggable.ts";

/** The tags that a resource ends up with, and the first unknown that may hold more of them. */
export interface Tags {
  readonly values: ReadonlyMap<string, Plain>;
  readonly waiting: Unknown | undefined;
}

/** Atlas gives tags to these, as a map or as a list of `{ key, value }`. */
export const ATLAS_TAGGED = [
  "mongodbatlas:index/advancedCluster:AdvancedCluster",
  "mongodbatlas:index/cluster:Cluster",
  "mongodbatlas:index/flexCluster:FlexCluster",
  "mongodbatlas:index/project:Project",
  "mongodbatlas:index/serverlessInstance:ServerlessInstance",
];

/** Datadog gives tags to these, as a list of "key:value". */
export const DATADOG_TAGGED = [
  "datadog:index/monitor:Monitor",
  "datadog:index/serviceLevelObjective:ServiceLevelObjective",
  "datadog:index/syntheticsTest:SyntheticsTest",
];

/** The tags of an AWS resource: those of its provider, and over them its own. */
export function awsTags(resource: Resource): Tags {
  const own = [tagsIn(resource.props["tagsAll"]), tagsIn(resource.props["tags"])];
  return merged(taggable(resource.type).defaults ? [defaultTags(resource.provider), ...own] : own);
}

/** The tags of any resource that can carry some; in Datadog a key may have several values, of which the last counts. */
export function tagsOf(resource: Resource): Tags {
  const { type, props } = resource;
  return type.startsWith("aws:") ? awsTags(resource) : tagsIn(props["tags"]);
}

/** Whether a type carries tags at all. */
export const isTagged = (type: string): boolean =>
  ATLAS_TAGGED.includes(type) || DATADOG_TAGGED.includes(type) || taggable(type).tags;

/** What an AWS provider gives to each of its resources. Structured inputs of a provider arrive as JSON text. */
export function defaultTags(provider: { readonly [key: string]: Plain } | undefined): Tags {
  const value = provider?.["defaultTags"];
  const given = typeof value === "string" ? parse(value) : value;
  return tagsIn(given instanceof Unknown ? given : isMap(given) ? given["tags"] : undefined);
}

function tagsIn(source: Plain): Tags {
  if (source instanceof Unknown) return { values: new Map(), waiting: source };
  const pairs = isList(source) ? source.map(pairOf) : isMap(source) ? Object.entries(source) : [];
  return {
    values: new Map(pairs.flatMap(([key, value]) => (typeof key === "string" ? [[key, value] as const] : []))),
    waiting: pairs.map(([key]) => key).find((key) => key instanceof Unknown),
  };
}

// An Auto Scaling group and Atlas list { key, value }; Datadog lists "key:value".
function pairOf(item: Plain): readonly [Plain, Plain] {
  if (item instanceof Unknown) return [item, item];
  if (isMap(item)) return [item["key"], item["value"]];
  const [, key, value] = typeof item === "string" ? (/^([^:]*):?(.*)$/s.exec(item) ?? []) : [];
  return [key, value];
}

/** Later ones win, as a resource's own tag wins over the provider's: an empty one takes the default away. */
const merged = (all: readonly Tags[]): Tags => ({
  values: new Map(all.flatMap(({ values }) => [...values])),
  waiting: all.map(({ waiting }) => waiting).find((unknown) => unknown !== undefined),
});
