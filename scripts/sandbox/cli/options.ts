import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";

/** Every option of the sandbox, each defined once; commands pick theirs by name. */
export type OptionName = keyof typeof OPTIONS;

const repeated = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** A whole number from `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError(`expected a whole number from ${least}.`);
    return number;
  };

const urn = (value: string, before: string[] | undefined): string[] => {
  if (!value.startsWith("urn:pulumi:") && !value.includes("*"))
    throw new InvalidArgumentError("expected a URN, or a pattern with *; `npm run sandbox -- export` shows them.");
  return repeated(value, before);
};

const assignment = (value: string, before: string[] | undefined): string[] => {
  // The value is not repeated: it may be a secret.
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError("expected KEY=VALUE.");
  return repeated(value, before);
};

const DEFAULT_PARALLEL = 16;

/** As Pulumi's own --cwd: every other relative path is relative to it too. A folder that is not there is told later. */
function enter(directory: string): string {
  const folder = resolve(directory);
  if (existsSync(folder)) process.chdir(folder);
  return folder;
}

export const OPTIONS = {
  cwd: () =>
    new Option("--cwd <dir>", "run as if started in this folder")
      .argParser(enter)
      .default(process.cwd(), "the working directory"),
  stateDir: () => new Option("--state-dir <dir>", "where state and cloud are kept (default: .sandbox in the project)"),
  stacks: () =>
    new Option(
      "--stack <name>",
      "a stack; repeatable, they run side by side (default: staging and production)",
    ).argParser(repeated),
  stack: () => new Option("--stack <name>", "the stack").makeOptionMandatory(),
  someStacks: () => new Option("--stack <name>", "only this stack; repeatable (default: all)").argParser(repeated),
  policyPack: () =>
    new Option("--policy-pack <dir>", "a policy pack; repeatable (default: policy-pack in the project)").argParser(
      repeated,
    ),
  policyPackConfig: () =>
    new Option(
      "--policy-pack-config <file>",
      "the pack's configuration (JSON or YAML); repeatable, in the packs' order (default: the pack's own config/<stack>.json, of preview-login else config/preview.json)",
    ).argParser(repeated),
  noPolicy: () => new Option("--no-policy", "run no policy pack"),
  configFile: () => new Option("--config-file <file>", "read this file instead of Pulumi.<stack>.yaml"),
  config: () => new Option("--config <key=value>", "set a config value for this run; repeatable").argParser(assignment),
  secret: () =>
    new Option("--secret <key=value>", "set a secret config value for this run; repeatable").argParser(assignment),
  skipPreview: () => new Option("--skip-preview", "do not preview first"),
  excludeProtected: () => new Option("--exclude-protected", "leave what is protected, and all that it needs"),
  target: () => new Option("--target <urn>", "touch only this resource; repeatable").argParser(urn),
  parallel: () =>
    new Option("--parallel <n>", "operations at the same time").argParser(wholeNumber(1)).default(DEFAULT_PARALLEL),
  expectNoChanges: () => new Option("--expect-no-changes", "fail if anything would change"),
  fail: () =>
    new Option(
      "--fail <fault>",
      "make operations fail: TYPE-or-URN-glob, then @nth and :message if you like; repeatable",
    ).argParser(repeated),
  latency: () =>
    new Option("--latency <ms>", "milliseconds that each operation of the cloud takes")
      .argParser(wholeNumber(0))
      .default(0),
  diff: () => new Option("--diff", "show every changed property"),
  json: () => new Option("--json", "print one JSON document, nothing else, on stdout"),
  showSecrets: () => new Option("--show-secrets", "show secrets in clear"),
} as const satisfies Readonly<Record<string, () => Option>>;

/** What commander makes of all of them; a command sees those that it picked. */
export interface OptionValues {
  readonly cwd: string;
  readonly stateDir?: string;
  readonly stack?: string | string[];
  readonly policyPack?: string[];
  readonly policyPackConfig?: string[];
  readonly policy?: boolean;
  readonly configFile?: string;
  readonly config?: string[];
  readonly secret?: string[];
  readonly skipPreview?: boolean;
  readonly excludeProtected?: boolean;
  readonly target?: string[];
  readonly parallel?: number;
  readonly expectNoChanges?: boolean;
  readonly fail?: string[];
  readonly latency?: number;
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly showSecrets?: boolean;
}

/** Names from an option that may be given once or several times. */
export const many = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
