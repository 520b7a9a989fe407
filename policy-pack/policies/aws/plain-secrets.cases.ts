import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const build = (...environmentVariables: Json[]): Sent => ({
  type: "aws:codebuild/project:Project",
  props: { environment: { computeType: "BUILD_GENERAL1_SMALL", environmentVariables } },
});
const app = (environmentVariables: Json): Sent => ({ type: "aws:amplify/app:App", props: { environmentVariables } });
const runner = (runtimeEnvironmentVariables: Json): Sent => ({
  type: "aws:apprunner/service:Service",
  props: { sourceConfiguration: { imageRepository: { imageConfiguration: { runtimeEnvironmentVariables } } } },
});
const job = (containerProperties: Json): Sent => ({
  type: "aws:batch/jobDefinition:JobDefinition",
  props: { containerProperties },
});
const password = (more: Record<string, Json> = {}): Json => ({ name: "DB_PASSWORD", value: "hunter2hunter2", ...more });

export const cases: readonly Case[] = casesOf("services-no-plain-secrets", [
  [
    "a build has a password",
    build(password()),
    [/environmentVariables\[0\]\.value: the variable DB_PASSWORD is in plain/],
  ],
  [
    "a build has one said to be plain",
    build(password({ type: "PLAINTEXT" })),
    [/\[0\]\.value: the variable DB_PASSWORD/],
  ],
  ["a build names a secret", build(password({ type: "SECRETS_MANAGER", value: "orders:password" })), "passes"],
  ["a build has a setting", build({ name: "NODE_ENV", value: "test" }), "passes"],
  ["a build has no variables", { type: "aws:codebuild/project:Project", props: {} }, "passes"],
  ["a build's variable is unknown", build(UNKNOWN), "waits"],
  ["a build's value is unknown", build(password({ value: UNKNOWN })), "waits"],
  [
    "an app has a password",
    app({ DB_PASSWORD: "hunter2hunter2" }),
    [/environmentVariables\.DB_PASSWORD: the variable/],
  ],
  ["an app has a setting", app({ NODE_ENV: "test" }), "passes"],
  ["an app has none", { type: "aws:amplify/app:App", props: {} }, "passes"],
  ["an app's variables are unknown", app(UNKNOWN), "waits"],
  [
    "a service has a token",
    runner({ API_TOKEN: "hunter2hunter2" }),
    [/runtimeEnvironmentVariables\.API_TOKEN: the var/],
  ],
  ["a service has none", runner({}), "passes"],
  [
    "a job has a password",
    job(JSON.stringify({ image: "api", environment: [password()] })),
    [/containerProperties: the variable DB_PASSWORD is in plain text/],
  ],
  ["a job has none", job(JSON.stringify({ image: "api" })), "passes"],
  ["a job is of several nodes", { type: "aws:batch/jobDefinition:JobDefinition", props: {} }, "passes"],
  ["a job is unknown", job(UNKNOWN), "waits"],
]);
