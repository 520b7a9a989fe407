import { readArguments } from "../command-line.ts";
import type { Engine } from "../engines/engine.ts";
import type { EngineRequest } from "../engines/open-engine.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";
import { issueOf } from "./issue.ts";
import { markdownText } from "./markdown.ts";
import { type DriftReport, driftReport, driftSteps, type WhoChanged } from "./report.ts";
import { tableText } from "./text.ts";

export const USAGE = `npm run drift: what the cloud holds against what a stack's state says, as a
refresh's preview finds it; neither is changed

  npm run drift                               staging, in its real accounts
  npm run drift -- --stack production --json
  npm run drift -- --sandbox                  the sandbox's staging
  npm run drift -- --format markdown          for an issue

  --stack NAME       staging (the default), production, or preview-SLUG
  --sandbox          the sandbox's cloud instead of real accounts
  --state-dir DIR    where the sandbox keeps its state (default: .sandbox)
  --format FORMAT    table (the default), json, markdown, or issue: JSON with
                     the issue's marker, title, body, and whether it is open
  --json             the same as --format json

Secrets are masked. Exit codes: 0 no drift, 1 drift or a failure,
2 wrong usage. Only a failure writes "drift: ..." to standard error.`;

/** What the command has to do with. */
export interface DriftSurroundings {
  readonly colors: Colors;
  readonly print: (text: string) => void;
  readonly target: (stack: string) => Target;
  readonly openEngine: (request: EngineRequest) => Promise<Engine>;
  /** Asks the logs who changed what. */
  readonly who: (request: WhoRequest) => Promise<WhoChanged>;
}

export interface WhoRequest {
  readonly sandbox: boolean;
  readonly stateDirectory: string | undefined;
  readonly target: Target;
  readonly steps: ReturnType<typeof driftSteps>;
}

const FORMATS: Readonly<Record<string, (report: DriftReport, colors: Colors) => string>> = {
  table: tableText,
  json: (report) => JSON.stringify(report, undefined, 2),
  markdown: (report) => markdownText(report),
  issue: (report) => JSON.stringify(issueOf(report), undefined, 2),
};

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function driftCommand(args: readonly string[], surroundings: DriftSurroundings): Promise<number> {
  const { help, json, format: given, stack = "staging", sandbox = false, ...rest } = read(args);
  if (help === true) {
    surroundings.print(USAGE);
    return 0;
  }
  const stateDirectory = rest["state-dir"];
  if (stateDirectory !== undefined && !sandbox) throw new UserError("--state-dir is of the sandbox: add --sandbox", 2);
  const name = given ?? (json === true ? "json" : "table");
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined)
    throw new UserError(`${JSON.stringify(name)} is no format: there are ${Object.keys(FORMATS).join(", ")}`, 2);
  const target = surroundings.target(stack);
  const engine = await surroundings.openEngine({ sandbox, stateDirectory });
  const run = await engine.previewRefresh(stack);
  if (run.result === "failed")
    throw new UserError(`${stack} cannot be compared with its cloud: ${run.errors[0] ?? "no reason given"}`);
  const steps = driftSteps(run);
  const who = await surroundings.who({ sandbox, stateDirectory, target, steps });
  const report = driftReport(run, engine.kind, who);
  surroundings.print(format(report, surroundings.colors));
  return report.result === "none" ? 0 : 1;
}

function read(args: readonly string[]) {
  return readArguments({
    args: [...args],
    options: {
      stack: { type: "string" },
      sandbox: { type: "boolean" },
      "state-dir": { type: "string" },
      format: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}
