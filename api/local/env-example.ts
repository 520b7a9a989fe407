import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { envExample } from "./env-example-text.ts";

const FILE = "api/.env.example";
const USAGE = `node api/local/env-example.ts: every variable of the API, with its default

  node api/local/env-example.ts            prints it
  node api/local/env-example.ts --write    writes ${FILE}

Exit codes: 0 done, 2 wrong usage.`;

function main(): number {
  try {
    const { values } = parseArgs({
      options: { write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) console.log(USAGE);
    else if (values.write === true) {
      writeFileSync(join(import.meta.dirname, "../..", FILE), envExample());
      console.log(`wrote ${FILE}`);
    } else process.stdout.write(envExample());
    return 0;
  } catch (error) {
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
      console.error(`env-example: ${error.message.split("\n")[0] ?? ""}; --help shows what is possible`);
      return 2;
    }
    throw error;
  }
}

process.exitCode = main();
