import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigFileError } from "../infra/settings/config-file.ts";
import { environmentsDocument } from "./environments/document.ts";
import { readFacts } from "./environments/facts.ts";
import { environmentLines } from "./environments/lines.ts";
import { withRecoveryTables } from "./environments/recovery-tables.ts";
import { colors } from "./sandbox/cli/display/colors.ts";

const ROOT = join(import.meta.dirname, "..");
const DOCUMENT = "docs/environments.md";
const RECOVERY = "docs/disaster-recovery.md";
const USAGE = `npm run environments: how the environments differ and why, and what every app reads

  npm run environments              prints it
  npm run environments -- --write   writes ${DOCUMENT}, and the tables of ${RECOVERY}

Exit codes: 0 done, 1 a stack file is missing or wrong, 2 wrong usage.`;

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: { write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      console.log(USAGE);
      return 0;
    }
    const facts = readFacts(ROOT);
    if (values.write === true) {
      const file = join(ROOT, DOCUMENT);
      writeFileSync(file, await environmentsDocument(facts, file));
      const recovery = join(ROOT, RECOVERY);
      writeFileSync(recovery, await withRecoveryTables(readFileSync(recovery, "utf8"), recovery));
      console.log(`wrote ${DOCUMENT} and the tables of ${RECOVERY}`);
    } else console.log(environmentLines(facts, colors).join("\n"));
    return 0;
  } catch (error) {
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
      console.error(`environments: ${error.message.split("\n")[0] ?? ""}; --help shows what is possible`);
      return 2;
    }
    if (error instanceof ConfigFileError || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
      console.error(`environments: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

process.exitCode = await main();
