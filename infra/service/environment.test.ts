import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readEnvironment, variableFacts, variables, type DeployedEnvironment } from "../../api/src/environment.ts";
import { valueOf } from "../capture.ts";
import { workloadEnvironment, type WorkloadFacts } from "./environment.ts";

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;

const facts: WorkloadFacts = {
  environment: "production",
  region: "us-east-1",
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
const ofPreview: WorkloadFacts = {
  ...facts,
  environment: "preview",
  datadogAgent: false,
  secrets: { jwtKeys: facts.secrets.jwtKeys, cookieSigningKey: facts.secrets.cookieSigningKey },
};

/** The variables of which infra says that they are given in the environment. */
const given = (environment: DeployedEnvironment, secret: boolean) =>
  Object.entries(variables.shape)
    .filter(([, schema]) => {
      const known = variableFacts.get(schema);
      return known?.source === "infra" && known.givenIn.includes(environment) && (known.secret === true) === secret;
    })
    .map(([name]) => name)
    .sort();

const names = (record: object) => Object.keys(record).sort();

describe("the API's environment as the stack gives it", () => {
  for (const [environment, known] of [
    ["production", facts],
    ["staging", { ...facts, environment: "staging" }],
    ["preview", ofPreview],
  ] as const) {
    it(`in ${environment} is exactly the variables whose source is infra`, () => {
      const built = workloadEnvironment(known);
      assert.deepEqual(names(built.environment), given(environment, false));
      assert.deepEqual(names(built.secrets), given(environment, true));
    });
  }

  it("is what the API takes", async () => {
    const values = await valueOf(pulumi.output(workloadEnvironment(facts).environment));
    const read = readEnvironment(values);
    assert.equal(
      read.MONGODB_URI,
      "mongodb+srv://cluster-pl-0.abcde.mongodb.net/?authMechanism=MONGODB-AWS&authSource=%24external&retryWrites=true&w=majority",
    );
    assert.equal(read.REDIS_URL, "rediss://master.cache.abcde.use1.cache.amazonaws.com:6379");
    assert.deepEqual(read.CORS_ORIGINS, facts.corsOrigins);
    assert.equal(read.OTEL_EXPORTER_OTLP_ENDPOINT, "http://127.0.0.1:4318");
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
});
