import assert from "node:assert/strict";
import { contract, EnvironmentError, readEnvironment, variableFacts, variables } from "./environment.ts";

/** What compose.yaml starts, and the pages of a developer's machine. */
const localServices = {
  MONGODB_URI: "mongodb://127.0.0.1:27017",
  OTEL_SERVICE_NAME: "api",
  MONGODB_DATABASE: "groundwork",
  REDIS_URL: "redis://127.0.0.1:6379",
  REDIS_KEY_PREFIX: "local:",
  CORS_ORIGINS: ["http://localhost:3000", "http://localhost:5173"],
};

describe("the API's environment", () => {
  it("has a default for local work in every variable", () => {
    assert.deepEqual(readEnvironment({}), {
      ENVIRONMENT: "local",
      VERSION: "0.0.0",
      COMMIT: "unknown",
      HOST: "0.0.0.0",
      PORT: contract.port,
      ...localServices,
    });
  });

  it("is what the process was given, and cannot be changed", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const environment = readEnvironment({
      ENVIRONMENT: "staging",
      VERSION: "1.4.0",
      COMMIT: commit,
      PORT: "8080",
      HOME: "/",
    });
    assert.deepEqual(
      { ...environment },
      { ENVIRONMENT: "staging", VERSION: "1.4.0", COMMIT: commit, HOST: "0.0.0.0", PORT: 8080, ...localServices },
    );
    assert.ok(Object.isFrozen(environment));
  });

  for (const [variable, value] of [
    ["ENVIRONMENT", "prod"],
    ["VERSION", ""],
    ["VERSION", "1 2"],
    ["COMMIT", "xyz"],
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["HOST", ""],
    ["MONGODB_URI", "postgres://localhost"],
    ["MONGODB_URI", "mongodb+srv://api:hunter2@cluster.example.net"],
    ["MONGODB_DATABASE", "a.b"],
    ["REDIS_URL", "rediss://:hunter2@cache.example.net:6379"],
    ["REDIS_KEY_PREFIX", "staging"],
    ["AWS_REGION", "virginia"],
    ["JWT_KEYS_SECRET_ARN", "jwt-keys"],
    ["APPCONFIG_APPLICATION_ID", "ABC"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
    ["CORS_ORIGINS", "*"],
    ["CORS_ORIGINS", "https://www.example.com/path"],
    ["COOKIE_SIGNING_KEY", "short"],
    ["SENTRY_DSN", "http://sentry.example.net/1"],
  ] as const) {
    it(`refuses ${variable}=${JSON.stringify(value)}, and names the variable but not the value`, () => {
      assert.throws(
        () => readEnvironment({ [variable]: value }),
        (error) => error instanceof EnvironmentError && error.message.startsWith(`${variable}: `),
      );
    });
  }

  it("takes addresses that name a user or a role, but no password", () => {
    const uri = "mongodb+srv://cluster-pl-0.abcde.mongodb.net/?authMechanism=MONGODB-AWS&authSource=%24external";
    const url = "rediss://master.cache.abcde.use1.cache.amazonaws.com:6379";
    const environment = readEnvironment({
      MONGODB_URI: uri,
      REDIS_URL: url,
      CORS_ORIGINS: "https://a.example,https://b.example",
    });
    assert.equal(environment.MONGODB_URI, uri);
    assert.equal(environment.REDIS_URL, url);
    assert.deepEqual(environment.CORS_ORIGINS, ["https://a.example", "https://b.example"]);
  });

  it("reports every wrong variable at once", () => {
    assert.throws(
      () => readEnvironment({ PORT: "x", COMMIT: "y" }),
      (error) => error instanceof EnvironmentError && error.message.split("\n").length === 2,
    );
  });

  it("says of every variable what it is for, where it is from, and who answers for it", () => {
    for (const [name, schema] of Object.entries(variables.shape)) {
      assert.ok(variableFacts.get(schema)?.purpose.endsWith("."), name);
    }
  });

  it("gives no default to a secret", () => {
    const secrets = Object.entries(variables.shape).filter(([, schema]) => variableFacts.get(schema)?.secret === true);
    assert.deepEqual(
      secrets.map(([name]) => name),
      ["COOKIE_SIGNING_KEY", "SENTRY_DSN", "MAIL_API_KEY"],
    );
    for (const [name] of secrets) assert.ok(!(name in readEnvironment({})), name);
  });
});

describe("the API's contract", () => {
  it("leaves time to close between draining and the kill, within Fargate's 120 seconds", () => {
    const { drainSeconds, stopTimeoutSeconds }: Readonly<Record<"drainSeconds" | "stopTimeoutSeconds", number>> =
      contract;
    assert.ok(drainSeconds < stopTimeoutSeconds && stopTimeoutSeconds <= 120);
  });

  it("has a path of its own for each check", () => {
    assert.deepEqual(Object.values(contract.paths), ["/heartbeat", "/health/live", "/health/ready"]);
  });
});
