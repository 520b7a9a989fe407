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
}

/** Those of the partition `aws`: ARNs and service names of China and of government are others. */
const regions: readonly string[] = Object.values(Region).filter((name) => /^(?!cn-)[a-z]{2}-[a-z]+-\d$/.test(name));

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
  domain: {
    schema: z
      .string()
      .max(200)
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
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
} as const satisfies Record<string, Key>;

export type StackKey = keyof typeof keys;
export type StackConfig = Readonly<Record<StackKey, string>>;

export const stackKeys = Object.keys(keys) as StackKey[];

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

const schemas = Object.fromEntries(Object.entries(keys).map(([key, { schema }]) => [key, schema])) as {
  readonly [K in StackKey]: (typeof keys)[K]["schema"];
};
const schema: z.ZodType<StackConfig> = z.strictObject(schemas);

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
