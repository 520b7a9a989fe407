import { join } from "node:path";
import { parseArgs } from "node:util";
import { SecretsManagerClient, SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { UserError } from "./sandbox/user-error.ts";
import { listSecrets, providedEntry, setSecret } from "./secrets/commands.ts";
import { readValue } from "./secrets/input.ts";
import { secretsService } from "./secrets/service.ts";
import { secretsStack } from "./secrets/stack.ts";

const ROOT = join(import.meta.dirname, "..");
const USAGE = `npm run secrets: the values of third parties' keys, in AWS Secrets Manager

  npm run secrets -- list [--stack STACK]       which entries there are, and which have a value
  npm run secrets -- set NAME [--stack STACK]   gives one a value: from a pipe, or asked for and not shown

STACK is staging (the default) or production. AWS credentials are those of your shell (AWS_PROFILE=...).
A value is never an argument, and never printed.

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

const wrongUsage = (message: string): UserError => new UserError(`${message}; --help shows what is possible`, 2);

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "staging" },
      sandbox: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return USAGE;
  if (values.sandbox === true)
    throw new UserError(
      "nothing in the sandbox reads a secret's value, so it keeps none: without --sandbox the value goes to AWS",
    );
  const [command, name, ...rest] = positionals;
  if (rest.length > 0)
    throw new UserError(
      "a value never stands in an argument, where the shell's history keeps it: it is read from a pipe, or asked for. If that was the value, revoke it and take a new one",
      2,
    );
  const stack = secretsStack(ROOT, values.stack);
  const service = secretsService(new SecretsManagerClient({ region: stack.region }));
  switch (command) {
    case "list":
      if (name !== undefined) throw wrongUsage(`list takes no ${JSON.stringify(name)}`);
      return (await listSecrets(stack, service)).join("\n");
    case "set":
      if (name === undefined) throw wrongUsage("set needs the name of a secret");
      // Before AWS is asked, so that a slip of the keyboard needs no credentials.
      providedEntry(name, stack.environment);
      return setSecret(stack, name, service, () => readValue(name, process.stdin, process.stderr));
    default:
      throw wrongUsage(
        command === undefined ? "there is no command" : `there is no command ${JSON.stringify(command)}`,
      );
  }
}

/** What the user can put right, in one line; undefined for a fault of the program. */
function explained(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))
    return wrongUsage(error.message.split(". ")[0] ?? "");
  if (error.name === "CredentialsProviderError")
    return new UserError("there are no AWS credentials: log in, and name the profile with AWS_PROFILE=...");
  return error instanceof SecretsManagerServiceException
    ? new UserError(`AWS says ${error.name}: ${error.message}`)
    : undefined;
}

try {
  console.log(await run(process.argv.slice(2)));
} catch (error) {
  const known = explained(error);
  if (known === undefined) throw error;
  console.error(`secrets: ${known.message}`);
  process.exitCode = known.exitCode;
}
