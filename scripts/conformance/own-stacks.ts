import { held } from "../sandbox/end-to-end/held.ts";
import { withoutProtected } from "../sandbox/cli/unprotected.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { typeOf } from "../sandbox/protocol/urn.ts";
import { factsOf } from "../stack-facts.ts";
import { execute, sandbox, sandboxJson, type StackResult } from "./sandbox-cli.ts";

export interface Row {
  readonly what: string;
  readonly differences: readonly string[];
}

/** awsx makes an image's build only once the repository's address is known, which is after a first preview. */
const UNFORESEEN = "docker-build:index:Image";

/** How many operations of each kind, without what stays as it is. */
function changed({ operations }: StackResult): string {
  const counts = new Map<string, number>();
  for (const { op, urn } of operations)
    if (op !== "same" && typeOf(urn) !== UNFORESEEN) counts.set(op, (counts.get(op) ?? 0) + 1);
  return JSON.stringify([...counts].sort());
}

const expected = (what: string, wanted: string, found: string): string[] =>
  wanted === found ? [] : [`${what}: expected ${wanted}, was ${found}`];

const failures = (result: StackResult): string[] => result.errors.map(({ urn, message }) => `${urn} ${message}`.trim());

/**
 * One stack from nothing to nothing: preview tells the truth, a second up does nothing, destroy leaves nothing but what
 * the program protects.
 */
export async function checkOwnStack(stack: string, stateDirectory: string): Promise<Row[]> {
  const place = ["--stack", stack, "--state-dir", stateDirectory];
  const previewed = await sandboxJson("preview", ...place);
  // The preview has asked the policies; what they say changes no step.
  const unjudged = ["--skip-preview", "--no-policy"];
  const up = await sandboxJson("up", ...unjudged, ...place);
  const again = await sandboxJson("up", ...unjudged, "--expect-no-changes", ...place);
  const cli = await previewUnderCli(stack, stateDirectory);
  const guarded = (await stateOf(place)).filter(({ protect }) => protect === true).map(({ urn }) => urn);
  return [
    {
      what: `${stack}: up does what preview said`,
      differences: [...failures(up), ...expected("changes", changed(previewed), changed(up))],
    },
    {
      what: `${stack}: a second up changes nothing`,
      differences: [...failures(again), ...expected("changes", "[]", changed(again))],
    },
    ...(cli === undefined
      ? []
      : [{ what: `${stack}: the Pulumi CLI previews the same`, differences: compareWithCli(again, cli) }]),
    guarded.length === 0
      ? { what: `${stack}: destroy leaves nothing`, differences: await destroyed(stack, stateDirectory, []) }
      : {
          what: `${stack}: destroy refuses, and then leaves what is protected alone`,
          differences: [...(await refused(place, guarded)), ...(await destroyed(stack, stateDirectory, guarded))],
        },
  ];
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
  const ours = new Set(existing.operations.map(({ urn }) => urn));
  const theirs = new Set(cli.steps.map(({ urn }) => urn));
  return [
    ...[...ours].filter((urn) => !theirs.has(urn)).map((urn) => `only under the sandbox's engine: ${urn}`),
    ...[...theirs].filter((urn) => !ours.has(urn)).map((urn) => `only under the Pulumi CLI: ${urn}`),
  ];
}
