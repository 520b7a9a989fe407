import { join } from "node:path";
import { runAs } from "./command-line.ts";
import { previewsCommand } from "./previews/command.ts";

await runAs("previews", () => previewsCommand(process.argv.slice(2), join(import.meta.dirname, "..")));
