import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../sandbox/user-error.ts";
import { runCommand } from "../image/npm.ts";
import type { LicensedPackage } from "./judge.ts";

const checker = join(import.meta.dirname, "../../node_modules/.bin/license-checker-rseidelsohn");

const printed = z.record(z.string(), z.object({ licenses: z.union([z.string(), z.array(z.string())]) }));

/** The packages of an install but the private ones, which are this repository's own. Throws where there is none. */
export async function licensesOf(installFolder: string): Promise<readonly LicensedPackage[]> {
  if (!existsSync(join(installFolder, "node_modules"))) throw new UserError(`${installFolder} holds no node_modules`);
  const words = ["--start", installFolder, "--excludePrivatePackages", "--json"];
  const { exitCode, stdout, stderr } = await runCommand(checker, words, installFolder);
  if (exitCode !== 0) throw new UserError(`the licences in ${installFolder} cannot be read: ${stderr.trim()}`);
  return Object.entries(printed.parse(JSON.parse(stdout))).map(([name, { licenses }]) => ({
    package: name,
    // Several in a list are all that might apply.
    license: typeof licenses === "string" ? licenses : licenses.join(" AND "),
  }));
}
