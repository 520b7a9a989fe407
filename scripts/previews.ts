import { join } from "node:path";
import { previewsCommand } from "./previews/command.ts";

process.exitCode = await previewsCommand(process.argv.slice(2), join(import.meta.dirname, ".."));
