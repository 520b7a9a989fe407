import { held } from "../sandbox/end-to-end/held.ts";
import { withoutProtected } from "../sandbox/cli/unprotected.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { typeOf } from "../sandbox/protocol/urn.ts";
import { factsOf } from "../stack-facts.ts";
import { execute, sandbox, sandboxJson, sandboxJsons, type StackResult } from "./sandbox-cli.ts";

export interface Row {
  readonly what: string;
  readonly differences: readonly string[];
}

/** awsx makes an image's build only once the repository's address is known, which is after a first preview. */
const UNFORESEEN = "docker-build:index:Image";

/** The resources of a preview, or of a run that found all of them. */
const urnsOf = ({ operations }: StackResult): Set<string> =>
  new Set(operations.map(({ urn }) => urn).filter((urn) => typeOf(urn) !== UNFORESEEN));

/** How many operations of each kind, without what stays as it is. */
function changed({ operations }: StackResult): string {
  const counts = new Map<string, number>();
  for (const { op } of operations) if (op !== "same") counts.set(op, (counts.get(op) ?? 0) + 1);
  return JSON.stringify([...counts].sort());
}

function compareUrns(theirs: ReadonlySet<string>, ours: ReadonlySet<string>, who: readonly [string, string]): string[] {
  return [
    ...[...theirs].filter((urn) => !ours.has(urn)).map((urn) => `only ${who[0]}: ${urn}`),
    ...[...ours].filter((urn) => !theirs.has(urn)).map((urn) => `only ${who[1]}: ${urn}`),
  ];
}

const expected = (what: string, wanted: string, found: string): string[] =>
  wanted === found ? [] : [`${what}: expected ${wanted}, was ${found}`];

const failures = (result: StackResult): string[] => result.errors.map(({ urn, message }) => `${urn} ${message}`.trim());

/**
 * Stacks that are up, each from nothing to nothing: a preview of an empty state tells the truth, a second up does
 * nothing, destroy leaves nothing but what the program protects. All of them at once, as one command takes them.
 * `up` is the state folder, which is empty of them afterwards; `empty` is one that holds nothing.
 */
export async function checkOwnStacks(
  stacks: readonly string[],
  { up, empty }: { readonly up: string; readonly empty: string },
): Promise<Row[]> {
  const flags = stacks.flatMap((stack) => ["--stack", stack]);
  const previews = await sandboxJsons("preview", "--no-policy", ...flags, "--state-dir", empty);
  const second = ["--skip-preview", "--no-policy", "--expect-no-changes"];
  const agains = await sandboxJsons("up", ...second, ...flags, "--state-dir", up);
  const rows: Row[] = [];
  for (const stack of stacks) {
    const previewed = resultOf(previews, stack);
    const again = resultOf(agains, stack);
    const place = ["--stack", stack, "--state-dir", up];
    const cli = await previewUnderCli(stack, up);
    const guarded = (await stateOf(place)).filter(({ protect }) => protect === true).map(({ urn }) => urn);
    rows.push(
      {
        what: `${stack}: up did what preview says`,
        differences: [...failures(previewed), ...compareUrns(urnsOf(previewed), urnsOf(again), ["previewed", "made"])],
      },
      {
        what: `${stack}: a second up changes nothing`,
        differences: [...failures(again), ...expected("changes", "[]", changed(again))],
      },
      ...(cli === undefined
        ? []
        : [{ what: `${stack}: the Pulumi CLI previews the same`, differences: compareWithCli(again, cli) }]),
      guarded.length === 0
        ? { what: `${stack}: destroy leaves nothing`, differences: await destroyed(stack, up, []) }
        : {
            what: `${stack}: destroy refuses, and then leaves what is protected alone`,
            differences: [...(await refused(place, guarded)), ...(await destroyed(stack, up, guarded))],
          },
    );
  }
  return rows;
}

function resultOf(results: readonly StackResult[], stack: string): StackResult {
  const found = results.find((result) => result.stack === stack);
  if (found === undefined) throw new Error(`the sandbox says nothing of ${stack}`);
  return found;
}

interface Exported {
  readonly urn: string;
  readonly protect?: boolean;
  readonly custom?: boolean;
  readonly type: string;
}

async function stateOf(place: readonly string[]): Promise<readonly Exported[]> {
  const { stdout } = await sandbox("export", ...place);
  return (JSON.parse(stdout) as { deployment: { resources: Exported[] } }).deployment.resources;
}

/** A destroy that was asked for everything says what is protected, and touches nothing. */
async function refused(place: readonly string[], guarded: readonly string[]): Promise<string[]> {
  const before = (await stateOf(place)).length;
  const { result, errors } = await sandboxJson("destroy", ...place);
  const told = errors.filter(({ urn }) => urn !== "");
  const others = told.filter(({ message }) => !guarded.some((urn) => message.includes(urn)));
  return [
    ...expected("destroy", "failed", result),
    // What a protected resource needs is not tried at all, so not each of them has an error of its own.
    ...(told.length > 0 ? [] : ["destroy does not say what is protected"]),
    ...others.map(({ message }) => `destroy stopped at something else: ${message}`),
    ...expected("resources in the state", String(before), String((await stateOf(place)).length)),
  ];
}

async function destroyed(stack: string, stateDirectory: string, guarded: readonly string[]): Promise<string[]> {
  const place = ["--stack", stack, "--state-dir", stateDirectory];
  const before = await factsOf({ cwd: import.meta.dirname, stateDir: stateDirectory }, stack);
  const { targets } = withoutProtected(before.resources as readonly ResourceState[]);
  const flags = guarded.length === 0 ? [] : ["--exclude-protected"];
  const { code, stdout, stderr } = await sandbox("destroy", "--skip-preview", ...flags, ...place);
  const left = await stateOf(place);
  const made = new Set(
    left.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:")).map(({ urn }) => urn),
  );
  const cloud = Object.keys(held(stateDirectory)).filter((urn) => urn.startsWith(`urn:pulumi:${stack}::`));
  return [
    ...expected("destroy's exit code", "0", `${code}${code === 0 ? "" : ` ${stdout}${stderr}`}`),
    ...guarded.filter((urn) => !stdout.includes(urn)).map((urn) => `destroy does not say that it leaves ${urn}`),
    ...left
      .filter(({ urn }) => guarded.length === 0 || targets.includes(urn))
      .map(({ urn }) => `${urn} is left in the state`),
    ...cloud.filter((urn) => !made.has(urn)).map((urn) => `${urn} is left in the cloud`),
  ];
}

/** Pulumi's own preview of a new stack on the same program, pack, and cloud. Undefined without a CLI. */
async function previewUnderCli(stack: string, stateDirectory: string): Promise<CliPreview | undefined> {
  if (!(await hasPulumi())) return undefined;
  const inCli = (...command: string[]): ReturnType<typeof sandbox> =>
    sandbox("exec", "--state-dir", stateDirectory, "--", ...command);
  await inCli("pulumi", "stack", "select", "--create", stack);
  const { stdout, stderr, code } = await inCli("pulumi", "preview", "--json", "--stack", stack);
  if (code !== 0) return { steps: [], error: (stderr || stdout).trim() };
  return JSON.parse(stdout) as CliPreview;
}

interface CliPreview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
  readonly error?: string;
}

export const hasPulumi = async (): Promise<boolean> => (await execute("pulumi", ["version"])).code === 0;

/** The CLI's stack is empty, so that it creates exactly what exists under the sandbox's engine. */
function compareWithCli(existing: StackResult, cli: CliPreview): string[] {
  if (cli.error !== undefined) return [cli.error];
  return compareUrns(new Set(existing.operations.map(({ urn }) => urn)), new Set(cli.steps.map(({ urn }) => urn)), [
    "under the sandbox's engine",
    "under the Pulumi CLI",
  ]);
}
