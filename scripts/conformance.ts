import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAs } from "./command-line.ts";
import { checkOwnStacks, hasPulumi, type Row } from "./conformance/own-stacks.ts";
import { stacksUp } from "./conformance/stacks-up.ts";
import { namesGiven } from "./names-only.ts";
import { differences } from "./sandbox/conformance/compare.ts";
import { expectation, playScenario, scenarios } from "./sandbox/conformance/scenario.ts";

const usage = `npm run conformance: the sandbox's engine against what Pulumi's own engine did, program
by program, and the project's own stacks from nothing to nothing; with a Pulumi
CLI on the PATH against that, too

Exit codes: 0 the same, 1 something differs, 2 wrong usage.`;

const work = mkdtempSync(join(tmpdir(), "groundwork-conformance-"));

async function checkScenario(name: string): Promise<Row> {
  const scenario = scenarios()[name];
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const { cli, steps } = expectation(name);
  const results = await playScenario(name, scenario);
  const lines = steps.flatMap((step, index) => {
    const result = results[index];
    if (result === undefined) return [`step ${index + 1} did not run`];
    return differences(step, result).map((line) => `step ${index + 1}: ${line}`);
  });
  return { what: `${name}: ${steps.length} steps as recorded under the Pulumi CLI ${cli}`, differences: lines };
}

function show({ what, differences: lines }: Row): void {
  process.stdout.write(`${lines.length === 0 ? "same   " : "DIFFERS"}  ${what}\n`);
  for (const line of lines) process.stdout.write(`           ${line}\n`);
}

const rows: Row[] = [];
const add = (row: Row): void => {
  rows.push(row);
  show(row);
};

async function run(): Promise<number> {
  try {
    if (namesGiven(usage) === undefined) return 0;
    for (const name of Object.keys(scenarios())) add(await checkScenario(name));
    const { state: up } = await stacksUp(work);
    for (const row of await checkOwnStacks(["staging", "production"], { up, empty: join(work, "empty") })) add(row);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const differing = rows.filter((row) => row.differences.length > 0).length;
  process.stdout.write(
    `\n${rows.length - differing} of ${rows.length} the same. ` +
      ((await hasPulumi())
        ? "The project's stacks were also previewed under the Pulumi CLI on the PATH.\n"
        : "There is no Pulumi CLI on the PATH: only the recorded results were compared.\n"),
  );
  return differing === 0 ? 0 : 1;
}

await runAs("conformance", run);
