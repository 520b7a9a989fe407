import { type ParseArgsConfig, parseArgs } from "node:util";
import { didYouMean } from "./sandbox/project/nearest.ts";
import { messageOf, UserError } from "./sandbox/user-error.ts";

/**
 * Runs a command to the process's exit code. What the user can put right is one line: a `UserError`, and what `explain`
 * makes one of. Any other error is a fault of the program, with its stack trace.
 */
export async function runAs(
  name: string,
  command: () => Promise<number> | number,
  explain: (error: unknown) => UserError | undefined = () => undefined,
): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const known = error instanceof UserError ? error : explain(error);
    if (known === undefined) throw error;
    process.stderr.write(`${name}: ${known.message}\n`);
    process.exitCode = known.exitCode;
  }
}

export const wrongUsage = (message: string): UserError => new UserError(`${message}; --help shows what is possible`, 2);

/** What Node's parser gives. Throws a `UserError` in one line, with the nearest option where there is no such one. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // The first sentence says what is wrong; the others are about Node's parser.
    const [message = ""] = messageOf(error).split(/[.\n] ?/);
    const [, unknown] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
    throw unknown === undefined
      ? wrongUsage(message)
      : new UserError(`there is no option --${unknown}: ${didYouMean(unknown, Object.keys(config.options ?? {}))}`, 2);
  }
}

/** The command that a command line names, of those that there are. Throws a `UserError` where its words do not fit. */
export function commandNamed<Option extends string, Command extends { readonly options: readonly Option[] }>(
  commands: Readonly<Record<string, Command>>,
  {
    positionals,
    values,
  }: { readonly positionals: readonly string[]; readonly values: Partial<Record<Option, unknown>> },
): Command {
  const names = Object.keys(commands);
  const [name, extra] = positionals;
  if (name === undefined) throw wrongUsage(`there is no command: ${oneOf(names)}`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw wrongUsage(`there is no command ${JSON.stringify(name)}: ${didYouMean(name, names)}`);
  if (extra !== undefined) throw wrongUsage(`${name} takes no ${JSON.stringify(extra)}`);
  const foreign = (Object.keys(values) as Option[]).find((option) => !command.options.includes(option));
  if (foreign !== undefined) throw wrongUsage(`--${foreign} means nothing to ${name}`);
  return command;
}

const noWord = (option: string, given: string, words: readonly string[]): UserError =>
  new UserError(`--${option} ${JSON.stringify(given)}: ${didYouMean(given, words)}`, 2);

/** One of an option's words. Throws a `UserError` with the nearest. */
export function wordOf<Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === given);
  if (word === undefined) throw noWord(option, given, words);
  return word;
}

/** What one of an option's words stands for. Throws a `UserError` with the nearest word. */
export function choiceOf<Choice>(option: string, given: string, choices: Readonly<Record<string, Choice>>): Choice {
  const choice = Object.hasOwn(choices, given) ? choices[given] : undefined;
  if (choice === undefined) throw noWord(option, given, Object.keys(choices));
  return choice;
}

/** `a or b`, `a, b, or c` */
const oneOf = (names: readonly string[]): string => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
