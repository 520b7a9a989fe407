import type { SecretsManager } from "./secrets-manager.ts";
import { UserError } from "../user-error.ts";
import {
  decrypting,
  deploymentHead,
  deploymentToSnapshot,
  type Deployment,
  DEPLOYMENT_VERSION,
  encrypting,
  isJsonObject,
  type JsonObject,
  snapshotToDeployment,
  type VersionedDeployment,
} from "./deployment.ts";
import { readIfPresent, removeIfPresent, type StackFiles, writeAtomically } from "./files.ts";
import { fold } from "./journal.ts";
import type { Snapshot } from "./resource.ts";

/** Go's zero time: what Pulumi's CLI reads where nothing was ever written. */
const NEVER = "0001-01-01T00:00:00Z";

export const emptyDeployment = (): Deployment => ({
  manifest: { time: NEVER, magic: "", version: "" },
  secrets_providers: {},
  resources: [],
  metadata: {},
});

/** Checks that a text is a deployment of version 3. `source` is the file it comes from, for the message. */
export function parseDeployment(text: string, source: string): Deployment {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${source} is not complete JSON (${error instanceof Error ? error.message : String(error)}); restore it from a copy, or start over with \`npm run sandbox -- reset\``,
    );
  }
  if (!isJsonObject(json)) throw new UserError(`${source} holds no deployment: expected a JSON object`);
  const version = json["version"];
  if (version !== DEPLOYMENT_VERSION)
    throw new UserError(
      `${source} is a deployment of version ${JSON.stringify(version ?? null)}; this sandbox reads version ${DEPLOYMENT_VERSION}` +
        (typeof version === "number" && version > DEPLOYMENT_VERSION ? ": it was written by something newer" : ""),
    );
  const deployment: unknown = json["deployment"];
  if (!isJsonObject(deployment)) throw new UserError(`${source} has no "deployment"`);
  const objects = (key: string): JsonObject[] => {
    const list = deployment[key] ?? [];
    if (!Array.isArray(list) || !list.every(isJsonObject))
      throw new UserError(`${source}: "deployment.${key}" must be a list of objects`);
    return list;
  };
  const map = (key: string): JsonObject => {
    const value: unknown = deployment[key];
    return isJsonObject(value) ? value : {};
  };
  const resources = objects("resources");
  for (const [index, resource] of resources.entries())
    if (typeof resource["urn"] !== "string" || typeof resource["type"] !== "string")
      throw new UserError(`${source}: "deployment.resources[${index}]" has no urn or no type`);
  return {
    manifest: map("manifest"),
    secrets_providers: map("secrets_providers"),
    resources,
    pending_operations: objects("pending_operations"),
    metadata: map("metadata"),
  };
}

export interface LoadedState {
  readonly deployment: Deployment;
  /** The snapshot's text as it stands on disk, "" where there is none: what a new journal builds on. */
  readonly text: string;
}

/** The stack's state with everything that an interrupted run had recorded. Changes nothing on disk. */
export function readState(files: StackFiles): LoadedState & { readonly interrupted: boolean } {
  const stored = readIfPresent(files.snapshot);
  const text = stored ?? "";
  const base = stored === undefined ? emptyDeployment() : parseDeployment(stored, files.snapshot);
  const journal = readIfPresent(files.journal);
  if (journal === undefined) return { deployment: base, text, interrupted: false };
  const deployment = fold(base, text, journal);
  return { deployment, text, interrupted: deployment !== base };
}

/** As `readState`, and puts what an interrupted run left in its place. Needs the stack's lock. */
export function recoverState(files: StackFiles): LoadedState {
  const { deployment, text, interrupted } = readState(files);
  if (!interrupted) {
    removeIfPresent(files.journal);
    return { deployment, text };
  }
  const folded = writeDeployment(files, { version: DEPLOYMENT_VERSION, deployment });
  removeIfPresent(files.journal);
  return { deployment, text: folded };
}

/** Returns the text written. */
export function writeDeployment(files: StackFiles, deployment: VersionedDeployment): string {
  const text = `${JSON.stringify(deployment, null, 2)}\n`;
  writeAtomically(files.snapshot, text);
  return text;
}

export function writeSnapshot(files: StackFiles, snapshot: Snapshot, secrets: SecretsManager): void {
  writeDeployment(files, snapshotToDeployment(snapshot, encrypting(secrets), secrets, new Date().toISOString()));
}

export const openSnapshot = (deployment: Deployment, secrets: SecretsManager): Snapshot =>
  deploymentToSnapshot(deployment, decrypting(secrets));

/** Puts what the run's journal came to in the snapshot's place. A run that changed nothing leaves the file as it is. */
export function foldRun(files: StackFiles, before: LoadedState, secrets: SecretsManager): void {
  const after = fold(before.deployment, before.text, readIfPresent(files.journal) ?? "");
  if (before.text === "" || contentOf(before.deployment) !== contentOf(after)) {
    const head = deploymentHead(secrets, new Date().toISOString());
    writeDeployment(files, { version: DEPLOYMENT_VERSION, deployment: { ...after, ...head } });
  }
  removeIfPresent(files.journal);
}

/** Resources and pending operations, whatever their order. */
function contentOf({ resources, pending_operations = [] }: Deployment): string {
  const texts = (list: readonly JsonObject[]): string[] => list.map((json) => JSON.stringify(sorted(json))).sort();
  return JSON.stringify([texts(resources), texts(pending_operations)]);
}

function sorted(json: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, isJsonObject(value) ? sorted(value) : value]),
  );
}
