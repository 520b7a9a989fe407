import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigFileError } from "../infra/settings/config-file.ts";
import { readArguments, runAs } from "./command-line.ts";
import { environmentsDocument } from "./environments/document.ts";
import { readFacts } from "./environments/facts.ts";
import { environmentLines } from "./environments/lines.ts";
import { withRecoveryTables } from "./environments/recovery-tables.ts";
import { codeOf, messageOf, UserError } from "./sandbox/user-error.ts";
import { colors } from "./sandbox/cli/display/colors.ts";

const ROOT = join(import.meta.dirname, "..");
const DOCUMENT = "docs/environments.md";
const RECOVERY = "docs/disaster-recovery.md";
const USAGE = `npm run environments: how the environments differ and why, and what every app reads

  npm run environments              prints it
  npm run environments -- --write   writes ${DOCUMENT}, and the tables of ${RECOVERY}

Exit codes: 0 done, 1 a stack file is missing or wrong, 2 wrong usage.`;

const options = { write: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

async function main(): Promise<number> {
  const { values } = readArguments({ options });
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
}

const explained = (error: unknown): UserError | undefined =>
  error instanceof ConfigFileError || codeOf(error) === "ENOENT" ? new UserError(messageOf(error)) : undefined;

await runAs("environments", main, explained);
