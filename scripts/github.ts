import { runAs } from "./command-line.ts";
import { githubCommand } from "./github/command.ts";

await runAs("github", async () => {
  await githubCommand(process.argv.slice(2), {
    env: process.env,
    print: (text) => process.stdout.write(`${text.trimEnd()}\n`),
  });
  return 0;
});
