import { readFileSync } from "node:fs";
import type { ParseArgsConfig } from "node:util";
import { z } from "zod";
import { commandNamed, readArguments, wrongUsage } from "../command-line.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import { type GitHub, openGitHub } from "./api.ts";
import { writeIssue } from "./marked.ts";
import { costReport, notesOf, publishNotes, recordOrOutcome } from "./release-notes.ts";
import { settingsCommand } from "./settings/command.ts";

export const usage = `npm run github: what this project keeps on GitHub

  npm run github -- settings --dry-run
      the API calls that bring the repository, its branches, and its
      environments to what scripts/github/settings/wanted.ts says; with
      GITHUB_TOKEN only those that are needed
  npm run github -- settings --apply
      makes them; the token needs the repository's administration
  npm run github -- issue --file FILE --label LABEL
      opens, updates, or closes the one issue that FILE is about: JSON with
      marker, title, body, and open, as \`npm run drift -- --format issue\`
      prints it
  npm run github -- release --record FILE [--cost FILE]
      the release on GitHub, of what \`npm run release -- --json\` printed and
      \`npm run cost -- --against REF --format json\`

  --repository OWNER/NAME   default: GITHUB_REPOSITORY
  --dry-run                 changes nothing: prints what would be done
  --json                    for machines

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

/** What the command has to do with. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
}

const options = {
  apply: { type: "boolean" },
  "dry-run": { type: "boolean" },
  file: { type: "string" },
  label: { type: "string" },
  record: { type: "string" },
  cost: { type: "string" },
  repository: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const parsed = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: true, options });

type Values = ReturnType<typeof parsed>["values"];

interface Command {
  readonly options: readonly (keyof Values)[];
  readonly run: (values: Values, around: Surroundings) => Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  settings: { options: ["apply", "dry-run", "repository", "json"], run: settings },
  issue: { options: ["file", "label", "dry-run", "repository", "json"], run: issue },
  release: { options: ["record", "cost", "dry-run", "repository", "json"], run: release },
};

/** Runs the command line. Throws a `UserError` for what the user can put right. */
export async function githubCommand(args: readonly string[], around: Surroundings): Promise<void> {
  const given = parsed(args);
  if (given.values.help === true) {
    around.print(usage);
    return;
  }
  const command = commandNamed(commands, given);
  await command.run(given.values, around);
}

function repositoryOf({ repository }: Values, { env }: Surroundings): string {
  const name = repository ?? env["GITHUB_REPOSITORY"];
  if (name === undefined) throw wrongUsage("which repository? Give --repository OWNER/NAME");
  return name;
}

const opened = (values: Values, around: Surroundings): GitHub =>
  openGitHub({
    repository: repositoryOf(values, around),
    token: around.env["GITHUB_TOKEN"] ?? "",
    baseUrl: around.env["GITHUB_API_URL"],
  });

async function settings(values: Values, around: Surroundings): Promise<void> {
  const apply = values.apply === true;
  if (apply === (values["dry-run"] === true)) throw wrongUsage("give --dry-run to look, or --apply to change");
  await settingsCommand({
    repository: repositoryOf(values, around),
    github: (around.env["GITHUB_TOKEN"] ?? "") === "" ? undefined : opened(values, around),
    apply,
    json: values.json === true,
    print: around.print,
  });
}

const issueFile = z.object({
  marker: z.string().regex(/^<!-- [\w:.-]+ -->$/, "must be a comment of HTML"),
  title: z.string().min(1).max(256),
  body: z.string(),
  open: z.boolean(),
});

async function issue(values: Values, around: Surroundings): Promise<void> {
  const { marker, title, body, open } = readJson(required(values, "file"), issueFile);
  const label = required(values, "label");
  if (values["dry-run"] === true) {
    around.print(open ? `${title}\n\n${body}` : `${title}: an open issue would be closed`);
    return;
  }
  const outcome = await writeIssue(opened(values, around), {
    marker,
    title,
    label,
    body: open ? body.replace(marker, "").trimStart() : undefined,
  });
  around.print(values.json === true ? JSON.stringify({ outcome }) : `issue "${title}": ${outcome}`);
}

async function release(values: Values, around: Surroundings): Promise<void> {
  const record = readJson(required(values, "record"), recordOrOutcome);
  if (record.result !== "good")
    throw new UserError(`${record.version} is no good release: there is nothing to publish`);
  const difference = values.cost === undefined ? null : readJson(values.cost, costReport).difference;
  const notes = notesOf(record, difference);
  if (values["dry-run"] === true) {
    around.print(values.json === true ? JSON.stringify(notes) : `${notes.tag}\n\n${notes.body}`);
    return;
  }
  const outcome = await publishNotes(opened(values, around), notes, record.commit);
  around.print(values.json === true ? JSON.stringify({ tag: notes.tag, outcome }) : `release ${notes.tag}: ${outcome}`);
}

function required(values: Values, option: "file" | "label" | "record"): string {
  const value = values[option];
  if (value === undefined || value === "") throw wrongUsage(`--${option} is missing`);
  return value;
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} cannot be read as JSON: ${messageOf(error)}`, 2);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] ?? { path: [], message: "" };
  throw new UserError(`${file} has another form${path.length === 0 ? "" : `, at ${path.join(".")}`}: ${message}`, 2);
}
