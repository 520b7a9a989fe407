import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportText } from "../sandbox/cli/commands/state-commands.ts";
import { measure, median } from "./measure.ts";

const ROUNDS = 3;
const ROOT = join(import.meta.dirname, "../..");

interface Exported {
  readonly deployment: { readonly resources: readonly { readonly urn: string }[] };
}

/** Seconds from a state file of so many resources to each report: a stack that is up in a sandbox, again and again. */
export async function costTimes(stateDir: string, stack: string, count: number, work: string): Promise<number> {
  mkdirSync(work, { recursive: true });
  const file = join(work, "state.json");
  const given = JSON.parse(await exportText({ cwd: ROOT, stateDir }, stack, false)) as Exported;
  writeFileSync(file, JSON.stringify(copied(given, count)));
  const report = [
    join(ROOT, "scripts/cost.ts"),
    "--state",
    file,
    "--format",
    "html",
    "--out",
    join(work, "report.html"),
  ];
  const times: number[] = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const { seconds } = await measure(process.execPath, report);
    // The first round fills caches.
    if (round > 0) times.push(seconds);
  }
  return median(times);
}

function copied(given: Exported, count: number): Exported {
  const { resources } = given.deployment;
  const copies = Array.from({ length: count }, (_, index) => {
    const source = resources[index % resources.length];
    if (source === undefined) throw new Error("the stack is empty");
    const number = Math.floor(index / resources.length);
    // References between resources stay inside their own copy.
    return number === 0
      ? source
      : (JSON.parse(
          JSON.stringify(source).replaceAll(/urn:pulumi:[^"]+::[^"]+::[^"]+::[^":]+/g, (urn) => `${urn}-${number}`),
        ) as typeof source);
  });
  return { ...given, deployment: { ...given.deployment, resources: copies } };
}
