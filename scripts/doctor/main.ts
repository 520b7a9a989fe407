import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { z } from "zod";
import { doctorCommand } from "./command.ts";
import { runTool } from "./run-tool.ts";
import { colors, noColors } from "../sandbox/cli/display/colors.ts";
import { stateDirectoryOf } from "../sandbox/cli/paths.ts";
import { stacksWithState } from "../sandbox/project/stack-names.ts";
import { settingsOf } from "../target.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PROJECT = "groundwork";
const DEADLINE_MILLISECONDS = 3000;

const packageFile = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.object({ "@pulumi/pulumi": z.string() }),
});

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Runs the command on this machine and returns the exit code. */
export function main(args: readonly string[]): Promise<number> {
  const { stdout, env } = process;
  const { engines, dependencies } = packageFile.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  return doctorCommand(args, {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    environment: env,
    // A machine of EC2 answers at once, and no other does.
    credentials: fromNodeProviderChain({ timeout: 500, maxRetries: 0 }),
    deadlineMilliseconds: DEADLINE_MILLISECONDS,
    versions: { node: engines.node, pulumi: dependencies["@pulumi/pulumi"] },
    run: runTool(ROOT),
    read: (file) => textOf(join(ROOT, file)),
    settings: (stack) => settingsOf(stack, ROOT),
    pulumiLogin: textOf(join(env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "credentials.json")),
    sandboxStacks: (stateDirectory) => stacksWithState(PROJECT, stateDirectoryOf(ROOT, stateDirectory)),
  });
}
