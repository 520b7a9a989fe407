import assert from "node:assert/strict";
import {
  contract,
  EnvironmentError,
  migrationVariables,
  readEnvironment,
  variableFacts,
  variables,
} from "./environment.ts";

/** What compose.yaml starts, and the pages of a developer's machine. */
const localServices = {
  MONGODB_URI: "mongodb://127.0.0.1:27017",
  OTEL_SERVICE_NAME: "api",
  MONGODB_DATABASE: "groundwork",
  REDIS_URL: "redis://127.0.0.1:6379",
  REDIS_KEY_PREFIX: "local:",
  TRUST_PROXY: 0,
  JWT_ISSUER: "groundwork",
  JWT_AUDIENCE: "groundwork-api",
  CORS_ORIGINS: ["http://localhost:3000", "http://localhost:5173"],
};

function problemsOf(source: Readonly<Record<string, string>>): string[] {
  try {
    readEnvironment(source);
    return [];
  } catch (error) {
    assert.ok(error instanceof EnvironmentError);
    assert.ok(!error.message.includes("secret:") && !/: secret$/m.test(error.message));
    return error.message.split("\n");
  }
}

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
    const environment = readEnvironment(
      { ENVIRONMENT: "staging", VERSION: "1.4.0", COMMIT: commit, PORT: "8080", HOME: "/" },
      [],
    );
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
    ["JWT_JWKS_URL", "http://issuer.example.net/keys"],
    ["JWT_ISSUER", "two words"],
    ["JWT_KEYS_FILE", ""],
    ["TRUST_PROXY", "true"],
    ["TRUST_PROXY", "0.0.0.0/0"],
    ["TRUST_PROXY", "::/0"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["TRUST_PROXY", "10.0.0.0/8,"],
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

  for (const [text, trusted] of [
    ["2", 2],
    ["10.0.0.0/8,192.0.2.1,2001:db8::/32", ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]],
  ] as const) {
    it(`takes ${text} for the proxies in front`, () => {
      assert.deepEqual(readEnvironment({ TRUST_PROXY: text }).TRUST_PROXY, trusted);
    });
  }

  for (const [wrong, nearest] of [
    ["MONGODB_URL", "MONGODB_URI"],
    ["REDIS_PREFIX", "REDIS_KEY_PREFIX"],
    ["JWT_ISUER", "JWT_ISSUER"],
    ["APPCONFIG_APLICATION", "APPCONFIG_APPLICATION_ID"],
    ["OTEL_SERVICE_NAMES", "OTEL_SERVICE_NAME"],
    ["AWS_REGOIN", "AWS_REGION"],
    ["ENVIROMENT", "ENVIRONMENT"],
  ] as const) {
    it(`refuses ${wrong}, and names ${nearest}`, () => {
      assert.deepEqual(problemsOf({ [wrong]: "secret" }), [
        `${wrong}: is no variable of the API; the nearest is ${nearest}`,
      ]);
    });
  }

  it("leaves alone what belongs to others", () => {
    const others = ["AWS_EXECUTION_ENV", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "OTEL_EXPORTER_OTLP_HEADERS", "PATH"];
    const more = ["SENTRY_RELEASE", "HOSTNAME", "NODE_ENV", "POST", "npm_config_cache"];
    readEnvironment({ ...Object.fromEntries([...others, ...more].map((name) => [name, "x"])), JWT_ISUER: undefined });
  });

  for (const [source, problems] of [
    [{ REDIS_USER_ID: "api", REDIS_URL: "rediss://cache.example.net" }, ["REDIS_USER_ID"]],
    [{ REDIS_USER_ID: "api", REDIS_REPLICATION_GROUP_ID: "cache", AWS_REGION: "us-east-1" }, ["REDIS_URL"]],
    [{ APPCONFIG_PROFILE_ID: "abc1234" }, ["APPCONFIG_PROFILE_ID"]],
    [{ JWT_JWKS_URL: "https://issuer.example.net/keys" }, ["JWT_JWKS_URL"]],
    [
      { JWT_KEYS_FILE: "a", JWT_KEYS_SECRET_ARN: "arn:aws:secretsmanager:x", AWS_REGION: "us-east-1" },
      ["JWT_KEYS_FILE"],
    ],
    [
      { RUNTIME_CONFIG_FILE: "a", APPCONFIG_APPLICATION_ID: "abc1234" },
      ["APPCONFIG_APPLICATION_ID", "RUNTIME_CONFIG_FILE"],
    ],
  ] as const) {
    it(`refuses ${Object.keys(source).join(" with ")}, and names ${problems.join(" and ")}`, () => {
      assert.deepEqual(
        problemsOf(source).map((line) => line.split(":")[0]),
        problems,
      );
    });
  }

  describe("where it runs for others", () => {
    const given = {
      ENVIRONMENT: "production",
      VERSION: "1.4.0",
      COMMIT: "0123abc",
      TRUST_PROXY: "2",
      MONGODB_URI: "mongodb+srv://cluster.example.net",
      MONGODB_DATABASE: "groundwork",
      REDIS_URL: "rediss://cache.example.net:6379",
      REDIS_USER_ID: "api",
      REDIS_REPLICATION_GROUP_ID: "cache",
      REDIS_KEY_PREFIX: "production:",
      AWS_REGION: "us-east-1",
      JWT_KEYS_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:jwt-keys",
      JWT_ISSUER: "https://api.example.com",
      JWT_AUDIENCE: "https://api.example.com",
      MEDIA_BUCKET: "media",
      APPCONFIG_APPLICATION_ID: "abc1234",
      APPCONFIG_ENVIRONMENT_ID: "abc1234",
      APPCONFIG_PROFILE_ID: "abc1234",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_SERVICE_NAME: "api",
      CORS_ORIGINS: "https://www.example.com",
      COOKIE_SIGNING_KEY: "k".repeat(32),
      SENTRY_DSN: "https://key@sentry.example.net/1",
      MAIL_API_KEY: "key",
    };

    it("needs each variable that its source always gives there", () => {
      readEnvironment(given);
      const needed = Object.entries(variables.shape)
        .filter(([, schema]) => variableFacts.get(schema)?.givenIn.includes("production"))
        .map(([name]) => name);
      const missing = problemsOf({ ENVIRONMENT: "production" });
      for (const name of needed.filter((name) => name !== "ENVIRONMENT"))
        assert.ok(missing.includes(`${name}: is missing, and has no default in production`), name);
    });

    it("needs less in a preview, which no third party knows", () => {
      const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME, SENTRY_DSN, MAIL_API_KEY, ...rest } = given;
      readEnvironment({ ...rest, ENVIRONMENT: "preview" });
    });

    it("takes public keys in place of the secret, and no file", () => {
      const { JWT_KEYS_SECRET_ARN, ...rest } = given;
      const keys = { JWT_JWKS_URL: "https://issuer.example.net/keys", JWT_ISSUER: "i", JWT_AUDIENCE: "a" };
      assert.equal(readEnvironment({ ...rest, ...keys }).JWT_KEYS_SECRET_ARN, undefined);
      assert.deepEqual(problemsOf({ ...rest, JWT_KEYS_FILE: "keys.json" }), [
        "JWT_KEYS_SECRET_ARN: is missing, and has no default in production",
        "JWT_KEYS_FILE: is for local work alone, not for production",
      ]);
    });

    it("needs the database alone for a migration", () => {
      const { ENVIRONMENT, AWS_REGION, MONGODB_URI, MONGODB_DATABASE } = given;
      readEnvironment({ ENVIRONMENT, AWS_REGION, MONGODB_URI, MONGODB_DATABASE }, migrationVariables);
      assert.throws(() => readEnvironment({ ENVIRONMENT, MONGODB_URI }, migrationVariables), /AWS_REGION: is missing/);
    });
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
