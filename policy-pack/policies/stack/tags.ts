import { textsOf } from "../../support/property.ts";
import type { Config, Finding, Remedy, Resource, Rule } from "../../support/rule.ts";
import { taggable } from "../../support/tags/taggable.ts";
import { ATLAS_TAGGED, awsTags, defaultTags, tagsOf, type Tags } from "../../support/tags/tagged.ts";
import { AWS_PROVIDER } from "../../support/tokens.ts";
import { Unknown, isMap, type Plain, type PlainMap } from "../../support/unknown.ts";
import { environmentOf, projectOf, stackOf } from "../../support/urn.ts";

export const REQUIRED_TAGS = ["Project", "Environment", "Service", "Owner", "CostCenter", "ManagedBy", "Stack"];

// A value that is unknown counts as set: it will be some text.
const isSet = (value: Plain): boolean => value instanceof Unknown || (typeof value === "string" && value.trim() !== "");

/** What is missing among the tags. Nothing can be said while more tags may come. */
function missing(
  { values, waiting }: Tags,
  keys: readonly string[],
  property: string,
  fix: string,
): readonly Finding[] {
  const absent = keys.filter((key) => !isSet(values.get(key)));
  if (absent.length === 0) return [];
  if (waiting !== undefined) return [{ property, unknown: waiting }];
  return [{ property, wrong: `${absent.join(", ")} ${absent.length === 1 ? "is" : "are"} missing or empty`, fix }];
}

/** Required tags that neither the resource nor its provider's default tags give. */
function missingTags(resource: Resource, config: Config): readonly Finding[] {
  const found = missing(
    awsTags(resource),
    textsOf(config["tags"]),
    "tags",
    taggable(resource.type).defaults
      ? "give the resource the environment's provider, whose defaultTags hold them, or add them to its tags"
      : "add them to its tags: the provider's default tags do not reach this type",
  );
  // The resource's own may still take a tag of the provider away.
  const own = resource.props["tags"];
  return found.length === 0 && own instanceof Unknown ? [{ property: "tags", unknown: own }] : found;
}

/** Tags whose values the resource's URN decides. */
const derivedTags = (urn: string): Readonly<Record<string, string>> => ({
  Project: projectOf(urn),
  Environment: environmentOf(stackOf(urn)),
  ManagedBy: "pulumi",
  Stack: stackOf(urn),
});

/** Adds those of the required tags that can be derived. */
function derive(resource: Resource, config: Config): readonly Remedy[] {
  const { values, waiting } = awsTags(resource);
  // Only a map takes a single tag, and what is not known yet may hold it.
  if (!taggable(resource.type).defaults || waiting !== undefined) return [];
  // What the URN says stands over what the configuration says for all resources.
  const chosen = isMap(config["missing"]) ? config["missing"] : {};
  return Object.entries({ ...textsIn(chosen), ...derivedTags(resource.urn) })
    .filter(([key]) => textsOf(config["tags"]).includes(key) && !isSet(values.get(key)))
    .map(([key, value]) => ({ path: ["tags", key], value }));
}

const textsIn = (values: PlainMap): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );

/** Values that do not have the form that is asked of their key. One that is unknown hides no other. */
function oddValues(resource: Resource, config: Config): readonly Finding[] {
  const forms = config["values"];
  const { values } = tagsOf(resource);
  return Object.entries(isMap(forms) ? forms : {}).flatMap(([key, form]): readonly Finding[] => {
    const value = values.get(key);
    const property = `tags.${key}`;
    if (value instanceof Unknown) return [{ property, unknown: value }];
    // That it is there and not empty is another rule's matter.
    if (typeof value !== "string" || !isSet(value) || typeof form !== "string" || new RegExp(form).test(value))
      return [];
    return [
      { property, wrong: `it is ${JSON.stringify(value)}`, fix: `set ${property} to a value that matches ${form}` },
    ];
  });
}

const NOT_YET = "(?!(?:todo|tbd|none|null|unknown|undefined|changeme|n-?a|x+|foo|test)$)";
const WORDS = `^${NOT_YET}[a-z][a-z0-9-]{1,62}$`;

const tagList = (description: string, keys: readonly string[]) =>
  ({ type: "array", description, default: [...keys] }) as const;

export const rules: readonly Rule[] = [
  {
    name: "required-tags",
    description: `Every AWS resource that can carry tags carries ${REQUIRED_TAGS.join(", ")}.`,
    why: "Without them nobody can say whose a resource is, which environment it belongs to, or what it costs.",
    severity: "medium",
    level: "mandatory",
    standards: ["Infracost tagging policy"],
    settings: {
      tags: tagList("Keys that every resource must carry.", REQUIRED_TAGS),
      missing: {
        type: "object",
        description:
          "What a remediation sets for a missing key that the stack cannot tell: Owner, CostCenter, and Service.",
        default: {},
      },
    },
    resources: [{ types: (type) => taggable(type).tags, unknown: "defer", find: missingTags }],
    remedy: derive,
  },
  {
    name: "tags-values-allowed",
    description: "Tags have values of the agreed forms, and no placeholder.",
    why: "Costs and alarms are grouped by these values, and each other spelling is a group of its own.",
    severity: "low",
    level: "mandatory",
    standards: ["Infracost tagging policy"],
    settings: {
      values: {
        type: "object",
        description: "The form of each key's value, as a regular expression.",
        default: { ManagedBy: "^pulumi$", Service: WORDS, Owner: WORDS, CostCenter: WORDS },
      },
    },
    resources: [
      {
        types: (type) => taggable(type).tags || ATLAS_TAGGED.includes(type),
        unknown: "defer",
        find: oddValues,
      },
    ],
  },
  {
    name: "tags-provider-defaults",
    description: "Every AWS provider gives the required tags to all that it makes.",
    why: "What a component or a package makes inside has no tags of ours but the provider's.",
    severity: "medium",
    level: "mandatory",
    standards: ["Infracost tagging policy"],
    settings: { tags: tagList("Keys that a provider must give.", REQUIRED_TAGS) },
    resources: [
      {
        types: [AWS_PROVIDER],
        unknown: "refuse",
        find: ({ props }, config) =>
          missing(
            defaultTags(props),
            textsOf(config["tags"]),
            "defaultTags",
            "set defaultTags: { tags } with a value for each of them",
          ),
      },
    ],
  },
  {
    name: "tags-atlas-complete",
    description: `Atlas projects and clusters carry ${REQUIRED_TAGS.join(", ")}.`,
    why: "Atlas bills by project and cluster, and its tags are the only way to divide that bill.",
    severity: "low",
    level: "mandatory",
    standards: [],
    settings: { tags: tagList("Keys that Atlas resources must carry.", REQUIRED_TAGS) },
    resources: [
      {
        types: ATLAS_TAGGED,
        unknown: "defer",
        find: (resource, config) => missing(tagsOf(resource), textsOf(config["tags"]), "tags", "add them to its tags"),
      },
    ],
  },
];
