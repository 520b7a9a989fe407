import { Region } from "@pulumi/aws/types/enums/index.js";
import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { canonical, isPrivate } from "./cidr.ts";

interface Key {
  readonly schema: z.ZodType<string>;
  /** Completes the sentence "the value must be ...". */
  readonly form: string;
  readonly example: string;
  /** Where the values are a closed set: the message names the nearest instead of the example. */
  readonly choices?: readonly string[];
  /** May be left out. Default: it must be given. */
  readonly optional?: true;
}

/** Those of the partition `aws`: ARNs and service names of China and of government are others. */
const regions: readonly string[] = Object.values(Region).filter((name) => /^(?!cn-)[a-z]{2}-[a-z]+-\d$/.test(name));

const hexadecimal = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const flag = z.enum(["true", "false"]);
const domainName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const datadogSites: readonly string[] = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
];

const tagText = /^[A-Za-z][A-Za-z0-9 +=._:/@-]{0,127}$/;

/** Every key of the project's namespace: what a stack file may hold, and must, unless Pulumi.yaml has a default. */
const keys = {
  awsAccountId: {
    schema: z.string().regex(/^\d{12}$/),
    form: "the 12 digits of an AWS account, in quotes",
    example: "111122223333",
  },
  region: {
    schema: z.string().refine((region) => regions.includes(region)),
    form: "a commercial AWS region",
    example: "us-east-1",
    choices: regions,
  },
  recoveryRegion: {
    schema: z.string().refine((region) => regions.includes(region)),
    form: "a commercial AWS region, another than the stack's own",
    example: "us-west-2",
    choices: regions,
  },
  domain: {
    schema: z.string().max(200).regex(domainName),
    form: "a domain in lower case, without a scheme",
    example: "example.org",
  },
  vpcCidr: {
    schema: z.cidrv4().refine((cidr) => isPrivate(cidr) && canonical(cidr) === cidr && /\/(1[6-9]|20)$/.test(cidr)),
    form: "a private IPv4 range from /16 to /20, written from its first address",
    example: "10.1.0.0/16",
  },
  owner: { schema: z.string().regex(tagText), form: "a tag's text that begins with a letter", example: "platform" },
  costCenter: {
    schema: z.string().regex(tagText),
    form: "a tag's text that begins with a letter",
    example: "engineering",
  },
  cloudflareAccountId: {
    schema: hexadecimal(32),
    form: "the 32 hexadecimal digits of a Cloudflare account",
    example: "0123456789abcdef0123456789abcdef",
  },
  cloudflareZoneId: {
    schema: hexadecimal(32),
    form: "the 32 hexadecimal digits of the domain's Cloudflare zone",
    example: "023e105f4ecef8ad9ca31a8372d0c353",
  },
  atlasOrganizationId: {
    schema: hexadecimal(24),
    form: "the 24 hexadecimal digits of a MongoDB Atlas organisation",
    example: "5b93ff2f96e82120a0a7d1f5",
  },
  datadogSite: {
    schema: z.string().refine((site) => datadogSites.includes(site)),
    form: "a site of Datadog",
    example: "datadoghq.com",
    choices: datadogSites,
  },
  githubRepository: {
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}(@\d+)?\/[\w.-]{1,100}(@\d+)?$/),
    form: "a GitHub repository as owner/name, or owner@id/name@id where its tokens carry ids",
    example: "example-org/groundwork",
  },
  adminEmailDomains: {
    schema: z.string().refine((list) => list.split(",").every((name) => domainName.test(name))),
    form: "e-mail domains in lower case, separated by commas",
    example: "example.com,example.net",
  },
  alertEmail: { schema: z.email(), form: "an e-mail address", example: "platform@example.com" },
  imageDigest: {
    schema: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    form: "the digest of an image in the environment's own registry",
    example: `sha256:${"0".repeat(64)}`,
    optional: true,
  },
  version: {
    schema: z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/),
    form: "the version of the image that runs, in quotes",
    example: "1.4.0",
    optional: true,
  },
  commit: {
    schema: z.string().regex(/^[0-9a-f]{7,40}$/),
    form: "the commit that the image was built from, 7 to 40 hexadecimal digits in quotes",
    example: "0123456789abcdef0123456789abcdef01234567",
    optional: true,
  },
  desiredCount: {
    schema: z.string().regex(/^\d{1,2}$/),
    form: "a number of tasks",
    example: "0",
    optional: true,
  },
  expiresAt: {
    schema: z.iso.datetime({ precision: 0 }),
    form: "the moment from which on the stack may be swept, in UTC and whole seconds",
    example: "2026-11-28T20:00:00Z",
    optional: true,
  },
  costAllocationTagsBilled: { schema: flag, form: "true or false, in quotes", example: "true", optional: true },
} as const satisfies Record<string, Key>;

export type StackKey = keyof typeof keys;
type OptionalKey = { [K in StackKey]: (typeof keys)[K] extends { readonly optional: true } ? K : never }[StackKey];
export type RequiredKey = Exclude<StackKey, OptionalKey>;
export type StackConfig = Readonly<Record<RequiredKey, string>> & Readonly<Partial<Record<OptionalKey, string>>>;

export const stackKeys = Object.keys(keys) as StackKey[];

/** Whether a stack may leave the key out. */
export const isOptional = (key: StackKey): boolean => (keys[key] as Key).optional === true;

/** Config as text, as Pulumi hands it to a program: key without namespace to value. */
export type ConfigText = Readonly<Record<string, string>>;

/** Where a config is from, for messages and for the command that mends it. */
export interface ConfigSource {
  readonly project: string;
  readonly file: string;
  readonly stack: string;
}

export type Parsed =
  | { readonly config: StackConfig; readonly problems: readonly [] }
  | { readonly config: undefined; readonly problems: readonly string[] };

const schema = z.strictObject(
  Object.fromEntries(
    Object.entries<Key>(keys).map(([key, { schema: one, optional }]) => [
      key,
      optional === true ? one.optional() : one,
    ]),
  ),
) as z.ZodType as z.ZodType<StackConfig>;

function unknownKey(key: string, { project, file, stack }: ConfigSource): string {
  const nearest = closest(key, stackKeys);
  return `${file}: ${project}:${key} is not a setting; the nearest is ${project}:${nearest}. Rename it, or remove it: pulumi config rm ${key} --stack ${stack}`;
}

function badValue(key: StackKey, value: string | undefined, { project, file, stack }: ConfigSource): string {
  const { form, example, choices }: Key = keys[key];
  const what = value === undefined ? "is missing; it must be" : `is ${JSON.stringify(value)}; it must be`;
  const nearest = value !== undefined && choices !== undefined ? closest(value, choices) : undefined;
  const hint = nearest === undefined ? "" : `; the nearest is ${nearest}`;
  return `${file}: ${project}:${key} ${what} ${form}${hint}. Set it: pulumi config set ${key} ${nearest ?? example} --stack ${stack}`;
}

/** Every problem at once, each one line that names the file, the key, and the fix. */
export function parseStackConfig(values: ConfigText, source: ConfigSource): Parsed {
  const result = schema.safeParse(values);
  if (result.success) return { config: result.data, problems: [] };
  const wrong = new Set(result.error.issues.map((issue) => issue.path[0]));
  const unknown = result.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  return {
    config: undefined,
    problems: [
      ...unknown.map((key) => unknownKey(key, source)),
      ...stackKeys.filter((key) => wrong.has(key)).map((key) => badValue(key, values[key], source)),
    ],
  };
}
