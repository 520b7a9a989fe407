import { join } from "node:path";
import { exitCodes, type Verdict, verdictOf } from "./audit/verdict.ts";
import { runAs } from "./command-line.ts";
import { runCommand } from "./image/npm.ts";
import { namesGiven } from "./names-only.ts";

const ROOT = join(import.meta.dirname, "..");
const USAGE = `npm run audit: known vulnerabilities, high or critical, in what the API's image installs

Asks npm's registry for the versions in package-lock.json. Nothing is installed or changed.

Exit codes: 0 clean, 1 vulnerable, 2 the registry could not be asked, which is not clean.`;

const words = ["audit", "--workspace=@groundwork/api", "--omit=dev", "--audit-level=high", "--json"];

function linesOf(verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case "clean":
      return ["audit: nothing known, high or critical, in what the API's image installs"];
    case "vulnerable":
      return verdict.findings;
    case "not asked":
      return [`audit: the registry could not be asked, so nothing is known: ${verdict.reason}`];
  }
}

await runAs("audit", async () => {
  if (namesGiven(USAGE) === undefined) return 0;
  const verdict = verdictOf((await runCommand("npm", words, ROOT)).stdout);
  const print = verdict.kind === "clean" ? console.log : console.error;
  for (const line of linesOf(verdict)) print(line);
  return exitCodes[verdict.kind];
});
