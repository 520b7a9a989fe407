import { join } from "node:path";
import { branchCommand } from "./branch/command.ts";

process.exitCode = await branchCommand("preview", process.argv.slice(2), join(import.meta.dirname, ".."));
