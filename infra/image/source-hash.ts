import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ImageSource } from "../settings/api-image.ts";

/** infra/, whichever folder a test is run from. */
const programDirectory = join(import.meta.dirname, "..");

/**
 * Twenty hexadecimal digits that change with every file of the image, its name, and the Dockerfile.
 * Throws the file system's error where one is missing.
 */
export function sourceHash({ context, dockerfile, included, excluded }: ImageSource): string {
  const folder = join(programDirectory, context);
  const hash = createHash("sha256").update(readFileSync(join(programDirectory, dockerfile)));
  for (const path of included.flatMap((one) => filesOf(folder, one)).sort())
    if (!isExcluded(path, excluded)) hash.update(`\0${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest("hex").slice(0, 20);
}

function filesOf(folder: string, path: string): string[] {
  if (!statSync(join(folder, path)).isDirectory()) return [path];
  return readdirSync(join(folder, path)).flatMap((name) => filesOf(folder, `${path}/${name}`));
}

const isExcluded = (path: string, rules: readonly string[]): boolean =>
  rules.some((rule) =>
    rule.startsWith("**/*") ? path.endsWith(rule.slice(4)) : path === rule || path.startsWith(`${rule}/`),
  );
