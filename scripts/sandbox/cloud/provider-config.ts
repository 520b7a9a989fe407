import { closest } from "fastest-levenshtein";
import { type Properties, Unknown, type Value, isProperties, sameValue } from "../values/value.ts";
import type { Schemas } from "./schema/schemas.ts";
import type { PropertyType } from "./schema/type.ts";
import { type CheckFailure, type Location, Refusal } from "./service.ts";
import { NO_TAGS, type TagConfig } from "./tags.ts";

/** One provider instance as it was configured. */
export interface ProviderConfig {
  readonly packageName: string;
  readonly location: Location;
  readonly tags: TagConfig;
}

/** The account that an AWS provider without `allowedAccountIds` works in. */
export const DEFAULT_ACCOUNT = "000000000000";

/** What of a provider's inputs it does not know, or cannot use. */
export function checkProviderConfig(schemas: Schemas, packageName: string, inputs: Properties): CheckFailure[] {
  if (!schemas.has(packageName)) return [];
  const { inputs: known } = schemas.provider(packageName);
  const failures: CheckFailure[] = Object.keys(inputs)
    .filter((key) => !(key in known) && !IGNORED_KEYS.has(key) && !key.startsWith("__"))
    .map((key) => ({
      property: key,
      reason: `the provider of package ${packageName} has no setting ${JSON.stringify(key)}; the nearest that it has is ${JSON.stringify(closest(key, Object.keys(known)))}`,
    }));
  for (const [key, value] of Object.entries(inputs)) {
    const type = known[key]?.type;
    if (type !== undefined && isStructured(type) && typeof value === "string" && parsed(value) === undefined)
      failures.push({
        property: key,
        reason: `${key} must be JSON text of ${type.kind === "list" ? "a list" : "an object"}`,
      });
  }
  if (packageName === "aws") failures.push(...checkAws(inputs));
  return failures;
}

// Pulumi's own, beside the provider's settings.
const IGNORED_KEYS = new Set(["version", "pluginDownloadURL"]);

const isStructured = (type: PropertyType): boolean =>
  type.kind === "list" || type.kind === "map" || type.kind === "object";

function checkAws(inputs: Properties): CheckFailure[] {
  const region = inputs["region"];
  if (region instanceof Unknown) return [];
  if (typeof region !== "string" || region === "")
    return [
      {
        property: "region",
        reason:
          'missing required configuration key "aws:region": the region where AWS operations will take place (`pulumi config set aws:region us-east-1`)',
      },
    ];
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(region)
    ? []
    : [{ property: "region", reason: `invalid AWS Region: ${region}` }];
}

/** Throws a `Refusal` where the provider would not start. */
export function configure(packageName: string, settings: Properties): ProviderConfig {
  if (packageName !== "aws")
    return { packageName, location: { partition: "", account: "", region: "" }, tags: NO_TAGS };
  const region = settings["region"];
  if (typeof region !== "string" || region === "")
    throw new Refusal("MissingRegion", "invalid AWS configuration: the provider has no region; set aws:region");
  return {
    packageName,
    location: { partition: partitionOf(region), account: accountOf(settings), region },
    tags: tagConfig(settings),
  };
}

function accountOf(settings: Properties): string {
  const allowed = texts(structured(settings["allowedAccountIds"]));
  const forbidden = texts(structured(settings["forbiddenAccountIds"]));
  const account = assumedAccount(settings) ?? allowed[0] ?? DEFAULT_ACCOUNT;
  if (!/^\d{12}$/.test(account))
    throw new Refusal("InvalidAccountId", `AWS account ID must have 12 digits: ${account}`);
  if ((allowed.length > 0 && !allowed.includes(account)) || forbidden.includes(account))
    throw new Refusal("AccountNotAllowed", `AWS account ID not allowed: ${account}`);
  return account;
}

/** The account of the role that the provider works as, if it names one. */
function assumedAccount(settings: Properties): string | undefined {
  const roles = structured(settings["assumeRoles"]);
  const role: Value | undefined = Array.isArray(roles) ? roles.at(-1) : structured(settings["assumeRole"]);
  const arn = isProperties(role) ? role["roleArn"] : undefined;
  return typeof arn === "string" ? /^arn:[^:]*:iam::(\d{12}):/.exec(arn)?.[1] : undefined;
}

export const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

function tagConfig(settings: Properties): TagConfig {
  const defaults = structured(settings["defaultTags"]);
  const ignored = structured(settings["ignoreTags"]);
  const tags = isProperties(defaults) ? defaults["tags"] : undefined;
  const own = isProperties(ignored) ? ignored : {};
  return {
    defaults: isProperties(tags)
      ? Object.fromEntries(
          Object.entries(tags).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
        )
      : {},
    ignoredKeys: texts(own["keys"]),
    ignoredPrefixes: texts(own["keyPrefixes"]),
  };
}

const texts = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

/** A structured setting arrives as JSON text from an SDK and as itself from the engine. */
export function structured(value: Value | undefined): Value | undefined {
  return typeof value === "string" ? (parsed(value) ?? value) : value;
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Settings that differ; those that decide where resources are replace everything the provider made. */
export function diffProviderConfig(
  packageName: string,
  olds: Properties,
  news: Properties,
): { readonly diffs: string[]; readonly replaces: string[] } {
  const diffs = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) =>
      !key.startsWith("__") &&
      !IGNORED_KEYS.has(key) &&
      !sameValue(structured(olds[key]) ?? null, structured(news[key]) ?? null),
  );
  if (packageName !== "aws") return { diffs, replaces: [] };
  return {
    diffs,
    replaces: diffs.filter((key) => key === "region" || (key === "allowedAccountIds" && accountMoves(olds, news))),
  };
}

function accountMoves(olds: Properties, news: Properties): boolean {
  const [before, after] = [olds, news].map((settings) => texts(structured(settings["allowedAccountIds"]))[0]);
  return before !== after;
}
