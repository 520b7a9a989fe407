import { readArguments } from "../command-line.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { measure } from "./measure.ts";
import { DEFAULT_PATH, DEFAULTS, planOf } from "./plan.ts";
import { PROFILES, profileNames } from "./profiles.ts";
import { tableText } from "./table.ts";

const names = profileNames.join("|");
const each = (threshold: "successPercent" | "medianMilliseconds"): string =>
  profileNames.map((name) => `${name} ${PROFILES[name].thresholds[threshold]}`).join(", ");

export const USAGE = `npm run connectivity: whether a server is reached as people reach it, through a local proxy that slows TCP down

  npm run connectivity -- --url URL              ${DEFAULT_PATH} where the URL has no path; http or https

  --requests N         how many, each made once and never again (default: ${DEFAULTS.requests})
  --profile NAME       ${names} (default: ${DEFAULTS.profile})
  --concurrency N      how many at a time, each on a connection that is kept (default: ${DEFAULTS.concurrency})
  --timeout MS         from asking to the last byte (default: ${DEFAULTS.timeout})
  --success PERCENT    least share of answers with 2xx (default: ${each("successPercent")})
  --median MS          what the median stays below (default: ${each("medianMilliseconds")})
  --seed N             which segments are lost (default: ${DEFAULTS.seed})
  --json               the report as JSON: \`Report\` in scripts/connectivity/report.ts

Ctrl-C ends the run and reports on what it has. Exit codes: 0 the verdict holds, 1 it does not, 2 wrong input.`;

/** What the command has to do with. */
export interface Surroundings {
  readonly colors: Colors;
  readonly print: (text: string) => void;
  /** Called when the requests begin: ends them, and reports on those made. */
  readonly stopped: () => AbortSignal;
}

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function connectivityCommand(
  args: readonly string[],
  { colors, print, stopped }: Surroundings,
): Promise<number> {
  const { help, json, ...options } = read(args);
  if (help === true) {
    print(USAGE);
    return 0;
  }
  const report = await measure(planOf(options), { stopped });
  print(json === true ? JSON.stringify(report, undefined, 2) : tableText(report, colors));
  return report.verdict.holds ? 0 : 1;
}

function read(args: readonly string[]) {
  return readArguments({
    args: [...args],
    options: {
      url: { type: "string" },
      profile: { type: "string" },
      requests: { type: "string" },
      concurrency: { type: "string" },
      timeout: { type: "string" },
      success: { type: "string" },
      median: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}
