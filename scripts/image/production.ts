import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "./assemble.ts";
import { buildContext } from "../sandbox/cloud/build-context.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What api/Dockerfile is built from. */
export const apiContext = buildContext(ROOT, ".", "api/Dockerfile");

/**
 * Installs what the image installs into a folder that is gone afterwards, and gives it to `use`. Throws an
 * `AssemblyError` where npm fails.
 */
export async function withProductionInstall<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const into = await mkdtemp(join(tmpdir(), "production-install-"));
  try {
    const { root, workdir } = await assemble(apiContext, into, "dependencies");
    return await use(join(root, workdir));
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}
