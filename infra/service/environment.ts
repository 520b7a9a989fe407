import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { variables } from "../../api/src/environment.ts";
import { agentOtlpEndpoint } from "./datadog-agent.ts";
import type { EnvironmentName } from "../settings/stacks.ts";

type Variable = keyof z.infer<typeof variables>;
type Values<V extends Variable> = Readonly<Partial<Record<V, pulumi.Input<string>>>>;

/** In the words of VERSION and COMMIT. */
export interface Release {
  readonly version: pulumi.Input<string>;
  readonly commit: pulumi.Input<string>;
}

/**
 * Cloudflare and the load balancer, each of which adds to X-Forwarded-For whom it was asked by. A number and no ranges:
 * nobody else gets past the load balancer, so there are always two, while clients too come from Cloudflare's ranges
 * (WARP, Workers) and could then name any address as theirs. The same for previews, which stand behind both.
 */
const proxiesInFront = 2;

/** What the stack knows and the API needs. What is plain decides which variables there are. */
export interface WorkloadFacts {
  readonly environment: EnvironmentName;
  readonly region: pulumi.Input<string>;
  /** What runs, as the release calls it. */
  readonly release: Release;
  /** Where the API is found, without a scheme: `api.example.com`. No two environments share it. */
  readonly host: pulumi.Input<string>;
  /** `connectionString` names the cluster alone: `mongodb+srv://HOST`. */
  readonly database: { readonly connectionString: pulumi.Input<string>; readonly name: pulumi.Input<string> };
  readonly cache: {
    readonly host: pulumi.Input<string>;
    readonly port: pulumi.Input<number>;
    readonly replicationGroupId: pulumi.Input<string>;
    readonly userId: pulumi.Input<string>;
    /** Ends with a colon. */
    readonly keyPrefix: pulumi.Input<string>;
  };
  readonly mediaBucket: pulumi.Input<string>;
  readonly runtimeConfig: {
    readonly applicationId: pulumi.Input<string>;
    readonly environmentId: pulumi.Input<string>;
    readonly profileId: pulumi.Input<string>;
  };
  /** Whether the Datadog Agent runs beside the API. */
  readonly datadogAgent: boolean;
  /** `https://www.example.com` */
  readonly corsOrigins: readonly pulumi.Input<string>[];
  /** ARNs. Previews have no secret of a third party. */
  readonly secrets: {
    readonly jwtKeys: pulumi.Input<string>;
    readonly cookieSigningKey: pulumi.Input<string>;
    readonly sentryDsn?: pulumi.Input<string>;
    readonly mailApiKey?: pulumi.Input<string>;
  };
}

export interface WorkloadEnvironment {
  /** Variable to value. */
  readonly environment: Record<string, pulumi.Input<string>>;
  /** Variable to the ARN of the secret that is injected. */
  readonly secrets: Record<string, pulumi.Input<string>>;
  /** What a migration needs of the above: the database alone. */
  readonly migrationEnvironment: Record<string, pulumi.Input<string>>;
}

/** The variables that the API is given here: those whose source is `infra` or `release`, under the names that it reads. */
export function workloadEnvironment(facts: WorkloadFacts): WorkloadEnvironment {
  const { cache, database, release, runtimeConfig, secrets } = facts;
  // Every environment's tokens are its own: those of another are refused, even if keys were shared by mistake.
  const tokens = pulumi.interpolate`https://${facts.host}`;
  const common: Values<Variable> = {
    ENVIRONMENT: facts.environment,
    AWS_REGION: facts.region,
    MONGODB_URI: signedInByRole(database.connectionString),
    MONGODB_DATABASE: database.name,
  };
  return {
    environment: given({
      ...common,
      VERSION: release.version,
      COMMIT: release.commit,
      TRUST_PROXY: String(proxiesInFront),
      REDIS_URL: pulumi.interpolate`rediss://${cache.host}:${cache.port}`,
      REDIS_USER_ID: cache.userId,
      REDIS_REPLICATION_GROUP_ID: cache.replicationGroupId,
      REDIS_KEY_PREFIX: cache.keyPrefix,
      JWT_KEYS_SECRET_ARN: secrets.jwtKeys,
      JWT_ISSUER: tokens,
      JWT_AUDIENCE: tokens,
      MEDIA_BUCKET: facts.mediaBucket,
      APPCONFIG_APPLICATION_ID: runtimeConfig.applicationId,
      APPCONFIG_ENVIRONMENT_ID: runtimeConfig.environmentId,
      APPCONFIG_PROFILE_ID: runtimeConfig.profileId,
      OTEL_EXPORTER_OTLP_ENDPOINT: facts.datadogAgent ? agentOtlpEndpoint : undefined,
      OTEL_SERVICE_NAME: facts.datadogAgent ? "api" : undefined,
      CORS_ORIGINS: pulumi.all([...facts.corsOrigins]).apply((origins) => origins.join(",")),
    }),
    secrets: given({
      COOKIE_SIGNING_KEY: secrets.cookieSigningKey,
      SENTRY_DSN: secrets.sentryDsn,
      MAIL_API_KEY: secrets.mailApiKey,
    }),
    migrationEnvironment: given(common),
  };
}

/** Without what is not given here. The parameter's type keeps the names to those that the API reads. */
function given(values: { readonly [V in Variable]?: pulumi.Input<string> | undefined }) {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, pulumi.Input<string>] => entry[1] !== undefined),
  );
}

/** No password: the driver signs in with the task's role, which Atlas knows by its ARN. Writes wait for a majority. */
function signedInByRole(connectionString: pulumi.Input<string>): pulumi.Output<string> {
  const options = "authMechanism=MONGODB-AWS&authSource=%24external&retryWrites=true&w=majority";
  return pulumi.interpolate`${connectionString}/?${options}`;
}
