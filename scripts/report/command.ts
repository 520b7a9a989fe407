import { appendFileSync } from "node:fs";
import type { ParseArgsConfig } from "node:util";
import { openGitHub } from "../github/api.ts";
import { commandNamed, readArguments, wrongUsage } from "../command-line.ts";
import { stackNameOf } from "../sandbox/project/stack-names.ts";
import { UserError } from "../sandbox/user-error.ts";
import { commentCommand } from "./comment.ts";
import { summaryMarkdown } from "./markdown.ts";
import { workflowRunOf } from "./pull-request.ts";
import { stopsOf } from "./stops.ts";

export const usage = `npm run report: what a pull request would do, for its comment

  npm run report -- build --base main --out DIR
      in the pull request's own run, without any secret: changes, policy
      findings, data that would be lost, and cost of each stack, in the sandbox
  npm run report -- comment --artifact DIR --event FILE
      in a trusted run: checks what build wrote and writes the one comment

build:
  --base REVISION       what the change is measured against (HEAD^1 of a merge)
  --out DIR             where report.json goes
  --stack NAME          repeatable (default: staging and production)
  --allow-losses        losing data is meant: the label allow-destroy says so
  --summary FILE        adds the report as Markdown, for a job's summary
  --json                the report instead of lines for people
comment:
  --artifact DIR        where report.json is, if the run came that far
  --event FILE          GitHub's event of the run (default: GITHUB_EVENT_PATH)
  --pull-request N      instead of an event
  --repository OWNER/NAME   default: GITHUB_REPOSITORY
  --sarif DIR           the findings, for code scanning
  --json                what was done, for machines

GITHUB_TOKEN is the token of comment; build takes none.
Exit codes: 0 done, 1 failed or the merge is stopped, 2 wrong usage.`;

/** What the command has to do with. */
export interface Surroundings {
  /** Absolute: the project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** What happens meanwhile; never part of what is printed. */
  readonly say: (line: string) => void;
}

const options = {
  base: { type: "string" },
  out: { type: "string" },
  stack: { type: "string", multiple: true },
  "allow-losses": { type: "boolean" },
  summary: { type: "string" },
  artifact: { type: "string" },
  event: { type: "string" },
  "pull-request": { type: "string" },
  repository: { type: "string" },
  sarif: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const parsed = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: true, options });

type Values = ReturnType<typeof parsed>["values"];

interface Command {
  readonly options: readonly (keyof Values)[];
  readonly run: (values: Values, around: Surroundings) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  build: { options: ["base", "out", "stack", "allow-losses", "summary", "json"], run: build },
  comment: { options: ["artifact", "event", "pull-request", "repository", "sarif", "json"], run: comment },
};

/** Runs the command line and returns the exit code. Throws a `UserError` for what the user can put right. */
export async function reportCommand(args: readonly string[], around: Surroundings): Promise<number> {
  const given = parsed(args);
  if (given.values.help === true) {
    around.print(usage);
    return 0;
  }
  const command = commandNamed(commands, given);
  return command.run(given.values, around);
}

function required(values: Values, option: "base" | "out" | "artifact"): string {
  const value = values[option];
  if (value === undefined || value === "") throw wrongUsage(`--${option} is missing`);
  return value;
}

async function build(values: Values, { root, print, say }: Surroundings): Promise<number> {
  const [base, out] = [required(values, "base"), required(values, "out")];
  // The engine and the cloud load only here: a comment needs neither.
  const { buildReport, writeReport } = await import("./build.ts");
  const report = await buildReport({
    root,
    base,
    stacks: (values.stack ?? ["staging", "production"]).map(stackNameOf),
    allowLosses: values["allow-losses"] === true,
    say,
  });
  writeReport(out, report);
  if (values.summary !== undefined) appendFileSync(values.summary, `${summaryMarkdown(report)}\n`);
  const stops = stopsOf(report);
  if (values.json === true) print(JSON.stringify(report));
  else {
    for (const { stack, steps, findings, left } of report.stacks)
      print(`${stack}: ${steps.length + left.steps} changes, ${findings.length + left.findings} findings`);
    print(
      stops.length === 0
        ? "nothing stops the merge"
        : stops.map(({ stack, reason }) => `${stack}: ${reason}`).join("\n"),
    );
  }
  return stops.length === 0 ? 0 : 1;
}

async function comment(values: Values, { env, print }: Surroundings): Promise<number> {
  const artifact = required(values, "artifact");
  const github = openGitHub({
    repository: values.repository ?? env["GITHUB_REPOSITORY"] ?? "",
    token: env["GITHUB_TOKEN"] ?? "",
    baseUrl: env["GITHUB_API_URL"],
  });
  const result = await commentCommand({
    github,
    of: sourceOf(values, env),
    artifact,
    sarif: values.sarif,
    serverUrl: env["GITHUB_SERVER_URL"] ?? "https://github.com",
  });
  const { pullRequest, outcome, refused } = result;
  const outputs = env["GITHUB_OUTPUT"];
  if (outputs !== undefined && pullRequest !== undefined)
    appendFileSync(outputs, `pull-request=${pullRequest.number}\ncommit=${pullRequest.commit}\n`);
  if (values.json === true) print(JSON.stringify(result));
  else if (pullRequest === undefined) print("no open pull request has this commit as its newest: nothing to say");
  else print(`pull request ${pullRequest.number}: comment ${outcome}`);
  if (refused !== undefined) throw new UserError(refused);
  return 0;
}

function sourceOf(values: Values, env: Surroundings["env"]) {
  const given = values["pull-request"];
  if (given === undefined) {
    const event = values.event ?? env["GITHUB_EVENT_PATH"];
    if (event === undefined) throw wrongUsage("which pull request? Give --event FILE or --pull-request N");
    return { run: workflowRunOf(event) };
  }
  if (values.event !== undefined) throw wrongUsage("--event and --pull-request are two sources: give one");
  if (!/^[1-9]\d{0,8}$/.test(given)) throw wrongUsage(`--pull-request ${JSON.stringify(given)} is no number`);
  return { pullRequest: Number(given) };
}
