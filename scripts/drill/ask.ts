import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { UserError } from "../sandbox/user-error.ts";

/** Asks on the terminal, where `y` and `yes` are a yes, and Ctrl-C and Ctrl-D a no. Throws a UserError where there is no terminal to ask on. */
export async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UserError("there is no terminal to ask on: add --yes", 2);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(lines, "close").then(() => "");
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return false;
    throw error;
  } finally {
    lines.close();
  }
}
