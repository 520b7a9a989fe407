import { readArguments, wrongUsage } from "../command-line.ts";
import { isIP } from "node:net";
import { databaseObjectives } from "../../infra/settings/recovery.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { type RestoreReport, verdictOf } from "./report.ts";
import { type Breakage, breakages, type RollbackDrill } from "./rollback.ts";
import { wrapped } from "../wrapped.ts";
import { restoreText, rollbackText } from "./text.ts";
import { type RestoreRequest, whereOf } from "./where.ts";

export const USAGE = `npm run drill: whether what must work in an emergency works, and how long it takes

  npm run drill -- restore           a backup is restored and compared
  npm run drill -- restore --local   the same with an embedded database, here
  npm run drill -- rollback          a bad release is met and rolled back

restore, in Atlas: staging's newest snapshot goes into a temporary cluster,
which is deleted in the end. The cost is said first.
  --address ADDRESS  from where this machine reaches Atlas; it is let in for two
                     hours at most. Without it: by the private endpoint, from
                     inside staging's network
  --stack NAME       staging, and no other
  --yes              does not ask
  --local            here: a database is filled, dumped, lost, and restored.
                     The default where there is no key of Atlas and none of the
                     three options above
  --sandbox          the same: the sandbox's Atlas holds no data

rollback, always in a sandbox of its own
  --breakage WHAT    what is wrong with the release: ${breakages.join(" or ")}
                     (default: ${breakages[0] ?? ""})

both
  --json             the report as JSON; what happens goes to standard error

Ctrl-C ends a restore drill and removes what it made.
Exit codes: 0 the drill holds, 1 it does not, or failed, 2 wrong usage.`;

/** What the command has to do with. */
export interface Surroundings {
  readonly colors: Colors;
  /** The result. */
  readonly print: (text: string) => void;
  /** What happens meanwhile: beside the result, or before it. */
  readonly say: (line: string, json: boolean) => void;
  /** Throws a UserError where there is half a key. */
  readonly hasAtlasKey: () => boolean;
  readonly localDrill: (environment: "staging", say: (line: string) => void) => Promise<RestoreReport>;
  /** Undefined where the answer to its question was no. */
  readonly atlasDrill: (
    request: { readonly stack: "staging"; readonly address: string | undefined; readonly yes: boolean },
    say: (line: string) => void,
  ) => Promise<RestoreReport | undefined>;
  readonly rollbackDrill: (breakage: Breakage, say: (line: string) => void) => Promise<RollbackDrill>;
}

/** Runs the command line and returns the exit code. Throws a UserError for what the user can put right. */
export async function drillCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { values, positionals } = read(args);
  const { print, colors } = surroundings;
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const json = values.json === true;
  const say = (line: string): void => surroundings.say(line, json);
  const [which, ...more] = positionals;
  if (more.length > 0) throw wrongUsage(`${which ?? ""} takes no ${JSON.stringify(more[0])}`);
  switch (which) {
    case "restore":
      if (values.breakage !== undefined) throw wrongUsage("--breakage is of rollback");
      return restore(requestOf(values), json, surroundings, say);
    case "rollback": {
      if (values.address !== undefined) throw wrongUsage("--address is of restore");
      if (values.stack !== undefined && values.stack !== "staging")
        throw new UserError("the drill makes a bad release, and does so in the sandbox's staging alone", 2);
      const drill = await surroundings.rollbackDrill(breakageOf(values.breakage), say);
      print(json ? JSON.stringify({ drill: "rollback", ...drill }, undefined, 2) : rollbackText(drill, colors));
      return drill.holds ? 0 : 1;
    }
    default:
      throw wrongUsage(which === undefined ? "there is no drill named" : `there is no drill ${JSON.stringify(which)}`);
  }
}

async function restore(
  request: RestoreRequest,
  json: boolean,
  { colors, print, hasAtlasKey, localDrill, atlasDrill }: Surroundings,
  say: (line: string) => void,
): Promise<number> {
  // Half a key matters to nobody who asks for the drill on this machine.
  const { where, because } = whereOf(request, !request.local && !request.sandbox && hasAtlasKey());
  if (because !== undefined) for (const line of wrapped(`Note: ${because}.`, 80)) say(line);
  say(where === "local" ? "Restore drill on this machine" : "Restore drill in Atlas, of staging");
  const { address, yes } = request;
  const report =
    where === "local" ? await localDrill("staging", say) : await atlasDrill({ stack: "staging", address, yes }, say);
  if (report === undefined) {
    say("Nothing was made.");
    return 1;
  }
  const objective = databaseObjectives.staging;
  const verdict = verdictOf(report, objective);
  print(
    json
      ? JSON.stringify({ ...report, objective, verdict }, undefined, 2)
      : restoreText(report, objective, verdict, colors),
  );
  return verdict.holds ? 0 : 1;
}

type Values = ReturnType<typeof read>["values"];

function requestOf({ stack, local = false, sandbox = false, yes = false, address }: Values): RestoreRequest {
  if (address !== undefined && isIP(address) === 0)
    throw new UserError(`--address ${JSON.stringify(address)} is no IP address`, 2);
  if (local && address !== undefined) throw new UserError("--address is of the drill in Atlas, and --local is not", 2);
  return { stack, local, sandbox, yes, address };
}

function breakageOf(text: string | undefined): Breakage {
  const breakage = text === undefined ? breakages[0] : breakages.find((each) => each === text);
  if (breakage === undefined)
    throw new UserError(`--breakage ${JSON.stringify(text)} is none of ${breakages.join(", ")}`, 2);
  return breakage;
}

function read(args: readonly string[]) {
  return readArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      local: { type: "boolean" },
      sandbox: { type: "boolean" },
      address: { type: "string" },
      breakage: { type: "string" },
      yes: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}
