import type { ParseArgsConfig } from "node:util";
import { stackOfBranch } from "../../infra/settings/stacks.ts";
import { readArguments, wrongUsage } from "../command-line.ts";
import { currentBranch } from "./current.ts";

/** What `preview`, `up`, and `down` are asked to do. */
export interface BranchOptions {
  readonly stack: string;
  /** How the stack was found. A branch that was given may be a pull request's, which nobody typed. */
  readonly by: "stack" | "branch" | "current branch";
  readonly sandbox: boolean;
  readonly stateDirectory: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  /** URNs. */
  readonly allowDestroy: readonly string[];
  /** Over the stack's own config. */
  readonly config: Readonly<Record<string, string>>;
  readonly keepDatabase: boolean;
}

export type BranchCommand = "preview" | "up" | "down";

const everywhere = {
  stack: { type: "string" },
  branch: { type: "string" },
  sandbox: { type: "boolean" },
  "state-dir": { type: "string" },
  "allow-destroy": { type: "string", multiple: true },
  yes: { type: "boolean", short: "y" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const config = { config: { type: "string", short: "c", multiple: true } } as const;

const OPTIONS = {
  preview: { ...everywhere, ...config },
  up: { ...everywhere, ...config },
  down: { ...everywhere, "keep-database": { type: "boolean" } },
} as const satisfies Record<BranchCommand, ParseArgsConfig["options"]>;

/** Undefined where help is asked for. Throws a `UserError` for what the user can put right. */
export function branchOptions(
  command: BranchCommand,
  args: readonly string[],
  branch: () => string = currentBranch,
): BranchOptions | undefined {
  const options = OPTIONS[command];
  const values = parse(args, options);
  if (values.help === true) return undefined;
  for (const name of ["stack", "branch"] as const) if (values[name] === "") throw wrongUsage(`--${name} needs a name`);
  if (values.stack !== undefined && values.branch !== undefined)
    throw wrongUsage("--stack and --branch name the same thing: give one of them");
  const allowDestroy = values["allow-destroy"] ?? [];
  for (const urn of allowDestroy)
    if (!urn.startsWith("urn:pulumi:"))
      throw wrongUsage(`--allow-destroy ${JSON.stringify(urn)} is no URN: the run that was stopped shows it`);
  return {
    stack: values.stack ?? stackOfBranch(values.branch ?? branch()),
    by: values.stack !== undefined ? "stack" : values.branch !== undefined ? "branch" : "current branch",
    sandbox: values.sandbox ?? false,
    stateDirectory: values["state-dir"],
    yes: values.yes ?? false,
    json: values.json ?? false,
    allowDestroy,
    config: configOf(values.config ?? []),
    keepDatabase: values["keep-database"] ?? false,
  };
}

const parse = (args: readonly string[], options: ParseArgsConfig["options"]) =>
  readArguments({ args: [...args], options: options as typeof OPTIONS.up & typeof OPTIONS.down }).values;

function configOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf("=");
      if (equals < 1) throw wrongUsage(`--config ${JSON.stringify(text)}: expected KEY=VALUE`);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}
