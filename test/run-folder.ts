import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = "GROUNDWORK_TEST_RUN";

/** A folder that the test files of one run share; undefined where a file runs without mocha's configuration. */
export const runFolder = (): string | undefined => process.env[NAME];

/** Before mocha's workers begin, which inherit the variable. */
export function mochaGlobalSetup(): void {
  process.env[NAME] = mkdtempSync(join(tmpdir(), "groundwork-test-"));
}

export function mochaGlobalTeardown(): void {
  const folder = runFolder();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
