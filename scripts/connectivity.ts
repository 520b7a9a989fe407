import { connectivityCommand } from "./connectivity/command.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { UserError } from "./sandbox/user-error.ts";

function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not end the process.
  process.on("SIGINT", () => controller.abort());
  return controller.signal;
}

try {
  const { stdout } = process;
  process.exitCode = await connectivityCommand(process.argv.slice(2), {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    stopped: stopOnInterrupt,
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`connectivity: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
