import { join } from "node:path";
import { branchCommand } from "./branch/command.ts";
import { runAs } from "./command-line.ts";

await runAs("up", () => branchCommand("up", process.argv.slice(2), join(import.meta.dirname, "..")));
