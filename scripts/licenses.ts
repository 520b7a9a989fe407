import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { columns } from "./columns.ts";
import { runScript } from "./image/command-line.ts";
import { withProductionInstall } from "./image/production.ts";
import { ALLOWED_LICENSES, LICENSE_EXCEPTIONS } from "./licenses/allowed.ts";
import { findingsOf, type LicensedPackage } from "./licenses/judge.ts";
import { licensesOf } from "./licenses/read.ts";

const USAGE = `npm run licenses: the licences of what the API's image installs, and whether each is allowed

  npm run licenses                        installs it into a temporary folder first
  npm run licenses -- --install FOLDER    reads an install that is there

scripts/licenses/allowed.ts says what is allowed.

Exit codes: 0 all allowed, 1 not all or failed, 2 wrong usage.`;

/** Licence to number of packages, the most frequent first. */
function summary(packages: readonly LicensedPackage[]): readonly string[] {
  const groups = Map.groupBy(packages, ({ license }) => license);
  return columns(
    [...groups].sort(([, a], [, b]) => b.length - a.length).map(([license, { length }]) => [license, String(length)]),
  );
}

async function run(install: string | undefined): Promise<void> {
  const packages = await (install === undefined ? withProductionInstall(licensesOf) : licensesOf(install));
  const findings = findingsOf(packages, { allowed: ALLOWED_LICENSES, exceptions: LICENSE_EXCEPTIONS });
  for (const line of summary(packages)) console.log(line);
  for (const finding of findings) console.error(`licenses: ${finding}`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

await runScript("licenses", USAGE, async () => {
  const { values } = parseArgs({ options: { install: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help === true) console.log(USAGE);
  // Where the person stands: npm runs its scripts at the repository's root.
  else if (values.install !== undefined) await run(resolve(process.env["INIT_CWD"] ?? ".", values.install));
  else await run(undefined);
});
