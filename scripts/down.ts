import { join } from "node:path";
import { branchCommand } from "./branch/command.ts";

process.exitCode = await branchCommand("down", process.argv.slice(2), join(import.meta.dirname, ".."));
