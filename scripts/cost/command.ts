import type { ParseArgsConfig } from "node:util";
import { didYouMean } from "../sandbox/project/nearest.ts";
import { readArguments, wrongUsage } from "../command-line.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { priceCheck, staleAfterDays } from "./report-prices.ts";
import { reportCommand } from "./report-command.ts";

export const usage = `npm run cost: what a stack costs a month, by list prices, before and after it is deployed

  npm run cost                                 staging and production
  npm run cost -- --stack NAME                 a stack of the sandbox; one that is not there yet is previewed; repeatable
  npm run cost -- --state FILE                 what \`pulumi stack export\` wrote; repeatable
  npm run cost -- --against main --format markdown --fail-over 10%
  npm run cost -- actuals --bill FILE|DIR      what is really billed, against a forecast (actuals --help)
  npm run cost -- prices --check               which prices were read more than ${staleAfterDays} days ago

  --preview               what the program would make of the stacks now, not what the sandbox holds
  --format FORMAT         table (the default), json, csv (FOCUS 1.2), html, markdown
  --out FILE              there instead of on the screen
  --group-by TAG[,TAG]    by these tags together (default: each of CostCenter, Environment, Service, Owner, Component)
  --usage FILE            other assumptions than those of scripts/cost/usage.ts, in YAML or JSON
  --against FILE|BRANCH   the difference from a report in JSON, an export, or what a branch's program would make
  --fail-over 10%|USD     fail where a stack costs more than before by more than a share or an amount
  --budget                fail where a stack is expected to cost more than its budget in the settings
  --state-dir DIR         where the sandbox keeps its stacks (default: .sandbox)

Exit codes: 0 good, 1 a limit is broken or prices are old, 2 wrong usage.`;

/** What the command has to do with. */
export interface Surroundings {
  /** Absolute: the project's folder. */
  readonly root: string;
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
  readonly now: Date;
  readonly print: (text: string) => void;
  /** For what must not stand in a report: which limit is broken. */
  readonly complain: (text: string) => void;
}

const options = {
  stack: { type: "string", multiple: true },
  state: { type: "string", multiple: true },
  "state-dir": { type: "string" },
  preview: { type: "boolean" },
  format: { type: "string" },
  out: { type: "string" },
  "group-by": { type: "string" },
  usage: { type: "string" },
  against: { type: "string" },
  "fail-over": { type: "string" },
  budget: { type: "boolean" },
  check: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const parsed = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: true, options });

export type Values = ReturnType<typeof parsed>["values"];

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function costCommand(args: readonly string[], around: Surroundings): Promise<number> {
  // It brings a database with it, which nothing else here needs.
  if (args[0] === "actuals") return (await import("./actuals.ts")).actualsCommand(args.slice(1), around);
  const { values, positionals } = parsed(args);
  if (values.help === true) {
    around.print(usage);
    return 0;
  }
  const [name, extra] = positionals;
  if (extra !== undefined) throw wrongUsage(`there is nothing to do with ${JSON.stringify(extra)}`);
  if (name === undefined) {
    if (values.check === true) throw wrongUsage("--check is of prices: `npm run cost -- prices --check`");
    return reportCommand(values, around);
  }
  if (name !== "prices")
    throw new UserError(`there is no command ${JSON.stringify(name)}: ${didYouMean(name, ["actuals", "prices"])}`, 2);
  const foreign = Object.keys(values).find((option) => option !== "check");
  if (foreign !== undefined) throw wrongUsage(`--${foreign} means nothing to prices`);
  return priceCheck(around, values.check === true);
}
