import assert from "node:assert/strict";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretsService } from "./service.ts";

/** A client that notes what is sent, and gives the answers in turn. */
function clientOf(...answers: readonly unknown[]) {
  const calls: { command: string; input: unknown }[] = [];
  const send = (command: { readonly input: unknown }) => {
    calls.push({ command: command.constructor.name, input: command.input });
    return Promise.resolve(answers[calls.length - 1]);
  };
  return { calls, client: { send: send as SecretsManagerClient["send"] } };
}

describe("Secrets Manager for npm run secrets", () => {
  it("lists page by page what begins with a text, and knows a value by its label", async () => {
    const changed = new Date(0);
    const { calls, client } = clientOf(
      {
        SecretList: [
          { Name: "a", ARN: "arn:a", SecretVersionsToStages: { v1: ["AWSCURRENT"] }, LastChangedDate: changed },
        ],
        NextToken: "2",
      },
      {
        SecretList: [
          { Name: "b", ARN: "arn:b", RotationEnabled: true, SecretVersionsToStages: { v1: ["AWSPENDING"] } },
          { Name: "c" },
        ],
      },
    );
    assert.deepEqual(await secretsService(client).list("groundwork-staging-secrets/"), [
      { name: "a", arn: "arn:a", hasValue: true, rotates: false, changed },
      { name: "b", arn: "arn:b", hasValue: false, rotates: true, changed: undefined },
    ]);
    const Filters = [{ Key: "name", Values: ["groundwork-staging-secrets/"] }];
    assert.deepEqual(calls, [
      { command: "ListSecretsCommand", input: { Filters } },
      { command: "ListSecretsCommand", input: { Filters, NextToken: "2" } },
    ]);
  });

  it("puts a value, and reads none", async () => {
    const { calls, client } = clientOf({});
    await secretsService(client).put("arn:a", "value");
    assert.deepEqual(calls, [
      { command: "PutSecretValueCommand", input: { SecretId: "arn:a", SecretString: "value" } },
    ]);
  });

  it("begins a rotation at once", async () => {
    const { calls, client } = clientOf({});
    await secretsService(client).rotate("arn:a");
    assert.deepEqual(calls, [
      { command: "RotateSecretCommand", input: { SecretId: "arn:a", RotateImmediately: true } },
    ]);
  });
});
