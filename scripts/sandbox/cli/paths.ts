import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";

/** Absolute. A relative one that was given is relative to the working directory; the default is in the project. */
export const stateDirectoryOf = (root: string, given: string | undefined): string =>
  given === undefined ? join(root, ".sandbox") : resolve(given);

export const cloudDirectory = (stateDirectory: string): string => join(stateDirectory, "cloud");
export const backendDirectory = (stateDirectory: string): string => join(stateDirectory, "backend");

/** What is parsed once per package version outlives any state directory: it lies beside the packages. */
export function cacheDirectory(stateDirectory: string): string {
  try {
    const path = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
    const modules = path.lastIndexOf(`${sep}node_modules${sep}`);
    return join(path.slice(0, modules), "node_modules", ".cache", "groundwork-sandbox");
  } catch {
    return join(stateDirectory, "cache");
  }
}

/** What Node compiled of programs, packs, and SDKs. */
export const compileCacheDirectory = (stateDirectory: string): string =>
  join(cacheDirectory(stateDirectory), "compiled");
