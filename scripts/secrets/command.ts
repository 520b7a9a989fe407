import type { ParseArgsConfig } from "node:util";
import { readArguments, wrongUsage } from "../command-line.ts";
import { UserError } from "../sandbox/user-error.ts";
import {
  placeOf,
  providedEntry,
  rotatableEntry,
  rotateSecret,
  type SecretsService,
  type SecretsStack,
  setSecret,
} from "./commands.ts";
import { listText, secretsReport } from "./list.ts";

export const USAGE = `npm run secrets: the values of third parties' keys, in AWS Secrets Manager

  npm run secrets -- list         what the stack needs, and what is empty
  npm run secrets -- set NAME     gives one a value: from a pipe, or asked for
                                  and not shown
  npm run secrets -- rotate NAME  another value; the one before is kept as the
                                  previous version. Signing keys: begins what
                                  their function does
  npm run secrets -- rotate mail-api-key --stack production < key.txt

  --stack NAME     staging (the default), production, or preview-SLUG
  --sandbox        the sandbox's: it keeps that there is a value, and not which
  --state-dir DIR  where the sandbox keeps its state (default: .sandbox)
  --json           of list: SecretsReport in scripts/secrets/list.ts

AWS credentials are those of your shell (AWS_PROFILE=...). A value is never an
argument, and never printed. Exit codes: 0 done, 1 failed or, of list, an entry
has no value, 2 wrong usage.`;

/** What the command has to do with. */
export interface SecretsSurroundings {
  readonly print: (text: string) => void;
  readonly stackOf: (stack: string) => SecretsStack;
  readonly openService: (stack: SecretsStack, sandbox: boolean, stateDirectory: string | undefined) => SecretsService;
  readonly readValue: (name: string) => Promise<string>;
}

const options = {
  stack: { type: "string", default: "staging" },
  sandbox: { type: "boolean" },
  "state-dir": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const parsed = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: true, options });

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function secretsCommand(args: readonly string[], surroundings: SecretsSurroundings): Promise<number> {
  const { values, positionals } = parsed(args);
  const { print, openService, readValue } = surroundings;
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const sandbox = values.sandbox === true;
  const stateDirectory = values["state-dir"];
  if (stateDirectory !== undefined && !sandbox) throw new UserError("--state-dir is of the sandbox: add --sandbox", 2);
  const [command, name, ...rest] = positionals;
  if (rest.length > 0)
    throw new UserError(
      "a value never stands in an argument, where the shell's history keeps it: it is read from a pipe, or asked for. If that was the value, revoke it and take a new one",
      2,
    );
  if (values.json === true && command !== "list") throw wrongUsage("--json is of list alone");
  const stack = surroundings.stackOf(values.stack);
  const place = placeOf(stack, sandbox);
  const service = openService(stack, sandbox, stateDirectory);
  switch (command) {
    case "list": {
      if (name !== undefined) throw wrongUsage(`list takes no ${JSON.stringify(name)}`);
      const report = await secretsReport(stack, service, place);
      print(values.json === true ? JSON.stringify(report, undefined, 2) : listText(report).join("\n"));
      return report.missing.length === 0 ? 0 : 1;
    }
    case "set":
      if (name === undefined) throw wrongUsage("set needs the name of a secret");
      // Before AWS is asked, so that a slip of the keyboard needs no credentials.
      providedEntry(name, stack.environment);
      print(await setSecret(stack, name, service, () => readValue(name), place));
      return 0;
    case "rotate":
      if (name === undefined) throw wrongUsage("rotate needs the name of a secret");
      rotatableEntry(name, stack);
      print((await rotateSecret(stack, name, service, () => readValue(name), place)).join("\n"));
      return 0;
    default:
      throw wrongUsage(
        command === undefined ? "there is no command" : `there is no command ${JSON.stringify(command)}`,
      );
  }
}
