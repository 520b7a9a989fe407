import { randomBytes } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { keyBytes, signingKey } from "../auth/key-set.ts";
import { secretStore } from "./secret-store.ts";
import { parseEvent, rotate } from "./steps.ts";

const client = new SecretsManagerClient();

/** What Lambda calls. `SECRET_ARN` names the only secret that it rotates. Logs the step and its outcome, no value. */
export async function handler(event: unknown): Promise<void> {
  const rotation = parseEvent(event);
  const secretArn = process.env["SECRET_ARN"] ?? "";
  const outcome = await rotate(rotation, {
    secretArn,
    store: secretStore(client, secretArn),
    newKey: () => signingKey(randomBytes(keyBytes)),
  });
  console.info({ step: rotation.Step, version: rotation.ClientRequestToken, outcome });
}
