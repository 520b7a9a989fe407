import assert from "node:assert/strict";
import { looksRandom, looksSecret, secretReason, soundsSecret } from "./text.ts";

describe("a name that says secret", () => {
  for (const name of [
    "DATABASE_PASSWORD",
    "apiKey",
    "DD-API-KEY",
    "Authorization",
    "cookie",
    "x-amz-security-token",
    "jwtSecret",
    "STRIPE_SECRET_KEY",
    "NEXT_PUBLIC_CLIENT_SECRET",
  ])
    it(`is ${name}`, () => {
      assert.equal(soundsSecret(name), true);
    });

  for (const name of [
    "NEXT_PUBLIC_API_URL",
    "NEXT_PUBLIC_MAPS_API_KEY",
    "STRIPE_PUBLISHABLE_KEY",
    "TOKEN_URL",
    "SECRET_ARN",
    "SESSION_TTL_SECONDS",
    "KEY_PREFIX",
    "cacheKey",
    "tokenizer",
    "",
  ])
    it(`is not ${JSON.stringify(name)}`, () => {
      assert.equal(soundsSecret(name), false);
    });
});

describe("a text that looks secret", () => {
  for (const text of [
    "-----BEGIN EC PRIVATE KEY-----\nabc",
    "mongodb+srv://app:hunter22@db.example.net/shop",
    "Bearer 0123456789abcdef",
    "key AKIAIOSFODNN7EXAMPLE",
    "Basic dXNlcjpwYXNz",
  ])
    it(`is ${text.slice(0, 20)}`, () => {
      assert.equal(looksSecret(text), true);
    });

  for (const text of [
    "https://api.example.com/a@b",
    "Bearer {{ TOKEN }}",
    "https://{{USER}}:{{PASSWORD}}@x.test",
    "on",
  ])
    it(`is not ${text}`, () => {
      assert.equal(looksSecret(text), false);
    });
});

// No real one; joined so that no scanner of repositories stops here.
const RANDOM = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYz9Qk2Lr0"].join("/");
const HEX = "9f86d081884c7d659a2feaa0c55ad015";

describe("a text that looks random", () => {
  for (const text of [RANDOM, HEX, `${RANDOM}==`])
    it(`is ${text.slice(0, 12)}`, () => {
      assert.equal(looksRandom(text), true);
    });

  for (const text of [
    "groundwork-production-cache-data-597c096",
    "enable_operation_and_resource_name_logic_v2",
    "MyVeryLongConfigurationProfileName2",
    "/Volumes/Data1/Application/Configuration",
    "00000000000000000000000000000000",
    "aaaa",
  ])
    it(`is not ${text}`, () => {
      assert.equal(looksRandom(text), false);
    });
});

describe("a variable that holds a secret", () => {
  for (const [name, value, reason] of [
    ["DATABASE_PASSWORD", "hunter22", /name/],
    ["DB_PASS", "hunter22", /name/],
    ["MONGODB_URI", "mongodb+srv://app:hunter22@db.example.net/shop", /form/],
    ["REDIS_URL", "rediss://:hunter22@cache.example.net:6379", /form/],
    ["JDBC_URL", "jdbc:postgresql://db/shop?user=app&password=hunter22", /form/],
    ["AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", /form/],
    ["WEBHOOK", `https://hooks.slack.com/services/${["T000", "B000", "abc"].join("/")}`, /form/],
    ["DATADOG", HEX, /random/],
    ["SALT", RANDOM, /random/],
  ] as const)
    it(`is ${name}`, () => {
      assert.match(secretReason(name, value) ?? "", reason);
    });

  for (const [name, value] of [
    ["JWT_KEYS_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:444455556666:secret:keys-68af647-m3PigN"],
    ["DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:444455556666:secret:keys-68af647-m3PigN"],
    ["MONGODB_URI", "mongodb+srv://db.example.net/?authMechanism=MONGODB-AWS&authSource=%24external"],
    ["REDIS_URL", "rediss://master.cache.example.com:6379"],
    ["REDIS_USER_ID", "groundwork-productio-0b3225-user"],
    ["KMS_KEY_ID", "ab5353a2-d875-4a91-861c-4508c270a185"],
    ["COMMIT_SHA", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["CLOUDFLARE_ZONE_ID", HEX],
    ["TOKENS", ""],
    ["USE_SECRETS", "true"],
    ["TOKEN_MINUTES_LEFT", "15"],
    ["PRIVATE_KEY_FILE", "/run/keys/api.pem"],
    ["APPCONFIG_APPLICATION_ID", "t7hnnov"],
    ["CORS_ORIGINS", "https://www.example.com,https://admin.example.com"],
  ] as const)
    it(`is not ${name} with ${value.slice(0, 20)}`, () => {
      assert.equal(secretReason(name, value), undefined);
    });
});
