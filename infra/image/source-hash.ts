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
export function sourceHash(source: ImageSource): string {
  const folder = join(programDirectory, source.context);
  const hash = createHash("sha256").update(readFileSync(join(programDirectory, source.dockerfile)));
  for (const path of sourceFiles(source)) hash.update(`\0${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest("hex").slice(0, 20);
}

/** The files of the image, in order, as paths within the context. */
export function sourceFiles({ context, included, excluded }: ImageSource): readonly string[] {
  const folder = join(programDirectory, context);
  return included
    .flatMap((one) => filesOf(folder, one))
    .filter((path) => !isExcluded(path, excluded))
    .sort();
}

function filesOf(folder: string, path: string): string[] {
  if (!statSync(join(folder, path)).isDirectory()) return [path];
  return readdirSync(join(folder, path)).flatMap((name) => filesOf(folder, `${path}/${name}`));
}

const isExcluded = (path: string, rules: readonly string[]): boolean =>
  rules.some((rule) =>
    rule.startsWith("**/*") ? path.endsWith(rule.slice(4)) : path === rule || path.startsWith(`${rule}/`),
  );
