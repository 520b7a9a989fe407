import { held } from "../sandbox/end-to-end/held.ts";
import { execute, sandbox, sandboxJson, type StackResult } from "./sandbox-cli.ts";

export interface Row {
  readonly what: string;
  readonly differences: readonly string[];
}

/** Counts without those that stay as they are. */
const changed = ({ changes }: StackResult): string =>
  JSON.stringify(
    Object.entries(changes)
      .filter(([op]) => op !== "same")
      .sort(),
  );

const expected = (what: string, wanted: string, found: string): string[] =>
  wanted === found ? [] : [`${what}: expected ${wanted}, was ${found}`];

const failures = (result: StackResult): string[] => result.errors.map(({ urn, message }) => `${urn} ${message}`.trim());

/** One stack from nothing to nothing: preview tells the truth, a second up does nothing, destroy leaves nothing. */
export async function checkOwnStack(stack: string, stateDirectory: string): Promise<Row[]> {
  const place = ["--stack", stack, "--state-dir", stateDirectory];
  const previewed = await sandboxJson("preview", ...place);
  const up = await sandboxJson("up", "--skip-preview", ...place);
  const again = await sandboxJson("up", "--skip-preview", "--expect-no-changes", ...place);
  const cli = await previewUnderCli(stack, stateDirectory);
  const destroyed = await sandboxJson("destroy", "--skip-preview", ...place);
  const { stdout } = await sandbox("export", ...place);
  const left = (JSON.parse(stdout) as { deployment: { resources: unknown[] } }).deployment.resources.length;
  const cloud = Object.keys(held(stateDirectory)).filter((urn) => urn.startsWith(`urn:pulumi:${stack}::`));
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
    {
      what: `${stack}: destroy leaves nothing`,
      differences: [
        ...failures(destroyed),
        ...expected("resources in the state", "0", String(left)),
        ...expected("resources in the cloud", "[]", JSON.stringify(cloud)),
      ],
    },
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
