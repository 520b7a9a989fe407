import { parseArgs } from "node:util";
import { stackOfBranch } from "../infra/settings/stacks.ts";
import { runAs } from "./command-line.ts";
import { currentBranch } from "./branch/current.ts";
import { messageOf, UserError } from "./sandbox/user-error.ts";
import type { Target } from "./target.ts";

const usage = `Prints the stack for a branch: main is production, develop is staging, any other is a preview of its own.

  npm run stack                          the current branch
  npm run --silent stack -- --branch fix-login   another one; --silent prints the name alone
  npm run stack -- --verbose             with its environment, account, region, and address
  npm run --silent stack -- --json       the same for machines`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        branch: { type: "string" },
        verbose: { type: "boolean", short: "v" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.branch === "") throw new Error("--branch needs a name");
    return values;
  } catch (error) {
    const [reason = ""] = messageOf(error).split(". ");
    throw new UserError(`${reason}. The options are --branch NAME, --verbose, --json, and --help`, 2);
  }
}

const verboseLines = ({ stack, environment, accountId, region, apiUrl }: Target): string =>
  [
    stack,
    `  environment  ${environment}`,
    `  account      ${accountId}`,
    `  region       ${region}`,
    `  API          ${apiUrl}`,
  ].join("\n");

async function answer(): Promise<string> {
  const { branch, verbose, json, help } = options();
  if (help === true) return usage;
  const stack = stackOfBranch(branch ?? currentBranch());
  if (json !== true && verbose !== true) return stack;
  // It reads the project's settings, which the name alone does not need.
  const { targetOf } = await import("./target.ts");
  const target = targetOf(stack);
  return json === true ? JSON.stringify(target, null, 2) : verboseLines(target);
}

await runAs("stack", async () => {
  console.log(await answer());
  return 0;
});
