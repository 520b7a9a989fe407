import { stackOfBranch } from "../infra/settings/stacks.ts";
import { readArguments, runAs, wrongUsage } from "./command-line.ts";
import { currentBranch } from "./branch/current.ts";
import type { Target } from "./target.ts";

const usage = `Prints the stack for a branch: main is production, develop is staging, any other is a preview of its own.

  npm run stack                          the current branch
  npm run --silent stack -- --branch fix-login   another one; --silent prints the name alone
  npm run stack -- --verbose             with its environment, account, region, and address
  npm run --silent stack -- --json       the same for machines`;

const options = {
  branch: { type: "string" },
  verbose: { type: "boolean", short: "v" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const verboseLines = ({ stack, environment, accountId, region, apiUrl }: Target): string =>
  [
    stack,
    `  environment  ${environment}`,
    `  account      ${accountId}`,
    `  region       ${region}`,
    `  API          ${apiUrl}`,
  ].join("\n");

async function answer(): Promise<string> {
  const { branch, verbose, json, help } = readArguments({ options }).values;
  if (help === true) return usage;
  if (branch === "") throw wrongUsage("--branch needs a name");
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
