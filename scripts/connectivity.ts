import { runAs } from "./command-line.ts";
import { connectivityCommand } from "./connectivity/command.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";

function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not end the process.
  process.on("SIGINT", () => controller.abort());
  return controller.signal;
}

await runAs("connectivity", () => {
  const { stdout } = process;
  return connectivityCommand(process.argv.slice(2), {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    stopped: stopOnInterrupt,
  });
});
