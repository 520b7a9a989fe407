import assert from "node:assert/strict";
import { ResourceNotFoundException, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretStore } from "./secret-store.ts";

interface Call {
  readonly command: string;
  readonly input: unknown;
}

/** A client that notes what is sent and gives one answer. */
function clientOf(answer: () => unknown): { calls: Call[]; client: Pick<SecretsManagerClient, "send"> } {
  const calls: Call[] = [];
  const send = (command: { readonly input: unknown }) => {
    calls.push({ command: command.constructor.name, input: command.input });
    return Promise.resolve().then(answer);
  };
  return { calls, client: { send: send as SecretsManagerClient["send"] } };
}

const SecretId = "arn:aws:secretsmanager:us-east-1:111122223333:secret:s";

describe("the secret in Secrets Manager", () => {
  it("has versions with staging labels", async () => {
    const { calls, client } = clientOf(() => ({ VersionIdsToStages: { v1: ["AWSCURRENT"] } }));
    assert.deepEqual(await secretStore(client, SecretId).stages(), { v1: ["AWSCURRENT"] });
    assert.deepEqual(calls, [{ command: "DescribeSecretCommand", input: { SecretId } }]);
  });

  it("gives a version's value, and none where the version is merely staged", async () => {
    const { calls, client } = clientOf(() => ({ SecretString: "value" }));
    assert.equal(await secretStore(client, SecretId).value("v1"), "value");
    assert.deepEqual(calls, [{ command: "GetSecretValueCommand", input: { SecretId, VersionId: "v1" } }]);
    const missing = clientOf(() => {
      throw new ResourceNotFoundException({ message: "no value", $metadata: {} });
    });
    assert.equal(await secretStore(missing.client, SecretId).value("v1"), undefined);
  });

  it("does not take another error for a missing value", async () => {
    const { client } = clientOf(() => {
      throw new Error("AccessDeniedException");
    });
    await assert.rejects(secretStore(client, SecretId).value("v1"), /AccessDenied/);
  });

  it("stages a value under the rotation's own version, and moves AWSCURRENT in one call", async () => {
    const { calls, client } = clientOf(() => ({}));
    const store = secretStore(client, SecretId);
    await store.stage("v2", "value");
    await store.promote("v2", "v1");
    assert.deepEqual(calls, [
      {
        command: "PutSecretValueCommand",
        input: { SecretId, ClientRequestToken: "v2", SecretString: "value", VersionStages: ["AWSPENDING"] },
      },
      {
        command: "UpdateSecretVersionStageCommand",
        input: { SecretId, VersionStage: "AWSCURRENT", MoveToVersionId: "v2", RemoveFromVersionId: "v1" },
      },
    ]);
  });
});
