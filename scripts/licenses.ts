import { resolve } from "node:path";
import { columns } from "./columns.ts";
import { readArguments, runAs } from "./command-line.ts";
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

async function run(install: string | undefined): Promise<number> {
  const packages = await (install === undefined ? withProductionInstall(licensesOf) : licensesOf(install));
  const findings = findingsOf(packages, { allowed: ALLOWED_LICENSES, exceptions: LICENSE_EXCEPTIONS });
  for (const line of summary(packages)) console.log(line);
  for (const finding of findings) console.error(`licenses: ${finding}`);
  return findings.length === 0 ? 0 : 1;
}

const options = { install: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

await runAs("licenses", async () => {
  const { values } = readArguments({ options });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  // Where the person stands: npm runs its scripts at the repository's root.
  return run(values.install === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? ".", values.install));
});
