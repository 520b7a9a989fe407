import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const rule = "ecs-no-plain-secrets";

const task = (containerDefinitions: Json): Sent => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  props: { family: "api", containerDefinitions, tags },
});
const container = (fields: Record<string, Json>): Sent => task(JSON.stringify([{ name: "api", ...fields }]));
const environment = (variables: Record<string, string>): Sent =>
  container({ environment: Object.entries(variables).map(([name, value]) => ({ name, value })) });

const HARMLESS = {
  MONGODB_URI: "mongodb+srv://data-pl-0.78f91.mongodb.net/?authMechanism=MONGODB-AWS&authSource=%24external",
  REDIS_URL: "rediss://master.cache.jnp4zb.use1.cache.amazonaws.com:6379",
  REDIS_USER_ID: "groundwork-productio-0b3225-user",
  REDIS_REPLICATION_GROUP_ID: "groundwork-production-cache-data-597c096",
  REDIS_KEY_PREFIX: "api:",
  JWT_KEYS_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:444455556666:secret:jwt-signing-keys-68af647-m3PigN",
  KMS_KEY_ID: "ab5353a2-d875-4a91-861c-4508c270a185",
  COMMIT_SHA: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
  DD_APM_FEATURES: "enable_operation_and_resource_name_logic_v2",
};

/** Variable, value, and what gives it away. */
const SECRETS = [
  ["DATABASE_PASSWORD", "hunter22", /its name says that it is a secret/],
  ["DD_API_KEY", "0123456789abcdef0123456789abcdef", /its name says/],
  ["AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", /its value has the form of a secret/],
  ["MONGODB_URI", "mongodb+srv://app:hunter22@data.mongodb.net/shop", /has the form/],
  ["REDIS_URL", "rediss://:hunter22@cache.example.net:6379", /has the form/],
  ["JDBC", "jdbc:postgresql://db/shop?user=app&password=hunter22", /has the form/],
  ["CERTIFICATE", "-----BEGIN RSA PRIVATE KEY-----\nabc", /has the form/],
  ["NOTIFY", `https://hooks.slack.com/services/${["T000", "B000", "abc"].join("/")}`, /has the form/],
  ["CHAT", ["xoxb", "123456789012", "abcdef"].join("-"), /has the form/],
  ["REPOSITORY", `ghp_${"a1B2".repeat(9)}`, /has the form/],
  ["SALT", ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYz9Qk2Lr0"].join("/"), /is as random as a key/],
] as const;

const target = (input?: Json): Sent => ({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  props: { rule: "nightly", arn: "arn:aws:ecs:::cluster/c", ...(input === undefined ? {} : { input }) },
});
const schedule = (input: Json): Sent => ({ type: "aws:scheduler/schedule:Schedule", props: { target: { input } } });
const overridden = (name: string, value: string): string =>
  JSON.stringify({ containerOverrides: [{ name: "api", environment: [{ name, value }] }] });

export const cases: readonly Case[] = [
  { rule, when: "variables hold no secret", given: environment(HARMLESS), result: "passes" },
  {
    rule,
    when: "a nightly task is given one",
    given: target(overridden("API_KEY", "abcdefgh")),
    result: [/input: the variable API_KEY is in plain text/],
  },
  { rule, when: "a nightly task is given a level", given: target(overridden("LEVEL", "info")), result: "passes" },
  { rule, when: "a nightly event has no input", given: target(), result: "passes" },
  { rule, when: "a nightly event's input is no JSON", given: target("ping"), result: "passes" },
  { rule, when: "a nightly event's input is unknown", given: target(UNKNOWN), result: "waits" },
  {
    rule,
    when: "a scheduled task is given one",
    given: schedule(overridden("API_KEY", "abcdefgh")),
    result: [/target\.input: the variable API_KEY/],
  },
  { rule, when: "a schedule has no input", given: schedule({}), result: "passes" },
  {
    rule,
    when: "a schedule says nothing",
    given: { type: "aws:scheduler/schedule:Schedule", props: { target: {} } },
    result: "passes",
  },
  { rule, when: "there are no variables", given: container({}), result: "passes" },
  {
    rule,
    when: "secrets come by reference",
    given: container({ secrets: [{ name: "DD_API_KEY", valueFrom: HARMLESS.JWT_KEYS_SECRET_ARN }] }),
    result: "passes",
  },
  { rule, when: "the containers are unknown", given: task(UNKNOWN), result: "waits" },
  ...SECRETS.map(([name, value, why]): Case => ({
    rule,
    when: `${name} holds one (${why.source})`,
    given: environment({ NODE_ENV: "production", [name]: value }),
    result: [
      new RegExp(
        `containerDefinitions\\[0\\]\\.environment\\[1\\]\\.value: in container "api" the variable ${name} is in plain text, and .*${why.source}.*Fix: keep it in Secrets Manager`,
      ),
    ],
  })),
  {
    rule,
    when: "fields are written with capitals",
    given: task(JSON.stringify([{ Name: "api", Environment: [{ Name: "API_KEY", Value: "abcdefgh" }] }])),
    result: [/the variable API_KEY is in plain text/],
  },
  {
    rule,
    when: "a command holds a URL with a password",
    given: container({ command: ["migrate", "postgres://app:hunter22@db/shop"] }),
    result: [/containerDefinitions\[0\]\.command\[1\]: in container "api" an argument has the form of a secret/],
  },
  {
    rule,
    when: "a health check holds a token",
    given: container({ healthCheck: { command: ["CMD-SHELL", `curl -H "X: ghp_${"a1B2".repeat(9)}"`] } }),
    result: [/healthCheck\.command\[1\]/],
  },
  {
    rule,
    when: "an entry point holds a key",
    given: container({ entryPoint: ["run", "--key=AKIAIOSFODNN7EXAMPLE"] }),
    result: [/entryPoint\[1\]/],
  },
  {
    rule,
    when: "a label holds a key",
    given: container({ dockerLabels: { owner: "platform", key: "AKIAIOSFODNN7EXAMPLE" } }),
    result: [/dockerLabels\.key: in container "api" a label/],
  },
  {
    rule,
    when: "an option of the log holds a token",
    given: container({ logConfiguration: { logDriver: "splunk", options: { "splunk-token": "abcdefgh" } } }),
    result: [/logConfiguration\.options\.splunk-token: .*Fix: keep it in Secrets Manager, .*secretOptions/],
  },
  {
    rule,
    when: "an option of the log comes by reference",
    given: container({
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/api" },
        secretOptions: [{ name: "apikey", valueFrom: HARMLESS.JWT_KEYS_SECRET_ARN }],
      },
    }),
    result: "passes",
  },
];
