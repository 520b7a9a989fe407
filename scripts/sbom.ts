import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readArguments, runAs } from "./command-line.ts";
import { withProductionInstall } from "./image/production.ts";
import { billOf } from "./sbom/bill.ts";

const USAGE = `npm run sbom: the software bill of materials of the API's image (CycloneDX 1.5, JSON)

  npm run sbom -- [--output FILE]    FILE is sbom.cdx.json unless said

Installs what the image installs into a temporary folder, so npm's registry must be reachable.

Exit codes: 0 written, 1 failed, 2 wrong usage.`;

async function run(output: string): Promise<void> {
  const bill = await withProductionInstall((folder) => billOf(folder, "@groundwork/api"));
  writeFileSync(output, `${JSON.stringify(bill, undefined, 2)}\n`);
  console.log(`sbom: ${bill.components.length} packages in ${output}`);
}

const options = { output: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

await runAs("sbom", async () => {
  const { values } = readArguments({ options });
  if (values.help === true) console.log(USAGE);
  // Where the person stands: npm runs its scripts at the repository's root.
  else await run(resolve(process.env["INIT_CWD"] ?? ".", values.output ?? "sbom.cdx.json"));
  return 0;
});
