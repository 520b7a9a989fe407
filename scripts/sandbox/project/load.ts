import { resolve } from "node:path";
import type { Project, StackConfig } from "./model.ts";
import type { SecretsManager } from "../state/secrets-manager.ts";
import { type PassphraseEnvironment, passphraseOf } from "../state/passphrase.ts";
import { newSecrets, openSecrets } from "../state/secrets.ts";
import { qualifiedKey } from "./config-key.ts";
import { hasCiphertext, mergedConfig, resolvedConfig } from "./config.ts";
import { nearestFile } from "./nearest-file.ts";
import { type ProjectFile, readProjectFile, relativeToRoot, stackFilePath } from "./project-file.ts";
import { type ConfigEntry, NO_STACK_FILE, type StackFile, stackFileOf } from "./stack-file.ts";
import { UserError } from "../user-error.ts";
import { readOptionalYamlFile } from "./yaml-file.ts";

export interface LoadedProject extends Project {
  readonly file: ProjectFile;
}

/** Finds and reads the project of a folder. Throws a UserError that names file, line, and remedy. */
export async function loadProject(directory: string): Promise<LoadedProject> {
  const file = await readProjectFile(directory);
  return {
    name: file.name,
    root: file.root,
    main: file.main,
    organization: "organization",
    typescript: file.typescript,
    nodeArguments: file.nodeArguments,
    file,
  };
}

export interface StackRequest {
  readonly project: LoadedProject;
  readonly stack: string;
  /** Instead of Pulumi.<stack>.yaml. Relative to the working directory. */
  readonly configFile: string | undefined;
  /** `key=value`, from --config and --secret. */
  readonly plain: readonly string[];
  readonly secret: readonly string[];
  readonly environment: PassphraseEnvironment;
  /** Absolute. */
  readonly stateDirectory: string;
  /** The salt that the stack's state is encrypted under, and the file that says so; undefined for a new stack. */
  readonly state: { readonly salt: string; readonly file: string } | undefined;
}

export interface LoadedStack {
  readonly config: StackConfig;
  /** Derives the key on the first call. */
  readonly secrets: () => Promise<SecretsManager>;
  /** Opens another stack's, under the same passphrase. `source` is the file that holds the salt. */
  readonly openSecrets: (salt: string, source: string) => Promise<SecretsManager>;
  /** What a person should know, one line each: values that could not be decrypted, environments left out. */
  readonly notices: readonly string[];
}

/** One stack's config, resolved, and the secrets manager of its state. */
export async function loadStack(request: StackRequest): Promise<LoadedStack> {
  const { project, stack, environment, stateDirectory, state } = request;
  const path = request.configFile === undefined ? stackFilePath(project.file, stack) : resolve(request.configFile);
  const file = await readStackFile(project, path, request.configFile !== undefined);
  const entries = new Map<string, ConfigEntry>([
    ...file.config,
    ...overrides(project.name, request.plain, "--config", false),
    ...overrides(project.name, request.secret, "--secret", true),
  ]);
  const shown = relativeToRoot(project.file, path);
  const merged = mergedConfig({
    project: project.name,
    stack,
    stackFile: shown,
    declarations: project.file.config,
    entries,
  });
  const passphrase = await passphraseOf(environment, stateDirectory);
  const fileSecrets =
    file.encryptionSalt === undefined || file.cloudSecrets
      ? undefined
      : await openSecrets(passphrase, file.encryptionSalt, shown).catch(() => undefined);
  const { config, fakeSecrets } = resolvedConfig(
    merged,
    fileSecrets && ((ciphertext) => fileSecrets.decrypt(ciphertext)),
  );
  // Deriving the key takes a while: whoever needs it waits, and nobody else.
  let secrets: Promise<SecretsManager> | undefined;
  const derive = async (): Promise<SecretsManager> =>
    state === undefined ? (fileSecrets ?? newSecrets(passphrase)) : openSecrets(passphrase, state.salt, state.file);
  return {
    config,
    secrets: () => (secrets ??= derive()),
    openSecrets: (salt, source) => openSecrets(passphrase, salt, source),
    notices: noticesOf(shown, file, fakeSecrets, hasCiphertext(merged)),
  };
}

async function readStackFile(project: LoadedProject, path: string, mustExist: boolean): Promise<StackFile> {
  const file = await readOptionalYamlFile(path, "a stack's file has its values under `config:`");
  if (file === undefined && mustExist)
    throw new UserError(`--config-file ${path} does not exist: ${await nearestFile(path)}`, 2);
  return file === undefined ? NO_STACK_FILE : stackFileOf(file, project.name);
}

function overrides(
  project: string,
  texts: readonly string[],
  option: string,
  secret: boolean,
): [string, ConfigEntry][] {
  return texts.map((text) => {
    const equals = text.indexOf("=");
    const key = equals < 0 ? undefined : qualifiedKey(project, text.slice(0, equals));
    if (key === undefined)
      // The value of a malformed --secret is not repeated.
      throw new UserError(
        `${option}${secret ? "" : ` ${JSON.stringify(text)}`}: expected KEY=VALUE or NAMESPACE:KEY=VALUE`,
        2,
      );
    return [key, { value: { kind: "text", text: text.slice(equals + 1), secret }, where: option }];
  });
}

function noticesOf(name: string, file: StackFile, fakeSecrets: number, encrypted: boolean): string[] {
  const notices: string[] = [];
  if (encrypted && fakeSecrets > 0) {
    const [values, are] = fakeSecrets === 1 ? ["1 secure value", "is"] : [`${fakeSecrets} secure values`, "are"];
    const why = file.cloudSecrets ? "a cloud's key encrypts them" : "PULUMI_CONFIG_PASSPHRASE does not fit";
    notices.push(`${values} of ${name} cannot be decrypted here (${why}) and ${are} replaced by a fake secret`);
  }
  if (file.environments.length > 0)
    notices.push(
      `${name} imports Pulumi ESC environments (${file.environments.join(", ")}): the sandbox leaves them out`,
    );
  return notices;
}
