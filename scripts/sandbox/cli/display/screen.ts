import type { Screen } from "./display.ts";

const DEFAULT_WIDTH = 100;

/** stdout: redrawn where it is a terminal, lines otherwise. `redact` hides secrets in all that is printed. */
export async function stdoutScreen(redact: (text: string) => string): Promise<Screen> {
  const print = (lines: readonly string[]): void => {
    process.stdout.write(`${redact(lines.join("\n"))}\n`);
  };
  if (!process.stdout.isTTY) return { print, width: DEFAULT_WIDTH };
  const { default: logUpdate } = await import("log-update");
  return {
    print,
    width: process.stdout.columns || DEFAULT_WIDTH,
    redraw: (lines) => logUpdate(redact(lines.join("\n"))),
    clear: () => logUpdate.clear(),
  };
}
