import { writeFileSync } from "node:fs";
import { messageOf, UserError } from "./sandbox/user-error.ts";

/** Writes what a command was asked to put into a file, with one newline at its end. Throws a `UserError` where it cannot. */
export function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, `${text.trimEnd()}\n`);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${messageOf(error)}`, 2);
  }
}
