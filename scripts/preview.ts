import { join } from "node:path";
import { branchCommand } from "./branch/command.ts";
import { runAs } from "./command-line.ts";

await runAs("preview", () => branchCommand("preview", process.argv.slice(2), join(import.meta.dirname, "..")));
