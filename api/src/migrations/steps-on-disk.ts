import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Migration } from "./migration.ts";
import type { MigrationFacts } from "./rollback.ts";

export const stepsDirectory = join(import.meta.dirname, "steps");
/** As migrate-mongo finds them: every file of the folder that ends so, in the order of their names. */
export const stepsExtension = ".ts";

/** Every migration of a folder, in the order in which they run. */
export async function readSteps(
  directory = stepsDirectory,
): Promise<readonly (MigrationFacts & { readonly migration: Migration })[]> {
  const fileNames = (await readdir(directory)).filter((name) => extname(name) === stepsExtension).sort();
  return Promise.all(
    fileNames.map(async (fileName) => {
      const file = pathToFileURL(join(directory, fileName)).href;
      const { default: migration } = (await import(file)) as { readonly default: Migration };
      return { fileName, irreversible: migration.irreversible, migration };
    }),
  );
}
