import type { Finding, Resource, Rule } from "../support/rule.ts";
import { parse } from "../support/policy-document.ts";
import { taggable } from "../support/taggable.ts";
import { Unknown, isList, isMap, type Plain } from "../support/unknown.ts";

export const REQUIRED_TAGS = ["Project", "Environment", "Service", "Owner", "CostCenter", "ManagedBy", "Stack"];

/** Whether each tag known so far has a value, and the first unknown that may hold more tags. */
interface Tags {
  readonly isSet: ReadonlyMap<string, boolean>;
  readonly waiting: Unknown | undefined;
}

/** Required tags that neither the resource nor its provider's default tags give. */
export function missingTags(resource: Resource): readonly Finding[] {
  const { defaults } = taggable(resource.type);
  const own = [tagsIn(resource.props["tagsAll"]), tagsIn(resource.props["tags"])];
  const tags = merge(defaults ? [defaultTags(resource), ...own] : own);
  const missing = REQUIRED_TAGS.filter((tag) => tags.isSet.get(tag) !== true);
  if (missing.length === 0) return [];
  if (tags.waiting !== undefined) return [{ property: "tags", unknown: tags.waiting }];
  return [
    {
      property: "tags",
      wrong: `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing or empty`,
      fix: defaults
        ? "give the resource the environment's provider, whose defaultTags hold them, or add them to its tags"
        : "add them to its tags: the provider's default tags do not reach this type",
    },
  ];
}

// An explicit provider's structured inputs arrive as JSON text, a default provider's as text or as objects.
function defaultTags({ provider }: Resource): Tags {
  const value = provider?.["defaultTags"];
  const parsed = typeof value === "string" ? parse(value) : value;
  return tagsIn(parsed instanceof Unknown ? parsed : isMap(parsed) ? parsed["tags"] : undefined);
}

function tagsIn(source: Plain): Tags {
  if (source instanceof Unknown) return { isSet: new Map(), waiting: source };
  const pairs = isList(source) ? source.map(pair) : isMap(source) ? Object.entries(source) : [];
  return {
    isSet: new Map(pairs.flatMap(([key, value]) => (typeof key === "string" ? [[key, isSet(value)] as const] : []))),
    waiting: pairs.map(([key]) => key).find((key) => key instanceof Unknown),
  };
}

// A value that is unknown counts: it will be some text.
const isSet = (value: Plain): boolean => value instanceof Unknown || (typeof value === "string" && value.trim() !== "");

// The form of an Auto Scaling group: a list of { key, value, propagateAtLaunch }.
const pair = (item: Plain): readonly [Plain, Plain] =>
  item instanceof Unknown ? [item, item] : isMap(item) ? [item["key"], item["value"]] : [undefined, undefined];

/** Later ones win, as a resource's own tag wins over the provider's: an empty one takes the default away. */
const merge = (all: readonly Tags[]): Tags => ({
  isSet: new Map(all.flatMap(({ isSet }) => [...isSet])),
  waiting: all.map(({ waiting }) => waiting).find((unknown) => unknown !== undefined),
});

export const rules: readonly Rule[] = [
  {
    name: "required-tags",
    description: `Every AWS resource that can carry tags carries ${REQUIRED_TAGS.join(", ")}.`,
    why: "Without them nobody can say whose a resource is, which environment it belongs to, or what it costs.",
    severity: "medium",
    level: "mandatory",
    standards: ["Infracost tagging policy"],
    resources: [{ types: (type) => taggable(type).tags, unknown: "defer", find: missingTags }],
  },
];
