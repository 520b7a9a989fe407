import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../sandbox/user-error.ts";
import { secretsCommand, USAGE } from "./command.ts";
import type { SecretsService } from "./commands.ts";
import { secretsStack } from "./stack.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Runs the command where nobody may be asked for anything. */
const run = (...args: readonly string[]): Promise<number> => {
  const never = () => assert.fail("it asked");
  const service: SecretsService = { list: never, put: never, rotate: never };
  return secretsCommand(args, {
    print: never,
    stackOf: (stack) => secretsStack(ROOT, stack),
    openService: () => service,
    readValue: never,
  });
};

describe("npm run secrets, used wrongly", () => {
  const wrong: readonly [args: readonly string[], says: RegExp][] = [
    [[], /there is no command/],
    [["get", "mail-api-key"], /there is no command "get"/],
    [["set"], /needs the name/],
    [["set", "mail-key"], /nearest is mail-api-key/],
    [["set", "mail-api-key", "hunter2"], /never stands in an argument/],
    [["set", "mail-api-key", "--stack", "qa"], /"qa" is none of this project's/],
    [["set", "mail-api-key", "--stack", "preview-login"], /not for preview: set it in staging or production/],
    [["set", "mail-api-key", "--json"], /--json is of list alone/],
    [["list", "mail-api-key"], /list takes no/],
    [["list", "--state-dir", "x"], /add --sandbox/],
    [["list", "--all"], /there is no option --all: choose one of/],
    [["rotate"], /needs the name/],
    [["rotate", "cookie-signing-key"], /made by the stack.*pulumi up/],
    [["rotate", "constructor"], /is no secret/],
  ];
  for (const [args, says] of wrong)
    it(`says so of ${JSON.stringify(args.join(" "))}, before anybody is asked`, async () => {
      await assert.rejects(run(...args), (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.exitCode, 2);
        assert.match(error.message, says);
        assert.ok(!error.message.includes("\n") && !error.message.includes("hunter2"));
        return true;
      });
    });

  it("has help in 80 columns", () => {
    for (const line of USAGE.split("\n")) assert.ok(line.length <= 80, line);
  });
});
