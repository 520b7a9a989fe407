import { z } from "zod";
import type { Check } from "./checks.ts";

/** package-lock.json, and the copy of what is installed that npm keeps in node_modules. */
const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), link: z.boolean().optional(), optional: z.boolean().optional() }),
  ),
});

export interface Deviation {
  readonly missing: readonly string[];
  readonly different: readonly string[];
}

/** What is locked and not installed, or in another version. What is optional may be for another machine. */
export function deviations(locked: unknown, installed: unknown): Deviation {
  const [wanted, there] = [lockFile.parse(locked).packages, lockFile.parse(installed).packages];
  const names = Object.keys(wanted).filter((path) => path !== "");
  return {
    missing: names.filter((path) => there[path] === undefined && wanted[path]?.optional !== true),
    different: names.filter((path) => there[path] !== undefined && there[path].version !== wanted[path]?.version),
  };
}

/** `read` gives a file's text, or undefined where it is not there. */
export function checkPackages(read: (file: string) => string | undefined): Check {
  const check = (state: Check["state"], says: string): Check => ({
    area: "project",
    name: "node_modules",
    state,
    says,
    neededFor: "sandbox",
    ...(state !== "ok" && { next: "npm ci" }),
  });
  const [lock, installed] = [read("package-lock.json"), read("node_modules/.package-lock.json")];
  if (lock === undefined) return check("wrong", "there is no package-lock.json");
  if (installed === undefined) return check("missing", "nothing is installed");
  try {
    const { missing, different } = deviations(JSON.parse(lock), JSON.parse(installed));
    if (missing.length === 0 && different.length === 0) return check("ok", "as package-lock.json says");
    const counts = [
      ...(missing.length === 0 ? [] : [`${missing.length} missing`]),
      ...(different.length === 0 ? [] : [`${different.length} in another version`]),
    ];
    const [first = ""] = [...missing, ...different];
    return check(
      "wrong",
      `not as package-lock.json says: ${counts.join(", ")} (${first.replace(/^node_modules\//, "")})`,
    );
  } catch {
    return check("wrong", "package-lock.json or npm's copy of it cannot be read");
  }
}
