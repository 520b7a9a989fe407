import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { SecretsManager } from "../../state/secrets-manager.ts";
import { nearestFile } from "../../project/nearest-file.ts";
import { requireKnownStack, stackNameOf } from "../../project/stack-names.ts";
import { UserError, codeOf } from "../../user-error.ts";
import type { JsonObject } from "../../state/deployment.ts";
import type { Snapshot } from "../../state/resource.ts";
import { type Shown, shownProperties } from "../display/value-text.ts";
import { type GraphFormat, graphText } from "../graph.ts";
import { type Place, type Session, openSession, stateSalt } from "../session.ts";

/** One stack's state, as `export`, `outputs`, and `graph` read it. */
export interface Opened {
  readonly session: Session;
  readonly stack: string;
  readonly snapshot: Snapshot;
  readonly secrets: SecretsManager;
  /** When the state last changed: ISO 8601, "" where it is new. */
  readonly changed: string;
}

async function secretsOf(session: Session, stack: string): Promise<SecretsManager> {
  const [{ passphraseOf }, { newSecrets, openSecrets }] = await Promise.all([
    import("../../state/passphrase.ts"),
    import("../../state/secrets.ts"),
  ]);
  const state = await stateSalt(session, stack);
  const passphrase = await passphraseOf(process.env, session.stateDirectory);
  return state === undefined ? newSecrets(passphrase) : openSecrets(passphrase, state.salt, state.file);
}

export async function openState(place: Place, name: string): Promise<Opened> {
  const session = await openSession(place);
  const stack = stackNameOf(name);
  await requireKnownStack(session.project, session.stateDirectory, stack);
  const [{ openSnapshot, readState }, { stackFiles }] = await Promise.all([
    import("../../state/store.ts"),
    import("../../state/files.ts"),
  ]);
  const secrets = await secretsOf(session, stack);
  const { deployment } = readState(stackFiles(session.stateDirectory, session.project.name, stack));
  const { time } = deployment.manifest;
  const changed = typeof time === "string" ? time : "";
  return { session, stack, snapshot: openSnapshot(deployment, secrets), secrets, changed };
}

/** The deployment as `pulumi stack export` gives it. */
export async function exportText(place: Place, name: string, showSecrets: boolean): Promise<string> {
  const { snapshot, secrets, changed } = await openState(place, name);
  const { encrypting, showing, snapshotToDeployment } = await import("../../state/deployment.ts");
  const seal = showSecrets ? showing : encrypting(secrets);
  return JSON.stringify(snapshotToDeployment(snapshot, seal, secrets, changed), null, 4);
}

/** Replaces the stack's state. Everything is checked before anything is written. Returns the number of resources. */
export async function importState(place: Place, name: string, file: string | undefined): Promise<number> {
  const session = await openSession(place);
  const stack = stackNameOf(name);
  const source = file ?? "standard input";
  const content = file === undefined ? await text(process.stdin) : await readGiven(file);
  const [{ openSnapshot, parseDeployment, writeSnapshot }, { stackFiles }, { acquireLock }] = await Promise.all([
    import("../../state/store.ts"),
    import("../../state/files.ts"),
    import("../../state/lock.ts"),
  ]);
  const deployment = parseDeployment(content, source);
  const own = `urn:pulumi:${stack}::${session.project.name}::`;
  const foreign = deployment.resources.map(urnOf).find((urn) => !urn.startsWith(own));
  if (foreign !== undefined)
    throw new UserError(
      `${source} holds ${foreign}, which is not of stack ${stack} of project ${session.project.name}: ` +
        "export the stack that you mean to import",
    );
  const given = deployment.secrets_providers["state"];
  const salt = typeof given === "object" && given !== null && !Array.isArray(given) ? given["salt"] : undefined;
  const [{ passphraseOf }, { openSecrets }, { rmSync }] = await Promise.all([
    import("../../state/passphrase.ts"),
    import("../../state/secrets.ts"),
    import("node:fs"),
  ]);
  const encrypted = content.includes('"ciphertext"');
  const secrets =
    typeof salt === "string" && encrypted
      ? await openSecrets(await passphraseOf(process.env, session.stateDirectory), salt, source)
      : await secretsOf(session, stack).catch((error: unknown) => {
          // A state that is damaged is what an import is to replace.
          if (error instanceof UserError) return newStackSecrets(session);
          throw error;
        });
  const snapshot = openSnapshot(deployment, secrets);
  const files = stackFiles(session.stateDirectory, session.project.name, stack);
  const release = acquireLock(files.lock, stack);
  try {
    writeSnapshot(files, snapshot, secrets);
    rmSync(files.journal, { force: true });
  } finally {
    release();
  }
  return snapshot.resources.length;
}

const urnOf = ({ urn }: JsonObject): string => (typeof urn === "string" ? urn : "");

async function newStackSecrets(session: Session): Promise<SecretsManager> {
  const [{ passphraseOf }, { newSecrets }] = await Promise.all([
    import("../../state/passphrase.ts"),
    import("../../state/secrets.ts"),
  ]);
  return newSecrets(await passphraseOf(process.env, session.stateDirectory));
}

/** A file that the user named. Throws a UserError where it cannot be read. */
export async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new UserError(`${file} does not exist: ${await nearestFile(file)}`, 2);
    throw new UserError(`${file} cannot be read (${codeOf(error) ?? "unknown error"}): name a readable file`, 2);
  }
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** The stack's outputs, sorted by name; secrets masked unless they are asked for. */
export async function outputsOf(place: Place, name: string, showSecrets: boolean): Promise<Record<string, Shown>> {
  const { snapshot } = await openState(place, name);
  const { revealedProperties } = await import("../../values/value.ts");
  const outputs = snapshot.resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
  return shownProperties(showSecrets ? revealedProperties(outputs) : outputs);
}

export async function graphOf(place: Place, name: string, format: GraphFormat): Promise<string> {
  const { stack, snapshot } = await openState(place, name);
  return graphText(stack, snapshot.resources, format);
}
