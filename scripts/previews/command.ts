import { ofTerminal, type Surroundings } from "../branch/surroundings.ts";
import { placeOf } from "../branch/words.ts";
import { readArguments, wrongUsage } from "../command-line.ts";
import { didYouMean } from "../sandbox/project/nearest.ts";
import { UserError } from "../sandbox/user-error.ts";
import { targetOf } from "../target.ts";
import { durationOf, isDue } from "./age.ts";
import { branchesByStack } from "./branches.ts";
import { listJson, listLines, previewsOf } from "./list.ts";
import { sweep, sweptLines } from "./sweep.ts";

export const usage = `npm run previews: the stacks of branches, and taking down the old ones

  npm run previews -- list                 each with age, end, and branch
  npm run previews -- sweep                says which are past their end
  npm run previews -- sweep --yes          takes them down, databases too
  npm run previews -- sweep --older-than 3d --sandbox

  --older-than AGE    those too whose last change is 7d, 12h, 30m ago
                      (default: those past their own end)
  --yes               does it
  --sandbox           with the engine and the cloud of scripts/sandbox
  --state-dir DIR     where the sandbox keeps its stacks (default: .sandbox)
  --json              one JSON document on standard output

Exit codes: 0 done, 1 something could not be swept, 2 wrong usage.`;

const options = {
  "older-than": { type: "string" },
  yes: { type: "boolean", short: "y" },
  sandbox: { type: "boolean" },
  "state-dir": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const COMMANDS = ["list", "sweep"] as const;

const parse = (args: readonly string[]) => readArguments({ args: [...args], allowPositionals: true, options });

export interface PreviewsRequest {
  readonly command: (typeof COMMANDS)[number];
  /** Milliseconds. */
  readonly olderThan: number | undefined;
  readonly yes: boolean;
  readonly sandbox: boolean;
  readonly stateDirectory: string | undefined;
  readonly json: boolean;
}

/** Undefined where help is asked for. Throws a `UserError` for what the user can put right. */
export function previewsRequest(args: readonly string[]): PreviewsRequest | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [name, extra] = positionals;
  if (name === undefined) throw wrongUsage("there is no command: list or sweep");
  if (extra !== undefined) throw wrongUsage(`there is nothing to do with ${JSON.stringify(extra)}`);
  const command = COMMANDS.find((one) => one === name);
  if (command === undefined)
    throw new UserError(`there is no command ${JSON.stringify(name)}: ${didYouMean(name, [...COMMANDS])}`, 2);
  if (command === "list" && values.yes === true) throw wrongUsage("--yes means nothing to list");
  return {
    command,
    olderThan: values["older-than"] === undefined ? undefined : durationOf(values["older-than"]),
    yes: values.yes ?? false,
    sandbox: values.sandbox ?? false,
    stateDirectory: values["state-dir"],
    json: values.json ?? false,
  };
}

/** Returns the exit code. */
export async function previews(request: PreviewsRequest, around: Surroundings, now: Date): Promise<0 | 1> {
  const { sandbox, stateDirectory, olderThan } = request;
  const answer = (document: unknown): void => {
    if (request.json) around.answer(JSON.stringify(document, null, 2));
  };
  // Previews live in staging's account.
  around.say(`previews in ${placeOf(targetOf("staging", around.root), sandbox ? "sandbox" : "pulumi")}`);
  const engine = await around.open({ sandbox, stateDirectory, root: around.root });
  const all = await previewsOf(engine, branchesByStack(around.root));
  if (request.command === "list") {
    listLines(all, olderThan, now).forEach(around.say);
    answer(listJson(all, olderThan, now));
    return 0;
  }
  const due = all.filter((preview) => isDue(preview, olderThan, now));
  if (!request.yes) {
    around.say(due.length === 0 ? "none is past its end" : "would sweep these; --yes does it:");
    if (due.length > 0) listLines(due, olderThan, now).forEach(around.say);
    answer({ dryRun: true, due: listJson(due, olderThan, now), swept: [] });
    return 0;
  }
  const swept = await sweep(due, engine, around);
  sweptLines(swept).forEach(around.say);
  answer({
    dryRun: false,
    due: listJson(due, olderThan, now),
    swept: swept.map(({ stack, failure }) => ({ stack, failure: failure ?? null })),
  });
  return swept.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

/** Runs the command line and returns the exit code: 0 done, 1 something is left. Throws a `UserError`. */
export async function previewsCommand(args: readonly string[], root: string): Promise<number> {
  const request = previewsRequest(args);
  if (request === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  return previews(request, ofTerminal(root, request.json), new Date());
}
