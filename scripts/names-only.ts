import { parseArgs } from "node:util";

/**
 * The command line of a command that takes names and `--help` alone: the names, or undefined where all is said, with the
 * exit code set. No name stands for all of them.
 */
export function namesGiven(
  command: string,
  usage: string,
  known: readonly string[] = [],
): readonly string[] | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(`${usage}\n`);
      return undefined;
    }
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length === 0) return positionals;
    const there = known.length === 0 ? "it takes no names" : `there are ${known.join(", ")}`;
    throw new Error(`${unknown.map((name) => JSON.stringify(name)).join(", ")} is unknown: ${there}`);
  } catch (error) {
    // The first sentence says what is wrong; the others are about Node's parser.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    process.stderr.write(`${command}: ${reason}; --help shows what is possible\n`);
    process.exitCode = 2;
    return undefined;
  }
}
