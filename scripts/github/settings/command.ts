import { UserError } from "../../sandbox/user-error.ts";
import { wrapped } from "../../wrapped.ts";
import type { Call, GitHub } from "../api.ts";
import { type Needed, needed, neededFromNothing, reviewerPath, type ReviewerId, settingsOf } from "./plan.ts";
import { type Environment, environments, type Reviewer, reviewers } from "./wanted.ts";

const WIDTH = 78;

export interface SettingsRequest {
  readonly repository: string;
  /** Undefined where there is no token: then nothing is known of how the repository is. */
  readonly github: GitHub | undefined;
  readonly apply: boolean;
  readonly json: boolean;
  readonly print: (text: string) => void;
}

/** Prints or makes the calls that bring the repository to what it is to be. Returns how many there are. */
export async function settingsCommand(request: SettingsRequest): Promise<number> {
  const { github, apply, print, json, repository } = request;
  if (github === undefined) {
    if (apply) throw new UserError("to apply settings there must be a token: set GITHUB_TOKEN", 2);
    const all = neededFromNothing(repository);
    show(request, all);
    if (!json) print("\nWithout GITHUB_TOKEN nobody was asked: with it, only what differs is shown.");
    return countOf(all);
  }
  const ids = await idsOf(github);
  const done: Needed[] = [];
  for (const setting of settingsOf(repository, ids)) {
    const one = await needed(setting, github);
    if (apply) for (const call of one.calls) await github.send(call);
    done.push(one);
  }
  show(request, done, await missingIn(github));
  return countOf(done);
}

/** Names of what an environment's jobs read and nobody has given it yet. */
interface Missing {
  readonly environment: string;
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
}

async function missingIn(github: GitHub): Promise<readonly Missing[]> {
  const found: Missing[] = [];
  for (const environment of environments) {
    const missing = await missingOf(environment, github);
    if (missing.variables.length + missing.secrets.length > 0) found.push(missing);
  }
  return found;
}

async function missingOf({ name, variables, secrets }: Environment, github: GitHub): Promise<Missing> {
  const root = `/repos/${github.repository}/environments/${name}`;
  const given = async (kind: "variables" | "secrets"): Promise<readonly unknown[]> =>
    (await github.list(`${root}/${kind}`)).map((each) =>
      typeof each === "object" && each !== null && "name" in each ? each.name : undefined,
    );
  const [knownVariables, knownSecrets] = [await given("variables"), await given("secrets")];
  return {
    environment: name,
    variables: variables.filter((each) => !knownVariables.includes(each)),
    secrets: secrets.filter((each) => !knownSecrets.includes(each)),
  };
}

const countOf = (all: readonly Needed[]): number => all.reduce((sum, { calls }) => sum + calls.length, 0);

async function idsOf(github: GitHub): Promise<ReadonlyMap<Reviewer, ReviewerId>> {
  const found = new Map<Reviewer, ReviewerId>();
  for (const reviewer of reviewers) {
    const answer = await github.send({ method: "GET", path: reviewerPath(github.repository, reviewer) });
    const id = typeof answer === "object" && answer !== null && "id" in answer ? answer.id : undefined;
    if (typeof id !== "number")
      throw new UserError(
        `GitHub knows no ${reviewer.type.toLowerCase()} ${reviewer.name}: name who approves in scripts/github/settings/wanted.ts`,
      );
    found.set(reviewer, id);
  }
  return found;
}

function show(
  { json, apply, print, repository }: SettingsRequest,
  all: readonly Needed[],
  missing: readonly Missing[] = [],
): void {
  const differing = all.filter(({ calls }) => calls.length > 0);
  if (json) {
    print(JSON.stringify({ repository, applied: apply, settings: differing, missing }, null, 2));
    return;
  }
  for (const { what, calls } of differing) print([`# ${what}`, ...calls.map(callText)].join("\n"));
  for (const { environment, variables, secrets } of missing) {
    const lack = (kind: string, names: readonly string[]): void => {
      if (names.length > 0)
        print(wrapped(`missing ${kind} of ${environment}: ${names.join(", ")}`, WIDTH).join("\n  "));
    };
    lack("variables", variables);
    lack("secrets", secrets);
  }
  if (missing.length > 0) print("docs/accounts.md, step 13, says which value each has.");
  const count = countOf(all);
  const same = all.length - differing.length;
  const verb = apply ? "made" : "to make";
  print(`${repository}: ${count} ${count === 1 ? "call" : "calls"} ${verb}, ${same} of ${all.length} settings agree`);
}

const callText = ({ method, path, body }: Call): string =>
  `${method} ${path}${body === undefined ? "" : `\n${JSON.stringify(body, null, 2)}`}`;
