import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statefulTypes } from "../infra/settings/recovery.ts";
import { runAs } from "./command-line.ts";
import { sandbox } from "./conformance/sandbox-cli.ts";
import { identitiesOf } from "./identities.ts";
import { namesGiven } from "./names-only.ts";
import { factsOf } from "./stack-facts.ts";

const usage = `npm run identities: brings both stacks up in a sandbox of its own, and writes down what
holds data in each, under which URN and name: scripts/identities/STACK.json

A difference in the files is a bucket, a database, or a key that a real update
would replace, or one that is new.`;

async function record(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), "identities-"));
  try {
    for (const stack of ["staging", "production"]) {
      const { code, stdout, stderr } = await sandbox("up", "--skip-preview", "--stack", stack, "--state-dir", state);
      if (code !== 0) throw new Error(stdout + stderr);
      const { resources } = await factsOf({ cwd: import.meta.dirname, stateDir: state }, stack);
      const identities = identitiesOf(resources, statefulTypes);
      writeFileSync(
        join(import.meta.dirname, "identities", `${stack}.json`),
        `${JSON.stringify(identities, null, 2)}\n`,
      );
      process.stdout.write(`${stack}: ${identities.length} resources hold data\n`);
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

await runAs("identities", async () => {
  if (namesGiven(usage) !== undefined) await record();
  return 0;
});
