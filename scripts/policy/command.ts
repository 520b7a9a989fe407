import { join, resolve } from "node:path";
import type { ParseArgsConfig } from "node:util";
import { choiceOf, readArguments, wordOf, wrongUsage } from "../command-line.ts";
import { writeOutput } from "../output-file.ts";
import { type Colors, noColors } from "../sandbox/cli/display/colors.ts";
import { didYouMean } from "../sandbox/project/nearest.ts";
import { explainLines, listLines } from "./catalogue.ts";
import { policiesDocument } from "./document.ts";
import { factsOf } from "./facts.ts";
import { FORMATS } from "./formats.ts";
import { isMandatory, summaryText } from "./formats/words.ts";
import { judge, type Finding } from "./judge.ts";
import { mendsOf } from "./mending.ts";
import { type Environment, type Pack, environmentOf, environmentsOf, ruleOf } from "./pack.ts";
import { exportedSource, sandboxSource } from "../state-source.ts";

export const DOCUMENT = "docs/policies.md";

export const USAGE = `npm run policy: the policy pack alone, on what a stack holds

  npm run policy -- --state FILE        what \`pulumi stack export\` wrote; a secret in it is not known, and so undecided
  npm run policy -- --stack NAME        a stack of the sandbox
  npm run policy -- list                every rule, its severity, and its level per environment
  npm run policy -- explain RULE        what it asks, why, how to mend it, and how it decides
  npm run policy -- docs [--write]      prints ${DOCUMENT}, or writes it

  --format FORMAT              table (the default), json, sarif, markdown, junit
  --output FILE                there instead of on the screen
  --fail-on LEVEL              mandatory (the default) or advisory: which findings fail
  --environment NAME           whose levels count (default: that of the stack's name)
  --policy-pack-config FILE    another configuration of the pack
  --state-dir DIR              where the sandbox keeps its stacks (default: .sandbox)

Exit codes: 0 nothing that fails, 1 a finding that fails or a rule that breaks, 2 wrong usage.`;

/** What a command has to do with. */
export interface Surroundings {
  readonly pack: Pack;
  /** Absolute: the project's folder. */
  readonly root: string;
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
  readonly print: (text: string) => void;
}

const OPTIONS = {
  state: { type: "string" },
  stack: { type: "string" },
  "state-dir": { type: "string" },
  environment: { type: "string" },
  "policy-pack-config": { type: "string" },
  format: { type: "string" },
  output: { type: "string" },
  "fail-on": { type: "string" },
  write: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

type Values = ReturnType<typeof parsed>["values"];

const parsed = (args: readonly string[]) =>
  readArguments({ args: [...args], allowPositionals: true, options: OPTIONS });

interface Command {
  /** Options that mean something to it. */
  readonly options: readonly (keyof Values)[];
  /** Names of what follows the command. */
  readonly operands: readonly string[];
  readonly run: (values: Values, operands: readonly string[], around: Surroundings) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  list: { options: ["environment"], operands: [], run: list },
  explain: { options: ["environment"], operands: ["RULE"], run: explain },
  docs: { options: ["write"], operands: [], run: docs },
};

const CHECK: Command = {
  options: ["state", "stack", "state-dir", "environment", "policy-pack-config", "format", "output", "fail-on"],
  operands: [],
  run: check,
};

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function policyCommand(args: readonly string[], around: Surroundings): Promise<number> {
  const { values, positionals } = parsed(args);
  if (values.help === true) {
    around.print(USAGE);
    return 0;
  }
  const [name, ...operands] = positionals;
  const command = name === undefined ? CHECK : COMMANDS[name];
  if (command === undefined)
    throw wrongUsage(`there is no command ${JSON.stringify(name)}: ${didYouMean(name ?? "", Object.keys(COMMANDS))}`);
  const foreign = (Object.keys(values) as (keyof Values)[]).find((option) => !command.options.includes(option));
  if (foreign !== undefined)
    throw wrongUsage(`--${foreign} means nothing ${name === undefined ? "here" : `to ${name}`}`);
  const missing = command.operands[operands.length];
  if (missing !== undefined) throw wrongUsage(`${name ?? ""} needs a ${missing}`);
  const extra = operands[command.operands.length];
  if (extra !== undefined) throw wrongUsage(`${name ?? ""} takes no ${JSON.stringify(extra)}`);
  return command.run(values, operands, around);
}

async function check(values: Values, _operands: readonly string[], around: Surroundings): Promise<number> {
  const { state, stack, output } = values;
  const formatted = choiceOf("format", values.format ?? "table", FORMATS);
  const failOn = wordOf("fail-on", values["fail-on"] ?? "mandatory", ["mandatory", "advisory"]);
  if (state !== undefined && stack !== undefined) throw wrongUsage("--state and --stack are two sources: give one");
  const place = { cwd: around.root, stateDir: values["state-dir"] };
  const source =
    state !== undefined
      ? await exportedSource(state)
      : stack !== undefined
        ? await sandboxSource(place, stack)
        : undefined;
  if (source === undefined) throw wrongUsage("nothing to judge: give --state FILE or --stack NAME");
  const given = values["policy-pack-config"];
  const report = await judge(around.pack, source, {
    environment: values.environment,
    configFile: given === undefined ? undefined : resolve(given),
  });
  const fails = (finding: Finding): boolean => failOn === "advisory" || isMandatory(finding);
  const colors = output === undefined ? around.colors : noColors;
  const text = formatted(report, { fails, colors, width: around.width });
  if (output === undefined) around.print(text);
  else {
    writeOutput(output, text);
    around.print(`${summaryText(report)}: ${output}`);
  }
  return report.findings.some(fails) ? 1 : 0;
}

const environmentsFor = ({ environment }: Values, pack: Pack): Promise<readonly Environment[]> =>
  environment === undefined ? environmentsOf(pack) : environmentOf(pack, environment).then((only) => [only]);

async function list(
  values: Values,
  _operands: readonly string[],
  { pack, colors, print }: Surroundings,
): Promise<number> {
  print(listLines(pack.rules, await environmentsFor(values, pack), colors).join("\n"));
  return 0;
}

async function explain(values: Values, [name = ""]: readonly string[], around: Surroundings): Promise<number> {
  const { pack, colors, print } = around;
  const rule = ruleOf(pack, name);
  const [environments, mends] = await Promise.all([environmentsFor(values, pack), mendsOf(pack, [rule])]);
  print(explainLines(factsOf(rule, environments, mends.get(name) ?? []), colors).join("\n"));
  return 0;
}

async function docs(
  values: Values,
  _operands: readonly string[],
  { pack, root, print }: Surroundings,
): Promise<number> {
  const file = join(root, DOCUMENT);
  const text = await documentOf(pack, file);
  if (values.write === true) {
    writeOutput(file, text);
    print(`wrote ${DOCUMENT}`);
  } else print(text.trimEnd());
  return 0;
}

/** docs/policies.md as it should be. */
export async function documentOf(pack: Pack, file: string): Promise<string> {
  const [environments, mends] = await Promise.all([environmentsOf(pack), mendsOf(pack, pack.rules)]);
  const facts = pack.rules.map((rule) => factsOf(rule, environments, mends.get(rule.name) ?? []));
  return policiesDocument(facts, file);
}
