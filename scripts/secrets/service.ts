import {
  ListSecretsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretsService, StoredSecret } from "./commands.ts";

/** Secrets Manager in one region, with the credentials of whoever runs the command. */
export function secretsService(client: Pick<SecretsManagerClient, "send">): SecretsService {
  return {
    async list(prefix) {
      const stored: StoredSecret[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListSecretsCommand({
            Filters: [{ Key: "name", Values: [prefix] }],
            ...(token !== undefined && { NextToken: token }),
          }),
        );
        for (const { Name, ARN, LastChangedDate, RotationEnabled, SecretVersionsToStages } of page.SecretList ?? [])
          if (Name !== undefined && ARN !== undefined)
            stored.push({
              name: Name,
              arn: ARN,
              hasValue: Object.values(SecretVersionsToStages ?? {}).some((stages) => stages.includes("AWSCURRENT")),
              rotates: RotationEnabled === true,
              changed: LastChangedDate,
            });
        token = page.NextToken;
      } while (token !== undefined);
      return stored;
    },
    async put(SecretId, SecretString) {
      // The value before keeps the label AWSPREVIOUS: Secrets Manager moves it by itself.
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async rotate(SecretId) {
      await client.send(new RotateSecretCommand({ SecretId, RotateImmediately: true }));
    },
  };
}
