import { execFile } from "node:child_process";

export interface CommandResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run` tells its scripts of this repository; an npm in another folder would take it for its own. */
const ofThisRepository =
  /^(INIT_CWD|npm_(command|execpath|node_execpath|package_.*|lifecycle_.*|config_(.*_prefix|prefix|workspaces?)))$/i;

/** The environment for an npm in another folder: with the user's registry, proxies, and cache. */
export const npmEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRepository.test(name)));

/** Runs to its end, whatever that is. Rejects where the command cannot be started. */
export async function runCommand(
  file: string,
  words: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = npmEnvironment(),
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: environment, maxBuffer: 100 * 1024 * 1024 };
    const child = execFile(file, words, options, (error, stdout, stderr) => {
      // A code that is text is the system's, such as ENOENT.
      if (error !== null && typeof error.code === "string")
        reject(new Error(`${file} cannot be started: ${error.message}`));
      else resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}
