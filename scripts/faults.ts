import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParseArgsConfig } from "node:util";
import { readArguments, runAs } from "./command-line.ts";
import { faultLine, typesOf } from "./faults/compare.ts";
import { checkFault, leftBy, up, type FaultResult } from "./faults/run.ts";
import { UserError } from "./sandbox/user-error.ts";

const USAGE = `npm run faults: each resource type of a stack fails once, in the sandbox

  npm run faults                                every type of staging
  npm run faults -- --stack production          of another stack
  npm run faults -- --type 'aws:s3/*'           only types that begin so; repeatable

For each type: the first operation on it fails, the run must stop and say so, a second run must complete, and state and
cloud must hold what an undisturbed run leaves. Exit codes: 0 all hold, 1 some do not, 2 wrong usage.`;

/** Programs side by side: more only wait for each other on two cores. */
const WORKERS = 3;

async function faults(stack: string, only: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "faults-"));
  const clean = (): void => rmSync(directory, { recursive: true, force: true });
  process.once("exit", clean);
  process.once("SIGINT", () => process.exit(130));
  try {
    const state = join(directory, "undisturbed");
    const undisturbed = await up(stack, state);
    if (undisturbed.result !== "succeeded")
      throw new UserError(undisturbed.errors.map(({ urn, message }) => `${urn} ${message}`).join("\n"));
    const expected = await leftBy(stack, state);
    const types = typesOf(expected.resources).filter(
      (type) => only.length === 0 || only.some((start) => type.startsWith(start.replace(/\*$/, ""))),
    );
    if (types.length === 0)
      throw new UserError(
        `${stack} has no type that begins with ${only.join(" or ")}: write it as in aws:s3/bucket:Bucket`,
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
    return broken.length === 0 ? 0 : 1;
  } finally {
    clean();
  }
}

const options = {
  stack: { type: "string", default: "staging" },
  type: { type: "string", multiple: true, default: [] },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

await runAs("faults", () => {
  // Nobody reads the programs' stack traces here, and Pulumi keeps one for every output.
  process.env["NODE_OPTIONS"] = `${process.env["NODE_OPTIONS"] ?? ""} --stack-trace-limit=0`.trimStart();
  const { values } = readArguments({ options });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  return faults(values.stack, values.type);
});
