/** A call of a script of package.json: `npm run [--silent] NAME [-- ARGUMENTS]`, `npm test`, `npm start`. */
export interface NpmCommand {
  readonly script: string;
  /** What follows `--`. */
  readonly args: readonly string[];
}

const ALIASES: Readonly<Record<string, string>> = { test: "test", t: "test", start: "start" };

/** Undefined for whatever is no call of a script. */
export function npmCommandOf(words: readonly string[]): NpmCommand | undefined {
  const [npm, ...rest] = words;
  if (npm !== "npm") return undefined;
  const end = rest.indexOf("--");
  const before = (end === -1 ? rest : rest.slice(0, end)).filter((word) => !word.startsWith("-"));
  const args = end === -1 ? [] : rest.slice(end + 1);
  const [verb = "", name] = before;
  const script = verb === "run" || verb === "run-script" ? name : ALIASES[verb];
  return script === undefined ? undefined : { script, args };
}

/** The options that arguments name, without values; what follows another `--` belongs to somebody else. */
export function optionsOf(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end))
    .map((word) => word.replace(/^\[/, "").replace(/[\].…]+$/, ""))
    .filter((word) => /^--?[a-z]/i.test(word))
    .map((word) => word.split("=")[0] ?? "");
}

/** The subcommand: the first argument, where it is one rather than an option or a name in capitals. */
export function subcommandOf([first]: readonly string[]): string | undefined {
  return first !== undefined && /^[a-z][a-z-]*$/.test(first) ? first : undefined;
}

/** Whether a help text names an option, and not only a longer one. */
export const helps = (help: string, option: string): boolean => new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(help);
