import { execFile } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../sandbox/main.ts");

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code. */
export function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Output> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd: options.cwd, env: { ...process.env, ...options.environment }, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

export const sandbox = (...args: string[]): Promise<Output> => execute(process.execPath, [MAIN, ...args]);

/** What `--json` prints of one stack, as far as it is compared. */
export interface StackResult {
  readonly stack: string;
  readonly result: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly operations: readonly { readonly op: string; readonly urn: string }[];
  readonly errors: readonly { readonly urn: string; readonly message: string }[];
}

/** Of one stack. */
export async function sandboxJson(...args: string[]): Promise<StackResult> {
  return (await printed(args)) as StackResult;
}

/** Of several stacks. */
export async function sandboxJsons(...args: string[]): Promise<readonly StackResult[]> {
  return (await printed(args)) as readonly StackResult[];
}

async function printed(args: readonly string[]): Promise<unknown> {
  const { stdout, stderr, code } = await sandbox(...args, "--json");
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new Error(`sandbox ${args.join(" ")} (exit ${code}) printed no JSON: ${stderr || stdout}`);
  }
}
