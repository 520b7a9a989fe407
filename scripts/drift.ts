import { resolve } from "node:path";
import { createAwsCredentials } from "../api/src/dependencies/aws-credentials.ts";
import { runAs } from "./command-line.ts";
import { accountsWho } from "./drift/accounts-who.ts";
import { askCloudTrail } from "./drift/cloudtrail.ts";
import { driftCommand } from "./drift/command.ts";
import { sandboxWho } from "./drift/sandbox-who.ts";
import { openEngine } from "./engines/open-engine.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { stateDirectoryOf } from "./sandbox/cli/paths.ts";
import { targetOf } from "./target.ts";

const ROOT = resolve(import.meta.dirname, "..");
const DEADLINE_MILLISECONDS = 5000;

await runAs("drift", () => {
  const { stdout, env } = process;
  const ask = askCloudTrail({
    credentials: createAwsCredentials(),
    environment: env,
    deadlineMilliseconds: DEADLINE_MILLISECONDS,
  });
  return driftCommand(process.argv.slice(2), {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    target: targetOf,
    openEngine,
    who: ({ sandbox, stateDirectory, target, steps }) =>
      sandbox ? sandboxWho(stateDirectoryOf(ROOT, stateDirectory)) : accountsWho(steps, target.region, ask),
  });
});
