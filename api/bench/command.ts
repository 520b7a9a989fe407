import { parseArgs } from "node:util";
import { bindThisProcess, findCores } from "./cores.ts";
import { cachedRead } from "./measurements/cached-read.ts";
import { heartbeat } from "./measurements/heartbeat.ts";
import { hitRate } from "./measurements/hit-rate.ts";
import { restart } from "./measurements/restart.ts";
import { soak } from "./measurements/soak.ts";
import { writes } from "./measurements/writes.ts";
import { type Plan, plans } from "./plan.ts";
import { isKept, reportJson, type Row, tableText } from "./report.ts";
import { startSurroundings, type Surroundings } from "./surroundings.ts";

type Measurement = (surroundings: Surroundings, plan: Plan) => Promise<readonly Row[]>;

/** In the order in which they run. */
export const measurements = {
  heartbeat,
  "cached-read": cachedRead,
  writes,
  "hit-rate": hitRate,
  soak,
  restart,
} as const satisfies Readonly<Record<string, Measurement>>;

export type MeasurementName = keyof typeof measurements;

const names = Object.keys(measurements) as MeasurementName[];

export const usage = `npm run bench -w api: what the API holds under load, against what the project promises

  --quick         shorter and rougher
  --only NAME     ${names.join("|")}; may be given again for another
  --json          for machines: \`reportJson\` in api/bench/report.ts
  --help

Exit codes: 0 every limit is kept, 1 one is broken, 2 wrong input.`;

/** Wrong input, in words for whoever typed it. */
export class UsageError extends Error {}

export interface BenchOptions {
  readonly plan: Plan;
  readonly only: readonly MeasurementName[];
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws a `UsageError`. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args);
  const { only = names, quick = false, json = false, help = false } = values;
  const unknown = only.find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no ${unknown}; there are ${names.join(", ")}`);
  return { plan: quick ? plans.quick : plans.full, only: names.filter((name) => only.includes(name)), json, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean" },
        only: { type: "string", multiple: true },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs the command line; the exit code. `print` takes the result, `tell` what happens meanwhile. */
export async function benchCommand(
  args: readonly string[],
  print: (text: string) => void,
  tell: (text: string) => void,
): Promise<0 | 1> {
  const { plan, only, json, help } = readOptions(args);
  if (help) {
    print(usage);
    return 0;
  }
  const cores = findCores();
  if (cores === undefined) tell("the server shares its core with the load: there is no taskset, or one core alone");
  else bindThisProcess(cores);
  const surroundings = await startSurroundings(cores);
  const rows: Row[] = [];
  try {
    for (const name of only) {
      tell(`${name} ...`);
      rows.push(...(await measurements[name](surroundings, plan)));
    }
  } finally {
    await surroundings.close();
  }
  print(json ? reportJson(rows) : tableText(rows));
  return rows.every(isKept) ? 0 : 1;
}
