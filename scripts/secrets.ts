import { join } from "node:path";
import { SecretsManagerClient, SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { runAs } from "./command-line.ts";
import { UserError } from "./sandbox/user-error.ts";
import { secretsCommand } from "./secrets/command.ts";
import { readValue } from "./secrets/input.ts";
import { sandboxSecrets } from "./secrets/sandbox-service.ts";
import { secretsService } from "./secrets/service.ts";
import { secretsStack } from "./secrets/stack.ts";

const ROOT = join(import.meta.dirname, "..");

/** What the user can put right, in one line; undefined for a fault of the program. */
function explained(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "CredentialsProviderError")
    return new UserError("there are no AWS credentials: log in, and name the profile with AWS_PROFILE=...");
  return error instanceof SecretsManagerServiceException
    ? new UserError(`AWS says ${error.name}: ${error.message}`)
    : undefined;
}

await runAs(
  "secrets",
  () =>
    secretsCommand(process.argv.slice(2), {
      print: (text) => process.stdout.write(`${text}\n`),
      stackOf: (stack) => secretsStack(ROOT, stack),
      openService: ({ region }, sandbox, stateDirectory) =>
        sandbox
          ? sandboxSecrets({ cwd: ROOT, stateDir: stateDirectory })
          : secretsService(new SecretsManagerClient({ region })),
      readValue: (name) => readValue(name, process.stdin, process.stderr),
    }),
  explained,
);
