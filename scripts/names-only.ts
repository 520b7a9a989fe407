import { readArguments, wrongUsage } from "./command-line.ts";

const options = { help: { type: "boolean", short: "h" } } as const;

/**
 * The names that are given to a command that takes names and `--help` alone, or undefined where its usage was asked for
 * and is said. No name stands for all of them. Throws a `UserError` for an unknown one.
 */
export function namesGiven(usage: string, known: readonly string[] = []): readonly string[] | undefined {
  const { values, positionals } = readArguments({ allowPositionals: true, options });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return undefined;
  }
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length === 0) return positionals;
  const there = known.length === 0 ? "it takes no names" : `there are ${known.join(", ")}`;
  throw wrongUsage(`${unknown.map((name) => JSON.stringify(name)).join(", ")} is unknown: ${there}`);
}
