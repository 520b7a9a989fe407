import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { UserError } from "../sandbox/user-error.ts";

/** Standard input, as far as a value is read from it. */
export type ValueSource = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * The value from a pipe; where a person sits at the keyboard, asked for and not shown. Throws where they say no more.
 */
export async function readValue(
  name: string,
  source: ValueSource,
  screen: Pick<NodeJS.WritableStream, "write">,
): Promise<string> {
  if (source.isTTY !== true) return text(source);
  screen.write(`Value of ${name} (it is not shown): `);
  // Readline repeats what is typed to its output: this one drops it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: source, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      prompt.once("line", resolve);
      prompt.once("close", () => reject(new UserError("no value was given: nothing was set")));
      prompt.once("SIGINT", () => prompt.close());
    });
  } finally {
    prompt.close();
    screen.write("\n");
  }
}
