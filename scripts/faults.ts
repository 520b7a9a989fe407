import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exportedResources, faultLine, typesOf } from "./faults/compare.ts";
import { checkFault, type FaultResult } from "./faults/run.ts";
import { sandbox, sandboxJson } from "./conformance/sandbox-cli.ts";

const USAGE = `npm run faults: each resource type of a stack fails once, in the sandbox

  npm run faults                                every type of staging
  npm run faults -- --stack production          of another stack
  npm run faults -- --type 'aws:s3/*'           only types that begin so; repeatable

For each type: the first operation on it fails, the run must stop and say so, a second run must complete, and the state
must be what an undisturbed run leaves. Exit codes: 0 all hold, 1 some do not, 2 wrong usage.`;

/** Programs side by side: more than two only wait for each other on two cores. */
const WORKERS = 2;

async function faults(stack: string, only: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "faults-"));
  try {
    const place = ["--stack", stack, "--state-dir", join(directory, "undisturbed")];
    const undisturbed = await sandboxJson("up", "--skip-preview", "--no-policy", ...place);
    if (undisturbed.result !== "succeeded")
      throw new Error(undisturbed.errors.map(({ urn, message }) => `${urn} ${message}`).join("\n"));
    const expected = exportedResources((await sandbox("export", "--show-secrets", ...place)).stdout);
    const types = typesOf(expected).filter(
      (type) => only.length === 0 || only.some((start) => type.startsWith(start.replace(/\*$/, ""))),
    );
    const results: FaultResult[] = [];
    const queue = [...types];
    const worker = async (): Promise<void> => {
      for (let type = queue.shift(); type !== undefined; type = queue.shift()) {
        const result = await checkFault({ stack, type, expected, directory });
        results.push(result);
        process.stdout.write(`${faultLine(result)}\n`);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    const broken = results.filter(({ problems }) => problems.length > 0);
    process.stdout.write(`${results.length - broken.length} of ${results.length} types of ${stack} recover.\n`);
    return broken.length === 0 && results.length > 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        stack: { type: "string", default: "staging" },
        type: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    return await faults(values.stack, values.type);
  } catch (error) {
    const usage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    process.stderr.write(`faults: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}\n`);
    return usage ? 2 : 1;
  }
}

process.exitCode = await main();
