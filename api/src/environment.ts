import { z } from "zod";
import { misspelt } from "./environment-names.ts";
import { type Combinations, combinationProblems } from "./environment-combinations.ts";
import { isProxyTrust, proxyTrust } from "./environment-proxies.ts";

/** Where the API runs for others; `local` is a developer's machine. */
export type DeployedEnvironment = "preview" | "staging" | "production";

/** What people and documents need to know of a variable. */
export interface VariableFacts {
  readonly purpose: string;
  /** Who gives the value. */
  readonly source: "infra" | "release" | "default";
  /** Who answers for it. */
  readonly owner: "platform" | "backend";
  /** Where its source always gives it. Elsewhere, and locally, it has a default or may be missing. */
  readonly givenIn: readonly DeployedEnvironment[];
  /** The value is a secret: it is injected from the secret store when the task starts. Default: false. */
  readonly secret?: true;
}

const everywhere: readonly DeployedEnvironment[] = ["preview", "staging", "production"];
/** Nothing that a third party bills or trusts reaches a preview. */
const notInPreviews: readonly DeployedEnvironment[] = ["staging", "production"];

const byInfra: Omit<VariableFacts, "purpose"> = { source: "infra", owner: "platform", givenIn: everywhere };

/** What the API promises to whatever runs it. Paths are the whole path; durations are in seconds. */
export const contract = {
  port: 3000,
  paths: {
    /** Alive, version, uptime: for uptime monitors. Never touches a database. */
    heartbeat: "/heartbeat",
    /** For the container's health check: the process answers. */
    live: "/health/live",
    /** For the load balancer: 503 only while starting or draining. */
    ready: "/health/ready",
  },
  /** What the image runs instead of the server, to bring the database up to date before a release. */
  migrateCommand: ["node", "src/migrate.ts"],
  /** The collections of its database that the API reads and writes. Migrations keep their own beside them. */
  collections: ["maps"],
  /** After SIGTERM: how long requests are still served while the load balancer notices. */
  drainSeconds: 15,
  /** After SIGTERM: when the platform may kill. Fargate allows 120 at most. */
  stopTimeoutSeconds: 30,
  /** Above the load balancer's idle timeout of 60, or it reuses a connection that is being closed and answers 502. */
  keepAliveSeconds: 65,
} as const;

export const variableFacts = z.registry<VariableFacts>();

const appConfigId = () =>
  z
    .string()
    .regex(/^[a-z0-9]{4,7}$/, "must be an id of AppConfig: 4 to 7 lower-case letters and digits")
    .optional();

/** Every variable that the API reads. */
export const variables = z.object({
  ENVIRONMENT: z
    .enum(["local", "preview", "staging", "production"])
    .default("local")
    .register(variableFacts, {
      purpose: "Names the environment in answers, logs, and metrics.",
      ...byInfra,
    }),
  VERSION: z
    .string()
    .regex(/^[0-9A-Za-z.+-]{1,64}$/, "must be a version such as 1.4.0")
    .default("0.0.0")
    .register(variableFacts, {
      purpose: "The release that runs.",
      source: "release",
      owner: "backend",
      givenIn: everywhere,
    }),
  COMMIT: z
    .string()
    .regex(/^(unknown|[0-9a-f]{7,40})$/, "must be 7 to 40 hexadecimal digits")
    .default("unknown")
    .register(variableFacts, {
      purpose: "The commit that the image was built from.",
      source: "release",
      owner: "backend",
      givenIn: everywhere,
    }),
  HOST: z.string().min(1).default("0.0.0.0").register(variableFacts, {
    purpose: "The address to listen on.",
    source: "default",
    owner: "backend",
    givenIn: [],
  }),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a port number from 0 to 65535")
    .default(contract.port)
    .register(variableFacts, {
      purpose: "The port to listen on; 0 takes a free one.",
      source: "default",
      owner: "backend",
      givenIn: [],
    }),
  TRUST_PROXY: z
    .string()
    .refine(isProxyTrust, "must be how many proxies stand in front, such as 2, or their CIDRs separated by commas")
    .transform(proxyTrust)
    .default(0)
    .register(variableFacts, {
      purpose: "How many proxies in front tell who asks, or their CIDRs; 0 believes no X-Forwarded-For.",
      ...byInfra,
    }),
  MONGODB_URI: z
    .string()
    .regex(
      /^mongodb(\+srv)?:\/\/(?![^/?]*:[^/?@]*@)\S+$/,
      "must be mongodb:// or mongodb+srv://, without a password: the API signs in with its role",
    )
    .default("mongodb://127.0.0.1:27017")
    .register(variableFacts, {
      purpose: "Where the database is, and how to sign in to it.",
      ...byInfra,
    }),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, "must be 1 to 38 letters, digits, hyphens, or underscores, the limit of Atlas")
    .default("groundwork")
    .register(variableFacts, {
      purpose: "The one database of the cluster that the API may use.",
      ...byInfra,
    }),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?:\/\/(?![^/?]*:[^/?@]*@)\S+$/,
      "must be redis:// or rediss://, without a password: the API signs in with its role",
    )
    .default("redis://127.0.0.1:6379")
    .register(variableFacts, {
      purpose: "Where the cache is; rediss:// is TLS.",
      ...byInfra,
    }),
  REDIS_USER_ID: z
    .string()
    .min(1)
    .optional()
    .register(variableFacts, {
      purpose: "Signs in to the cache by IAM as this user; without it the API signs in as nobody.",
      ...byInfra,
    }),
  REDIS_REPLICATION_GROUP_ID: z
    .string()
    .min(1)
    .optional()
    .register(variableFacts, {
      purpose: "The cache's own name, which an IAM token is signed for.",
      ...byInfra,
    }),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[a-z0-9][a-z0-9:-]*:$/, "must be lower-case letters, digits, hyphens, and colons, and end with a colon")
    .default("local:")
    .register(variableFacts, {
      purpose: "Begins every key that the API may touch in the cache.",
      ...byInfra,
    }),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as us-east-1")
    .optional()
    .register(variableFacts, {
      purpose: "The region of the AWS services that the API calls, and of its IAM tokens.",
      ...byInfra,
    }),
  JWT_KEYS_SECRET_ARN: z.string().startsWith("arn:", "must be an ARN").optional().register(variableFacts, {
    purpose: "The secret with the keys of access tokens, read while the API runs, so that they rotate.",
    source: "infra",
    owner: "backend",
    givenIn: everywhere,
  }),
  JWT_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .regex(/^(https:|http:\/\/(127\.0\.0\.1|localhost)[:/])/, "must be https://")
    .optional()
    .register(variableFacts, {
      purpose: "The public keys of access tokens, where another service signs them; in place of JWT_KEYS_SECRET_ARN.",
      source: "default",
      owner: "backend",
      givenIn: [],
    }),
  JWT_KEYS_FILE: z.string().min(1).optional().register(variableFacts, {
    purpose: "For local work: a file with the keys of access tokens, in place of the secret.",
    source: "default",
    owner: "backend",
    givenIn: [],
  }),
  JWT_ISSUER: z
    .string()
    .regex(/^\S{1,256}$/, "must be the `iss` of access tokens")
    .default("groundwork")
    .register(variableFacts, {
      purpose: "Who issues access tokens: their `iss`. Each environment's is its own.",
      source: "infra",
      owner: "backend",
      givenIn: everywhere,
    }),
  JWT_AUDIENCE: z
    .string()
    .regex(/^\S{1,256}$/, "must be the `aud` of access tokens")
    .default("groundwork-api")
    .register(variableFacts, {
      purpose: "Whom access tokens are for: their `aud`. Each environment's is its own.",
      source: "infra",
      owner: "backend",
      givenIn: everywhere,
    }),
  MEDIA_BUCKET: z
    .string()
    .min(3)
    .optional()
    .register(variableFacts, {
      purpose: "The bucket that uploads are signed for; without it there are none.",
      ...byInfra,
    }),
  APPCONFIG_APPLICATION_ID: appConfigId().register(variableFacts, {
    purpose: "The AppConfig application whose configuration the API reloads while it runs.",
    ...byInfra,
  }),
  APPCONFIG_ENVIRONMENT_ID: appConfigId().register(variableFacts, {
    purpose: "The environment of that application.",
    ...byInfra,
  }),
  APPCONFIG_PROFILE_ID: appConfigId().register(variableFacts, {
    purpose: "The configuration profile of that application.",
    ...byInfra,
  }),
  RUNTIME_CONFIG_FILE: z.string().min(1).optional().register(variableFacts, {
    purpose: "For local work: a file with the configuration that the API reloads while it runs, in place of AppConfig.",
    source: "default",
    owner: "backend",
    givenIn: [],
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(variableFacts, {
      purpose: "Where traces and metrics go: the Datadog Agent beside the API. Without it they go nowhere.",
      source: "infra",
      owner: "platform",
      givenIn: notInPreviews,
    }),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be a name of lower-case letters, digits, and hyphens")
    .default("api")
    .register(variableFacts, {
      purpose: "Names the service in traces: the monitors ask for it.",
      source: "infra",
      owner: "platform",
      givenIn: notInPreviews,
    }),
  CORS_ORIGINS: z
    .string()
    .regex(
      /^https?:\/\/(\*\.)?[^\s/,*]+(,https?:\/\/(\*\.)?[^\s/,*]+)*$/,
      "must be origins such as https://www.example.com, separated by commas; *. stands for one label",
    )
    .transform((list) => list.split(","))
    .default(["http://localhost:3000", "http://localhost:5173"])
    .register(variableFacts, {
      purpose: "The pages that may call the API from a browser, separated by commas.",
      ...byInfra,
    }),
  COOKIE_SIGNING_KEY: z.string().min(32, "must have 32 characters or more").optional().register(variableFacts, {
    purpose: "Signs the admin's session cookies.",
    source: "infra",
    owner: "backend",
    givenIn: everywhere,
    secret: true,
  }),
  SENTRY_DSN: z
    .url({ protocol: /^https$/ })
    .optional()
    .register(variableFacts, {
      purpose: "Where errors are sent; without it they are only logged.",
      source: "infra",
      owner: "backend",
      givenIn: notInPreviews,
      secret: true,
    }),
  MAIL_API_KEY: z.string().min(1).optional().register(variableFacts, {
    purpose: "Sends mail to customers; without it mail is only logged.",
    source: "infra",
    owner: "backend",
    givenIn: notInPreviews,
    secret: true,
  }),
});

export type Environment = Readonly<z.output<typeof variables>>;
export type VariableName = keyof Environment;

/** Every variable that is wrong, one per line. */
export class EnvironmentError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "EnvironmentError";
  }
}

/** Which variables stand or fall together. */
const combinations: Combinations<VariableName> = {
  needs: {
    REDIS_USER_ID: ["REDIS_REPLICATION_GROUP_ID", "AWS_REGION"],
    REDIS_REPLICATION_GROUP_ID: ["REDIS_USER_ID"],
    JWT_KEYS_SECRET_ARN: ["AWS_REGION"],
    // The defaults are those of our own keys; another service has its own names.
    JWT_JWKS_URL: ["JWT_ISSUER", "JWT_AUDIENCE"],
    MEDIA_BUCKET: ["AWS_REGION"],
    APPCONFIG_APPLICATION_ID: ["APPCONFIG_ENVIRONMENT_ID", "APPCONFIG_PROFILE_ID", "AWS_REGION"],
    APPCONFIG_ENVIRONMENT_ID: ["APPCONFIG_APPLICATION_ID"],
    APPCONFIG_PROFILE_ID: ["APPCONFIG_APPLICATION_ID"],
  },
  oneOf: [
    ["JWT_KEYS_SECRET_ARN", "JWT_JWKS_URL", "JWT_KEYS_FILE"],
    ["APPCONFIG_APPLICATION_ID", "RUNTIME_CONFIG_FILE"],
  ],
};

const localOnly: readonly VariableName[] = ["JWT_KEYS_FILE", "RUNTIME_CONFIG_FILE"];

const names = Object.keys(variables.shape) as VariableName[];

/** What a migration is given: the database alone. */
export const migrationVariables: readonly VariableName[] = [
  "ENVIRONMENT",
  "AWS_REGION",
  "MONGODB_URI",
  "MONGODB_DATABASE",
];

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Throws an `EnvironmentError` that names every wrong variable. Values are not repeated: they may be secrets.
 * `needed`: the variables that must not be missing where their source always gives them. Default: all.
 */
export function readEnvironment(source: Source, needed: readonly VariableName[] = names): Environment {
  const result = variables.safeParse(source);
  const given = names.filter((name) => source[name] !== undefined);
  const problems = [
    ...(result.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? []),
    ...misspelt(
      Object.keys(source).filter((name) => source[name] !== undefined),
      names,
    ),
    ...combinationProblems(given, combinations),
    ...plainTokenProblems(source),
    ...placeProblems(source, given, needed),
  ];
  if (result.success && problems.length === 0) return Object.freeze(result.data);
  throw new EnvironmentError(problems);
}

const plainTokenProblems = ({ REDIS_USER_ID, REDIS_URL }: Source): string[] =>
  REDIS_USER_ID !== undefined && REDIS_URL?.startsWith("rediss://") !== true
    ? ["REDIS_URL: must be rediss:// with REDIS_USER_ID, whose tokens never travel in plain text"]
    : [];

/** What is missing, or has no place, where the API runs for others. */
function placeProblems(source: Source, given: readonly VariableName[], needed: readonly VariableName[]): string[] {
  const place = everywhere.find((environment) => environment === source["ENVIRONMENT"]);
  if (place === undefined) return [];
  const has = (name: VariableName): boolean => given.includes(name);
  return [
    ...needed
      .filter((name) => variableFacts.get(variables.shape[name])?.givenIn.includes(place) === true && !has(name))
      .filter((name) => name !== "JWT_KEYS_SECRET_ARN" || !has("JWT_JWKS_URL"))
      .map((name) => `${name}: is missing, and has no default in ${place}`),
    ...localOnly.filter(has).map((name) => `${name}: is for local work alone, not for ${place}`),
  ];
}
