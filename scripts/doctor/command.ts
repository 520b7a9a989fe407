import { readArguments } from "../command-line.ts";
import type { Settings } from "../../infra/settings/settings.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { redactor } from "../sandbox/cli/display/redact.ts";
import { UserError } from "../sandbox/user-error.ts";
import { type AccountSurroundings, checkAccounts } from "./accounts.ts";
import { type Check, doctorReport, PURPOSES } from "./checks.ts";
import { checkPackages } from "./packages.ts";
import { checkBackend, checkHooks, checkSandbox, checkStackFile } from "./project.ts";
import { doctorText } from "./text.ts";
import { checkTools, type NeededVersions, type RunTool } from "./tools.ts";
import { checkVariables, secretValues } from "./variables.ts";

export const USAGE = `npm run doctor: what is installed, what is missing, which accounts answer, and the
next command to type

  npm run doctor                                 for the sandbox
  npm run doctor -- --for accounts               to look at real accounts
  npm run doctor -- --for deploy --stack production --json

  --for PURPOSE    sandbox (the default), accounts, or deploy
  --stack NAME     whose accounts (default: staging)
  --state-dir DIR  where the sandbox keeps its state (default: .sandbox)
  --json           the report as JSON: DoctorReport in scripts/doctor/checks.ts

It changes nothing, asks each account once and briefly, needs no network, and
never prints what a variable holds. Exit codes: 0 all that the purpose needs is
there, 1 something is missing, 2 wrong usage.`;

/** What the command has to do with. */
export interface DoctorSurroundings extends AccountSurroundings {
  readonly colors: Colors;
  readonly print: (text: string) => void;
  readonly versions: NeededVersions;
  readonly run: RunTool;
  /** A file of the repository, or undefined where it is not there. */
  readonly read: (file: string) => string | undefined;
  /** Throws a UserError; one with exit code 2 where there is no such stack. */
  readonly settings: (stack: string) => Pick<Settings, "domain" | "aws" | "cloudflare" | "datadog">;
  /** Pulumi's login file. */
  readonly pulumiLogin: string | undefined;
  readonly sandboxStacks: (stateDirectory: string | undefined) => Promise<readonly string[]>;
}

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function doctorCommand(args: readonly string[], surroundings: DoctorSurroundings): Promise<number> {
  const { help, json, for: given = "sandbox", stack = "staging", "state-dir": stateDirectory } = read(args);
  const { print, colors, environment } = surroundings;
  if (help === true) {
    print(USAGE);
    return 0;
  }
  const purpose = PURPOSES.find((one) => one === given);
  if (purpose === undefined)
    throw new UserError(`${JSON.stringify(given)} is no purpose: there are ${PURPOSES.join(", ")}`, 2);
  const stacks = await surroundings.sandboxStacks(stateDirectory);
  const checks = await allChecks(stack, stacks, surroundings);
  const report = doctorReport(checks, { purpose, stack, hasStacks: stacks.length > 0 });
  // No check has a value of a variable in what it says; this holds even where one should.
  const redact = redactor(secretValues(environment));
  print(redact(json === true ? JSON.stringify(report, undefined, 2) : doctorText(report, colors)));
  return report.ready ? 0 : 1;
}

async function allChecks(
  stack: string,
  stacks: readonly string[],
  surroundings: DoctorSurroundings,
): Promise<readonly Check[]> {
  const { run, read: readFile, versions, environment, pulumiLogin } = surroundings;
  const file = `Pulumi.${stack === "production" ? "production" : "staging"}.yaml`;
  const settings = settingsOr(surroundings, stack);
  const [tools, hooks, accounts] = await Promise.all([
    checkTools(run, versions),
    run("git", ["config", "core.hooksPath"]),
    "wrong" in settings ? [] : checkAccounts({ stack, ...settings }, surroundings),
  ]);
  return [
    ...tools,
    checkPackages(readFile),
    ...checkStackFile(file, settings),
    checkHooks("output" in hooks ? hooks.output.trim() : undefined),
    checkSandbox(stacks),
    ...checkVariables(environment),
    checkBackend(environment, pulumiLogin),
    ...accounts,
  ];
}

/** A stack that is none is wrong usage; a file that is wrong is one of the findings. */
function settingsOr({ settings }: DoctorSurroundings, stack: string) {
  try {
    return settings(stack);
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === 2) throw error;
    return { wrong: error.message };
  }
}

function read(args: readonly string[]) {
  return readArguments({
    args: [...args],
    options: {
      for: { type: "string" },
      stack: { type: "string" },
      "state-dir": { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}
