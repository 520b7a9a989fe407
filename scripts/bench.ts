import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actualsTimes, BILL_ROWS } from "./bench/actuals.ts";
import { costTimes } from "./bench/cost.ts";
import { measure, median } from "./bench/measure.ts";
import { packTimes } from "./bench/policy.ts";
import { runAs } from "./command-line.ts";
import { namesGiven } from "./names-only.ts";

/** What the project promises on two cores. Ratios compare runs of this same bench, so that a slow machine cancels out. */
const PROMISES = {
  startSeconds: 25,
  startMebibytes: 1536,
  previewRatio: 1.5,
  growthRatio: 4,
  manySeconds: 60,
  branchSeconds: 10,
  policySeconds: 2,
  policyMillisecondsPerResource: 10,
  /** Ten times the resources; linear with a fifth on top for noise. */
  policyGrowth: 12,
  costSeconds: 2,
  billSeconds: 60,
  billMebibytes: 953,
} as const;

const ROUNDS = 3;
const root = join(import.meta.dirname, "..");
const sandbox = join(root, "scripts/sandbox/main.ts");
const work = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
const node = process.execPath;

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly promise: string;
  readonly kept: boolean;
}

const rows: Row[] = [];
const seconds = (value: number): string => `${value.toFixed(1)} s`;

function promise(what: string, value: number, limit: number, show: (value: number) => string): void {
  rows.push({ what, measured: show(value), promise: `at most ${show(limit)}`, kept: value <= limit });
}

async function benchStart(): Promise<void> {
  const times: number[] = [];
  let peak = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = (part: string): string[] => [
      join(root, "scripts/start.ts"),
      "--state-dir",
      join(work, `start-${part}-${round}`),
    ];
    times.push((await measure(node, start("timed"))).seconds);
    peak = Math.max(peak, (await measure(node, start("weighed"), { memory: true })).peakMebibytes);
  }
  promise("npm start, both stacks from nothing", median(times), PROMISES.startSeconds, seconds);
  promise("its memory, summed over its processes", peak, PROMISES.startMebibytes, (value) => `${value} MiB`);
}

/**
 * The sides take turns, so that what else the machine does hits all. Mocks run no policy pack, so the promise is on a
 * preview without one; what the pack adds is shown beside it.
 */
async function benchPreview(): Promise<void> {
  const plain: number[] = [];
  const judged: number[] = [];
  const mocks: number[] = [];
  const preview = [sandbox, "preview", "--stack", "staging", "--state-dir", join(work, "preview")];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const alone = await measure(node, [...preview, "--no-policy"]);
    const mocked = await measure(node, [join(root, "scripts/bench/under-mocks.ts"), "staging"]);
    const full = await measure(node, preview);
    // The first round fills caches.
    if (round === 0) continue;
    plain.push(alone.seconds);
    judged.push(full.seconds);
    mocks.push(mocked.seconds);
  }
  const ratio = median(plain) / median(mocks);
  promise("preview of one stack, against Pulumi's mocks", ratio, PROMISES.previewRatio, (value) => value.toFixed(2));
  const shown = { promise: "", kept: true };
  rows.push({ what: "  preview", measured: seconds(median(plain)), ...shown });
  rows.push({ what: "  under mocks", measured: seconds(median(mocks)), ...shown });
  rows.push({ what: "  preview with the policy pack", measured: seconds(median(judged)), ...shown });
}

/** What the pack costs: a preview with it against one without, in turns, and the pack alone over what is up. */
async function benchPolicy(): Promise<void> {
  const stateDir = join(work, "policy");
  await measure(node, [
    sandbox,
    "up",
    "--skip-preview",
    "--no-policy",
    "--stack",
    "production",
    "--state-dir",
    stateDir,
  ]);
  const added: number[] = [];
  const preview = [sandbox, "preview", "--stack", "production", "--state-dir", stateDir];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const without = await measure(node, [...preview, "--no-policy"]);
    const full = await measure(node, preview);
    // The first round fills caches.
    if (round > 0) added.push(full.seconds - without.seconds);
  }
  promise("what the policy pack adds to a preview of production", median(added), PROMISES.policySeconds, seconds);
  const { perResourceMilliseconds, growth } = await packTimes(stateDir, "production");
  const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
  promise("  one resource", perResourceMilliseconds, PROMISES.policyMillisecondsPerResource, milliseconds);
  promise("  3,000 resources, against 300", growth, PROMISES.policyGrowth, (value) => value.toFixed(1));
  const cost = await costTimes(stateDir, "production", 5_000, join(work, "cost"));
  promise("cost of 5,000 resources, from a state file to a page", cost, PROMISES.costSeconds, seconds);
}

/** A branch's stack beside a staging that is up: its first up, with preview and policies, and its end. */
async function benchBranch(): Promise<void> {
  const place = ["--state-dir", join(work, "branch")];
  await measure(node, [sandbox, "up", "--skip-preview", "--no-policy", "--stack", "staging", ...place]);
  const ups: number[] = [];
  const destroys: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const stack = ["--stack", `preview-bench-${round}`, ...place];
    ups.push((await measure(node, [sandbox, "up", ...stack])).seconds);
    destroys.push((await measure(node, [sandbox, "destroy", ...stack])).seconds);
  }
  promise("up of a branch's preview stack", median(ups), PROMISES.branchSeconds, seconds);
  promise("its destroy", median(destroys), PROMISES.branchSeconds, seconds);
}

async function upOf(count: number): Promise<number> {
  const directory = join(work, `many-${count}`);
  mkdirSync(directory);
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  writeFileSync(join(directory, "package.json"), '{ "name": "many", "type": "module" }\n');
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    "name: many\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(
    join(directory, "index.ts"),
    `import * as random from "@pulumi/random";
for (let i = 0; i < ${count}; i++) new random.RandomPet(\`pet-\${i}\`, { length: 2 });
`,
  );
  const args = [sandbox, "up", "--cwd", directory, "--stack", "dev", "--no-policy", "--skip-preview"];
  return (await measure(node, args)).seconds;
}

async function benchGrowth(): Promise<void> {
  const few = await upOf(500);
  const many = await upOf(2000);
  promise("up of 2,000 resources, against 500", many / few, PROMISES.growthRatio, (value) => value.toFixed(2));
  promise("up of 2,000 resources", many, PROMISES.manySeconds, seconds);
}

/** What is billed, from ten million rows. A gigabyte of memory is 953 MiB. */
async function benchActuals(): Promise<void> {
  for (const container of ["csv.gz", "parquet"] as const) {
    const { seconds: taken, peakMebibytes } = await actualsTimes(work, container);
    promise(`cost actuals, ${BILL_ROWS / 1e6} million rows of ${container}`, taken, PROMISES.billSeconds, seconds);
    promise("  its memory", peakMebibytes, PROMISES.billMebibytes, (value) => `${value} MiB`);
  }
}

const benches: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  preview: benchPreview,
  policy: benchPolicy,
  branch: benchBranch,
  growth: benchGrowth,
  bills: benchActuals,
};

const usage = `npm run bench: how long and how much memory it takes, against what the project promises

  npm run bench                  all of it, some minutes
  npm run bench -- start policy  these alone: ${Object.keys(benches).join(", ")}

Exit codes: 0 every promise is kept, 1 one is broken, 2 wrong usage.`;

async function run(): Promise<number> {
  try {
    const chosen = namesGiven(usage, Object.keys(benches));
    if (chosen === undefined) return 0;
    for (const [name, bench] of Object.entries(benches))
      if (chosen.length === 0 || chosen.includes(name)) await bench();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const width = Math.max(...rows.map((row) => row.what.length));
  for (const { what, measured, promise: limit, kept } of rows)
    process.stdout.write(
      `${what.padEnd(width)}  ${measured.padStart(9)}  ${limit.padEnd(18)}${limit === "" ? "" : kept ? "kept" : "BROKEN"}\n`,
    );
  return rows.every((row) => row.kept) ? 0 : 1;
}

await runAs("bench", run);
