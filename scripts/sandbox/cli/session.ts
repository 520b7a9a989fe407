import { type LoadedProject, type LoadedStack, loadProject, loadStack } from "../project/load.ts";
import { stateDirectoryOf } from "./paths.ts";

/** Which project, and where its state is: what every command begins with. */
export interface Place {
  /** The project's folder, or one inside it. */
  readonly cwd: string;
  readonly stateDir: string | undefined;
}

export interface Session {
  readonly project: LoadedProject;
  /** Absolute. */
  readonly stateDirectory: string;
}

export async function openSession(place: Place): Promise<Session> {
  const project = await loadProject(place.cwd);
  return { project, stateDirectory: stateDirectoryOf(project.root, place.stateDir) };
}

export interface ConfigOptions {
  readonly configFile: string | undefined;
  readonly config: readonly string[];
  readonly secret: readonly string[];
}

export const NO_CONFIG_OPTIONS: ConfigOptions = { configFile: undefined, config: [], secret: [] };

/** A stack's config and secrets; the state, if there is one, says under which salt. */
export async function openStack(session: Session, stack: string, options: ConfigOptions): Promise<LoadedStack> {
  const { project, stateDirectory } = session;
  return loadStack({
    project,
    stack,
    configFile: options.configFile,
    plain: options.config,
    secret: options.secret,
    environment: process.env,
    stateDirectory,
    state: await stateSalt(session, stack),
  });
}

/** The salt of the stack's state, and the file that holds it. Undefined where there is no state yet. */
export async function stateSalt(
  { project, stateDirectory }: Session,
  stack: string,
): Promise<{ salt: string; file: string } | undefined> {
  const [{ readState }, { stackFiles }] = await Promise.all([import("../state/store.ts"), import("../state/files.ts")]);
  const files = stackFiles(stateDirectory, project.name, stack);
  const { state } = readState(files).deployment.secrets_providers;
  const salt = typeof state === "object" && state !== null && !Array.isArray(state) ? state["salt"] : undefined;
  return typeof salt === "string" ? { salt, file: files.snapshot } : undefined;
}
