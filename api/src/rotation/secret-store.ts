import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { SecretStore } from "./steps.ts";

/** The secret in Secrets Manager. */
export function secretStore(client: Pick<SecretsManagerClient, "send">, secretArn: string): SecretStore {
  const SecretId = secretArn;
  return {
    async stages() {
      const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
      return VersionIdsToStages ?? {};
    },
    async value(VersionId) {
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
        return SecretString;
      } catch (error) {
        // A version is staged before it has a value.
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async stage(ClientRequestToken, SecretString) {
      const VersionStages = ["AWSPENDING"];
      await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }));
    },
    async promote(MoveToVersionId, RemoveFromVersionId) {
      const VersionStage = "AWSCURRENT";
      await client.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }),
      );
    },
  };
}
