import { distance } from "fastest-levenshtein";
import { choicesOf, type Choices } from "./environments.ts";
import { sharedValues } from "./isolation.ts";
import {
  parseStackConfig,
  type ConfigSource,
  type ConfigText,
  type StackConfig,
  type StackKey,
} from "./stack-config.ts";
import { identifyStack, type EnvironmentName } from "./stacks.ts";

/** Everything that the program may know of its stack: its environment's choices, and its own facts. Frozen. */
export type Settings = Choices & {
  readonly project: string;
  readonly stack: string;
  readonly environment: EnvironmentName;
  /** Of previews alone. */
  readonly slug: string | undefined;
  readonly owner: string;
  readonly costCenter: string;
  readonly domain: string;
  readonly aws: { readonly accountId: string; readonly region: string; readonly recoveryRegion: string };
  readonly cloudflare: { readonly accountId: string; readonly zoneId: string };
  readonly atlas: { readonly organizationId: string };
  readonly datadog: { readonly site: string };
  /** `owner/name` */
  readonly githubRepository: string;
  readonly adminEmailDomains: readonly string[];
  readonly alertEmail: string;
  /** The image to run. Undefined: it is built from api/, which production never does. */
  readonly imageDigest: string | undefined;
  /** What the image is called, as the API tells it. Where nobody says: 0.0.0 and unknown. */
  readonly release: { readonly version: string; readonly commit: string };
  /** Overrides how many tasks the service starts with: "0" until its secrets are filled. */
  readonly desiredCount: number | undefined;
  /** From when on the stack may be swept, as `2026-11-28T20:00:00Z`. Undefined: a week after its last change, if a preview. */
  readonly expiresAt: string | undefined;
  /** Cost allocation tags can be activated once they stood on a bill. */
  readonly costAllocationTagsBilled: boolean;
  readonly network: { readonly cidr: string };
};

/** The user's mistakes, one per line. */
export class SettingsError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** What the files of the project's root say, in the project's namespace. */
export interface ConfigFiles {
  /** Pulumi.yaml's defaults. */
  readonly defaults: ConfigText;
  /** Pulumi.staging.yaml and Pulumi.production.yaml. */
  readonly staging: ConfigText;
  readonly production: ConfigText;
}

export interface SettingsInput {
  readonly project: string;
  readonly stack: string;
  /** What the engine gave the program, in the project's namespace. */
  readonly given: ConfigText;
  readonly files: ConfigFiles;
}

/** A slip of the keyboard, or the beginning of the name: `prod`. */
const isNear = (word: string, name: string): boolean =>
  distance(word, name) <= 4 || (word.length >= 3 && name.startsWith(word.toLowerCase()));

function unknownStack(stack: string): SettingsError {
  const known = ["production", "staging"].filter((name) => isNear(stack, name));
  const nearest = known[0] ?? "preview-<slug>";
  return new SettingsError([
    `Stack "${stack}" is none of this project's; the nearest is ${nearest}. Stacks are production, staging, and preview-<slug> (lower-case letters, digits, and single hyphens, at most 30). \`npm run stack\` prints the current branch's.`,
  ]);
}

/** What an image is called. */
const ofRelease: readonly string[] = ["version", "commit"] satisfies StackKey[];

/**
 * A preview has no file: staging's file counts wherever the engine gave nothing, or merely Pulumi.yaml's default.
 * Staging's release is a preview's only where it runs the same image.
 */
function ownConfig({ given, files }: SettingsInput, environment: EnvironmentName): ConfigText {
  if (environment !== "preview") return { ...files.defaults, ...given };
  const explicit = Object.entries(given).filter(([key, value]) => value !== files.defaults[key]);
  const config: ConfigText = { ...files.defaults, ...files.staging, ...Object.fromEntries(explicit) };
  const { staging } = files;
  if (config["imageDigest"] !== undefined && config["imageDigest"] === staging["imageDigest"]) return config;
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => !ofRelease.includes(key) || value !== staging[key]),
  );
}

/** Values that are well-formed one by one and yet cannot stand together. */
function contradictionsOf(config: StackConfig, environment: EnvironmentName, { project, file, stack }: ConfigSource) {
  const problems: string[] = [];
  if (environment === "production" && config.imageDigest === undefined)
    problems.push(
      `${file}: ${project}:imageDigest is missing; production runs the image that staging proved, and builds none. Set it: pulumi config set imageDigest sha256:... --stack ${stack}`,
    );
  if (config.recoveryRegion === config.region)
    problems.push(
      `${file}: ${project}:recoveryRegion ${config.recoveryRegion} is the stack's own region: copies there are lost with it. Set another: pulumi config set recoveryRegion REGION --stack ${stack}`,
    );
  return problems;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** Throws a `SettingsError` with everything that is wrong, before any resource is registered. */
export function resolveSettings(input: SettingsInput): Settings {
  const { project, stack, files } = input;
  const identity = identifyStack(stack);
  if (identity === undefined) throw unknownStack(stack);
  const { environment } = identity;

  const sourceOf = (name: "staging" | "production"): ConfigSource => ({
    project,
    file: `Pulumi.${name}.yaml`,
    stack: name,
  });
  const ownName = environment === "production" ? "production" : "staging";
  const otherName = ownName === "production" ? "staging" : "production";
  const own = parseStackConfig(ownConfig(input, environment), sourceOf(ownName));
  const other = parseStackConfig({ ...files.defaults, ...files[otherName] }, sourceOf(otherName));
  if (own.config === undefined || other.config === undefined) {
    throw new SettingsError([...own.problems, ...other.problems]);
  }
  const shared = sharedValues(
    { config: own.config, source: sourceOf(ownName) },
    { config: other.config, source: sourceOf(otherName) },
  );
  const { config } = own;
  const contradictions = [...shared, ...contradictionsOf(config, environment, sourceOf(ownName))];
  if (contradictions.length > 0) throw new SettingsError(contradictions);

  const choices = choicesOf(environment);
  return freeze({
    ...choices,
    project,
    stack,
    environment,
    slug: identity.environment === "preview" ? identity.slug : undefined,
    owner: config.owner,
    costCenter: config.costCenter,
    domain: config.domain,
    aws: { accountId: config.awsAccountId, region: config.region, recoveryRegion: config.recoveryRegion },
    cloudflare: { accountId: config.cloudflareAccountId, zoneId: config.cloudflareZoneId },
    atlas: { organizationId: config.atlasOrganizationId },
    datadog: { site: config.datadogSite },
    githubRepository: config.githubRepository,
    adminEmailDomains: config.adminEmailDomains.split(","),
    alertEmail: config.alertEmail,
    imageDigest: config.imageDigest,
    release: { version: config.version ?? "0.0.0", commit: config.commit ?? "unknown" },
    desiredCount: config.desiredCount === undefined ? undefined : Number(config.desiredCount),
    expiresAt: config.expiresAt,
    costAllocationTagsBilled: config.costAllocationTagsBilled === "true",
    network: { ...choices.network, cidr: config.vpcCidr },
  });
}
