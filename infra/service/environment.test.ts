import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthenticate } from "../../api/src/auth/authenticate.ts";
import { firstKeySet, keyBytes } from "../../api/src/auth/key-set.ts";
import { issueToken } from "../../api/src/auth/token.ts";
import { readEnvironment, variableFacts, variables, type DeployedEnvironment } from "../../api/src/environment.ts";
import { valueOf } from "../capture.ts";
import { hostOf, previewHostOf } from "../settings/apps.ts";
import { workloadEnvironment, type WorkloadFacts } from "./environment.ts";

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;

const facts: WorkloadFacts = {
  environment: "production",
  region: "us-east-1",
  release: { version: "1.4.0", commit: "0123abc" },
  host: hostOf("api", "example.com"),
  database: { connectionString: "mongodb+srv://cluster-pl-0.abcde.mongodb.net", name: "groundwork" },
  cache: {
    host: "master.cache.abcde.use1.cache.amazonaws.com",
    port: 6379,
    replicationGroupId: "groundwork-production-cache",
    userId: "groundwork-production-api",
    keyPrefix: "production:",
  },
  mediaBucket: "groundwork-production-media-objects-0a1b2c3",
  runtimeConfig: { applicationId: "abc1234", environmentId: "def5678", profileId: "ghi9012" },
  datadogAgent: true,
  corsOrigins: ["https://www.example.com", "https://admin.example.com"],
  secrets: {
    jwtKeys: secretArn("jwt-keys"),
    cookieSigningKey: secretArn("cookie-signing-key"),
    sentryDsn: secretArn("sentry-dsn"),
    mailApiKey: secretArn("mail-api-key"),
  },
};
const ofStaging: WorkloadFacts = { ...facts, environment: "staging", host: hostOf("api", "example.org") };
const ofPreview: WorkloadFacts = {
  ...facts,
  environment: "preview",
  release: { version: "0.0.0", commit: "unknown" },
  host: previewHostOf("fix-login", "example.org"),
  datadogAgent: false,
  secrets: { jwtKeys: facts.secrets.jwtKeys, cookieSigningKey: facts.secrets.cookieSigningKey },
};

/** The variables that the stack always gives in the environment: its own, and what a release wrote into its config. */
const given = (environment: DeployedEnvironment, secret: boolean) =>
  Object.entries(variables.shape)
    .filter(([, schema]) => {
      const known = variableFacts.get(schema);
      return (
        known !== undefined &&
        known.source !== "default" &&
        known.givenIn.includes(environment) &&
        (known.secret === true) === secret
      );
    })
    .map(([name]) => name)
    .sort();

const silent = () => undefined;

const names = (record: object) => Object.keys(record).sort();

describe("the API's environment as the stack gives it", () => {
  for (const [environment, known] of [
    ["production", facts],
    ["staging", ofStaging],
    ["preview", ofPreview],
  ] as const) {
    it(`in ${environment} is exactly the variables whose source is infra or a release`, () => {
      const built = workloadEnvironment(known);
      assert.deepEqual(names(built.environment), given(environment, false));
      assert.deepEqual(names(built.secrets), given(environment, true));
    });
  }

  it("is what the API takes", async () => {
    const values = await valueOf(pulumi.output(workloadEnvironment(facts).environment));
    const injected = {
      COOKIE_SIGNING_KEY: "k".repeat(32),
      SENTRY_DSN: "https://key@sentry.example.net/1",
      MAIL_API_KEY: "key",
    };
    const read = readEnvironment({ ...values, ...injected });
    assert.equal(
      read.MONGODB_URI,
      "mongodb+srv://cluster-pl-0.abcde.mongodb.net/?authMechanism=MONGODB-AWS&authSource=%24external&retryWrites=true&w=majority",
    );
    assert.equal(read.REDIS_URL, "rediss://master.cache.abcde.use1.cache.amazonaws.com:6379");
    assert.deepEqual(read.CORS_ORIGINS, facts.corsOrigins);
    assert.equal(read.OTEL_EXPORTER_OTLP_ENDPOINT, "http://127.0.0.1:4318");
    assert.deepEqual([read.VERSION, read.COMMIT], ["1.4.0", "0123abc"]);
    assert.equal(read.TRUST_PROXY, 2);
    assert.equal(read.JWT_ISSUER, "https://api.example.com");
  });

  it("names secrets by ARN alone", async () => {
    const secrets = await valueOf(pulumi.output(workloadEnvironment(facts).secrets));
    for (const arn of Object.values(secrets)) assert.match(arn, /^arn:aws:secretsmanager:/);
  });

  it("gives a migration the database and nothing else", async () => {
    const { environment, migrationEnvironment } = workloadEnvironment(facts);
    assert.deepEqual(names(migrationEnvironment), ["AWS_REGION", "ENVIRONMENT", "MONGODB_DATABASE", "MONGODB_URI"]);
    const [ofApi, ofMigration] = await valueOf(
      pulumi.all([pulumi.output(environment), pulumi.output(migrationEnvironment)]),
    );
    for (const [name, value] of Object.entries(ofMigration)) assert.equal(value, ofApi[name]);
  });

  it("makes a token of one environment worthless in every other, even with the same keys", async () => {
    const folder = mkdtempSync(join(tmpdir(), "keys-"));
    const keys = firstKeySet(randomBytes(2 * keyBytes));
    const file = join(folder, "keys.json");
    writeFileSync(file, JSON.stringify(keys));
    const places = await Promise.all(
      [facts, ofStaging, ofPreview].map(async (known) => {
        const values = await valueOf(pulumi.output(workloadEnvironment(known).environment));
        const environment = readEnvironment({
          JWT_ISSUER: values["JWT_ISSUER"],
          JWT_AUDIENCE: values["JWT_AUDIENCE"],
          JWT_KEYS_FILE: file,
        });
        const authenticate = createAuthenticate({ environment, log: { debug: silent, info: silent, warn: silent } });
        await authenticate.warm();
        return { environment, authenticate };
      }),
    );
    try {
      for (const from of places) {
        const token = await issueToken(keys, from.environment, { userId: "user-1" });
        for (const to of places) {
          const asked = to.authenticate(`Bearer ${token}`);
          if (to === from) assert.equal((await asked).userId, "user-1");
          else await assert.rejects(asked, { kind: "unauthenticated" });
        }
      }
    } finally {
      for (const { authenticate } of places) authenticate.close();
      rmSync(folder, { recursive: true });
    }
  });
});
