import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { UserError, codeOf } from "../../user-error.ts";
import { passphraseOf } from "../../state/passphrase.ts";
import { startProviders } from "../cloud.ts";
import { backendDirectory } from "../paths.ts";
import { debugProvidersText } from "../provider-list.ts";
import { type Place, openSession } from "../session.ts";

/**
 * Runs a command on a copy of the project, in the environment in which a Pulumi CLI uses this sandbox's cloud.
 * Returns the command's exit code; 128 and the signal's number where a signal ended it.
 */
export async function execute(place: Place, command: readonly string[]): Promise<number> {
  const { project, stateDirectory } = await openSession(place);
  const passphrase = await passphraseOf(process.env, stateDirectory);
  const backend = backendDirectory(stateDirectory);
  await mkdir(backend, { recursive: true });
  const providers = await startProviders({
    project,
    stateDirectory,
    faults: [],
    latencyMilliseconds: 0,
  });
  const temporary = await mkdtemp(join(tmpdir(), "sandbox-exec-"));
  try {
    const copy = join(temporary, basename(project.root));
    await copyProject(project.root, copy, stateDirectory);
    const within = relative(project.root, resolve(place.cwd));
    return await runCommand(command, within.startsWith("..") ? copy : join(copy, within), {
      ...process.env,
      PULUMI_DEBUG_PROVIDERS: debugProvidersText(providers.ports),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  } finally {
    await Promise.all([providers.stop(), rm(temporary, { recursive: true, force: true })]);
  }
}

/** Everything but dependencies, history, and state; each node_modules becomes a link to the real one. */
export async function copyProject(from: string, to: string, stateDirectory: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (source === stateDirectory || entry.name === ".git") continue;
    if (entry.name === "node_modules") await symlink(source, target, "dir");
    else if (entry.isDirectory()) await copyProject(source, target, stateDirectory);
    else if (entry.isFile() || entry.isSymbolicLink()) await cp(source, target, { verbatimSymlinks: true });
  }
}

function runCommand(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const [program = "", ...args] = command;
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: "inherit" });
    // The command gets the terminal's own signals; this process waits for it and then cleans up.
    const wait = (): void => undefined;
    process.on("SIGINT", wait);
    const finish = (): void => void process.off("SIGINT", wait);
    child.on("error", (error) => {
      finish();
      fail(
        codeOf(error) === "ENOENT"
          ? new UserError(`exec: there is no command ${JSON.stringify(program)} on the PATH`, 2)
          : new UserError(`exec: ${program} cannot be started: ${error.message}`),
      );
    });
    child.on("exit", (code, signal) => {
      finish();
      done(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}
