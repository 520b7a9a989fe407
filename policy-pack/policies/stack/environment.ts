import { leavesOf } from "../../support/leaf.ts";
import { escaped } from "../../support/pattern.ts";
import { elements, locate, textsOf, type Located } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { DATADOG_TAGGED, isTagged, tagsOf } from "../../support/tags/tagged.ts";
import { Unknown, isMap } from "../../support/unknown.ts";
import { environmentOf, projectOf, stackOf } from "../../support/urn.ts";
import { accountRules } from "./environment-account.ts";

const REFERENCE = "pulumi:pulumi:StackReference";
const PROJECT_TAGS = ["Project", "project"];
const ENVIRONMENT_TAGS = ["Environment", "environment", "env"];
const STACK_TAGS = ["Stack", "stack"];

/** What the URN says that these tags must be. Datadog's are in lower case, as stacks and projects are anyway. */
function ownTags(urn: string): readonly (readonly [keys: readonly string[], value: string])[] {
  const stack = stackOf(urn);
  return [
    [PROJECT_TAGS, projectOf(urn)],
    [ENVIRONMENT_TAGS, environmentOf(stack)],
    [STACK_TAGS, stack],
  ];
}

/** Tags that say that a resource is another environment's. */
function foreignTags(resource: Resource): readonly Finding[] {
  const { values } = tagsOf(resource);
  const lists = DATADOG_TAGGED.includes(resource.type) ? textsOf(resource.props["tags"]) : [];
  return ownTags(resource.urn).flatMap(([keys, expected]) =>
    keys.flatMap((key): readonly Finding[] => {
      const property = `tags.${key}`;
      const value = values.get(key);
      if (value instanceof Unknown) return [{ property, unknown: value }];
      // Datadog takes a key more than once.
      const all = lists.filter((tag) => tag.startsWith(`${key}:`)).map((tag) => tag.slice(key.length + 1));
      return (all.length > 0 ? all : textsOf(value))
        .filter((text) => text.trim() !== "" && text !== expected)
        .map((text) => ({
          property,
          wrong: `it is "${text}" in a stack whose is "${expected}"`,
          fix: `set ${property} to "${expected}", or give the resource to the stack that it belongs to`,
        }));
    }),
  );
}

/** Which environments a stack may name: its own, and those that its environment shares things with. */
function mayName(environment: string, config: Config): ReadonlySet<string> {
  const shared = config["shared"];
  return new Set([environment, ...textsOf(isMap(shared) ? shared[environment] : undefined)]);
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const kept = patterns.get(source);
  if (kept !== undefined) return kept;
  const pattern = new RegExp(source, "i");
  patterns.set(source, pattern);
  return pattern;
}

/** Which of the foreign environments a text names, by a resource's name or by a host's. */
function namedIn(
  text: string,
  project: string,
  foreign: readonly string[],
  environments: readonly string[],
): readonly string[] {
  const lower = text.toLowerCase();
  const named = foreign.filter(
    (environment) =>
      lower.includes(environment.toLowerCase()) &&
      (hostOf(environment).test(text) || nameOf(project, environment).test(text)),
  );
  if (!lower.includes(project.toLowerCase())) return named;
  return [...named, ...foreign.filter((environment) => cutShort(project, environment, environments).test(text))];
}

/** "groundwork-production-api", "groundworkProduction", "groundwork-media-production", "production-groundwork". */
function nameOf(project: string, environment: string): RegExp {
  const [own, other] = [escaped(project), escaped(environment)];
  return patternOf(
    `(?<![a-z0-9])(?:${own}(?:[-_./:][a-z0-9]+){0,4}?[-_./:]{0,2}${other}|${other}[-_./:]${own})(?![a-z0-9])`,
  );
}

const FILES = "json|jsonc|ya?ml|toml|env|conf|config|js|mjs|ts|html?|css|md|txt|log|gz|zip|png|svg";

/** "https://production.example.com", "db.api-production.internal"; "production.json" is a file. */
function hostOf(environment: string): RegExp {
  const label = `(?:[a-z0-9]+-)?(?<!non-|pre-)${escaped(environment)}(?:-[a-z0-9]+)*`;
  const more = "\\.[a-z0-9-]+";
  return patternOf(
    `(?:(?:^|[/@"'\\s,])${label}${more}|\\.${label})(?:${more})*(?<!\\.(?:${FILES}))(?<=\\.[a-z]{2,})(?![\\w.-])`,
  );
}

/** A name that did not fit has the beginning of the environment, then six digits of a hash. */
function cutShort(project: string, environment: string, environments: readonly string[]): RegExp {
  const cut = Array.from({ length: Math.max(0, environment.length - 1) }, (_, index) =>
    environment.slice(0, -1 - index),
  )
    .filter((part) => !environments.some((other) => other !== environment && other.startsWith(part)))
    .map((part) => `${escaped(part)}-[0-9a-f]{6}-`);
  return patternOf(`(?<![a-z0-9])${escaped(project)}[-_/](?:${cut.join("|") || "(?!)"})`);
}

/** What a text selects in Datadog: `env:production`, `env:"production"`, `env:(a OR b)`, `env IN (a,b)`, `env:prod*`. */
const SELECTED = /(?<![\w.!-])(?:env|environment|stack)(?:\s+IN\s*|:)(\([^)]*\)|"[^"]*"|[\w*-]+)/gi;

function selectedIn(text: string, environments: readonly string[]): readonly string[] {
  const values = [...text.matchAll(SELECTED)].flatMap(([, found = ""]) => found.toLowerCase().split(/[^\w*-]+/));
  return environments.filter((environment) => {
    const name = environment.toLowerCase();
    return values.some((value) => (/\w\*$/.test(value) ? name.startsWith(value.slice(0, -1)) : value === name));
  });
}

/** Values that name what another environment owns. */
function foreignNames({ type, urn, props }: Resource, config: Config): readonly Finding[] {
  const environment = environmentOf(stackOf(urn));
  const environments = textsOf(config["environments"]);
  const allowed = mayName(environment, config);
  const foreign = environments.filter((other) => !allowed.has(other));
  const isDatadog = type.startsWith("datadog:");
  const leaves = leavesOf(props);
  const findings = leaves.flatMap(({ property, value }): readonly Finding[] => {
    if (typeof value !== "string") return [];
    const named = new Set([
      ...namedIn(value, projectOf(urn), foreign, environments),
      // Tags have a rule of their own.
      ...(isDatadog && !/^tags\b/.test(property) ? selectedIn(value, foreign) : []),
    ]);
    return [...named].map((other) => ({
      property,
      wrong: `it names something of ${other}`,
      fix: `name the resource of ${environment} instead`,
    }));
  });
  const waiting = leaves.find(({ value }) => value instanceof Unknown);
  return waiting === undefined ? findings : [...findings, undecided(waiting)];
}

const undecided = ({ property, value }: Located): Finding => ({ property, unknown: value as Unknown });

/** Stacks that the stack reads outputs of, and may not. */
function foreignStacks(stack: Stack, config: Config): readonly Finding[] {
  const environment = environmentOf(stack.name);
  const lent = [...mayName(environment, config)].filter((other) => other !== environment);
  return stack.ofType([REFERENCE]).flatMap(({ urn, props }): readonly Finding[] => {
    const name = props["name"];
    if (typeof name !== "string" || name === "")
      return [
        {
          urn,
          property: "name",
          wrong: "nothing says which stack it reads",
          fix: "set the reference's name to a literal value",
        },
      ];
    const other = name.split("/").at(-1) ?? name;
    // One preview reads no other: each may go at any time.
    if (lent.includes(environmentOf(other))) return [];
    return [
      {
        urn,
        property: "name",
        wrong: `${environment} reads outputs of "${other}"`,
        fix: `remove the reference${lent.length === 0 ? "" : `, or read a stack of ${lent.join(" or ")}`}`,
      },
    ];
  });
}

/** Where regions stand besides the `region` of each AWS resource. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:dynamodb/globalTable:GlobalTable": ["replicas[].regionName"],
  "aws:dynamodb/table:Table": ["replicas[].regionName"],
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": [
    "replicationConfiguration.rules[].destinations[].region",
  ],
  "aws:secretsmanager/secret:Secret": ["replicas[].region"],
  "mongodbatlas:index/advancedCluster:AdvancedCluster": ["replicationSpecs[].regionConfigs[].regionName"],
  "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": ["copySettings[].regionName"],
  "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": ["region"],
};

/** Atlas writes US_EAST_1. */
const regionOf = (text: string): string => text.toLowerCase().replaceAll("_", "-");

/** Regions that the environment has no business in. */
function foreignRegions({ type, props }: Resource, config: Config): readonly Finding[] {
  const allowed = textsOf(config["regions"]);
  const paths = [...(type.startsWith("aws:") ? ["region"] : []), ...(REGIONS[type] ?? [])];
  return paths
    .flatMap((path) => locate(props, path).flatMap(elements))
    .flatMap(({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      if (typeof value !== "string" || value === "" || allowed.includes(regionOf(value))) return [];
      return [outside(property, value, allowed)];
    });
}

const outside = (property: string, value: string, allowed: readonly string[]): Finding => ({
  property,
  wrong: `it is "${value}"`,
  fix: `set ${property} to ${allowed.join(" or ")}`,
});

/** A provider without a region takes whatever the shell of the one who runs it says. */
function providerRegion({ props }: Resource, config: Config): readonly Finding[] {
  const allowed = textsOf(config["regions"]);
  const value = props["region"];
  if (value instanceof Unknown) return [{ property: "region", unknown: value }];
  if (typeof value === "string" && allowed.includes(value)) return [];
  if (typeof value === "string" && value !== "") return [outside("region", value, allowed)];
  return [{ property: "region", wrong: "it is not set", fix: `set region to ${allowed.join(" or ")}` }];
}

/** Inputs of providers that are credentials; an identifier among them is half of one. */
const CREDENTIALS = [
  ...["accessKey", "secretKey", "token", "accessToken", "apiKey", "apiToken", "apiUserServiceKey", "appKey"],
  ...["awsAccessKeyId", "awsSecretAccessKey", "awsSessionToken", "bearerToken", "clientSecret"],
  ...["privateKey", "publicKey", "password"],
];

/** Credentials among a provider's inputs, known or not. */
const staticCredentials = ({ props }: Resource): readonly Finding[] =>
  CREDENTIALS.filter((input) => ![undefined, null, ""].includes(props[input] as string | null | undefined)).map(
    (property) => ({
      property,
      wrong: "it stands in the program's inputs, and so in the state",
      fix: `remove ${property}: the provider takes a short-lived one from its environment`,
    }),
  );

const shared = {
  type: "object",
  description: "Which environments each environment may name or read.",
  default: { staging: ["preview"], preview: ["staging"] },
} as const;
const regions = {
  type: "array",
  description: "The regions that the environment uses.",
  default: ["us-east-1", "us-west-2"],
} as const;

const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");

export const rules: readonly Rule[] = [
  {
    name: "environment-tags-own",
    description: "The tags of a resource name its own project, environment, and stack.",
    why: "Bills, alarms, and permissions go by these tags, and a wrong one mixes two environments up.",
    severity: "high",
    level: "mandatory",
    standards: ["Infracost tagging policy"],
    resources: [{ types: isTagged, unknown: "defer", find: foreignTags }],
  },
  {
    name: "environment-names-own",
    description: "No value names a resource of another environment.",
    why: "One name of production in another stack is enough to read or overwrite production's data.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    settings: {
      environments: {
        type: "array",
        description: "The environments that there are.",
        default: ["production", "staging", "preview"],
      },
      shared,
    },
    resources: [{ types: (type) => !isProvider(type), unknown: "defer", find: foreignNames }],
  },
  {
    name: "environment-stack-reference-allowed",
    description: "A stack reads the outputs of those stacks alone that its environment may use.",
    why: "A reference hands over names and addresses, and production's belong to nobody else.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: { shared },
    stack: foreignStacks,
  },
  {
    name: "environment-region-allowed",
    description: "Resources stand in the environment's regions.",
    why: "In any other region nobody looks, and data may be where it must not be.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { regions },
    resources: [{ types: (type) => /^(aws|mongodbatlas):/.test(type), unknown: "defer", find: foreignRegions }],
  },
  {
    name: "environment-provider-region",
    description: "Every AWS provider names one of the environment's regions.",
    why: "Without it the region is whatever the shell of the one who runs it says.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { regions },
    resources: [{ types: ["pulumi:providers:aws"], unknown: "refuse", find: providerRegion }],
  },
  {
    name: "environment-provider-no-credentials",
    description: "No provider has credentials among its inputs.",
    why: "Inputs stand in the state and in every backup of it, and such a credential lives until somebody revokes it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: isProvider, unknown: "refuse", find: staticCredentials }],
  },
  ...accountRules,
];
