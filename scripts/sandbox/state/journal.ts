import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Deployment,
  isJsonObject,
  type JsonObject,
  pendingToJson,
  resourceToJson,
  type SecretWriter,
} from "./deployment.ts";
import { removeIfPresent, stateFileError, writeAll } from "./files.ts";
import type { PendingOperation, ResourceState } from "./resource.ts";

/**
 * What a run writes as it goes, one JSON object per line. The first names the snapshot that the run began with;
 * an `old` is an index into that snapshot's resources, a `new` counts what the run has added.
 */
type Entry =
  | { kind: "base"; digest: string; secrets_providers?: JsonObject }
  | { kind: "begin"; operation: number; pending: JsonObject }
  | { kind: "end"; operation: number }
  | { kind: "new"; new: number; resource: JsonObject }
  | { kind: "dropped"; new: number }
  | { kind: "changed"; old: number; resource: JsonObject }
  | { kind: "done"; old: number }
  | { kind: "renamed"; from: string; to: string }
  | { kind: "settled" };

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Keeps a run's steps on disk at a cost that does not grow with the stack. */
export class Journal {
  readonly #file: string;
  readonly #handle: number;
  readonly #seal: SecretWriter;
  #operations = 0;

  /** `secrets_providers` says how `seal` seals: without a snapshot, only the journal tells how to read it. */
  constructor(file: string, snapshotText: string, seal: SecretWriter, secrets_providers?: JsonObject) {
    this.#file = file;
    this.#seal = seal;
    try {
      mkdirSync(dirname(file), { recursive: true });
      this.#handle = openSync(file, "w", 0o600);
    } catch (error) {
      throw stateFileError("write", file, error);
    }
    this.#write({
      kind: "base",
      digest: digestOf(snapshotText),
      ...(secrets_providers === undefined ? {} : { secrets_providers }),
    });
  }

  /** What was pending before this run is settled or taken over. */
  settled(): void {
    this.#write({ kind: "settled" });
  }

  begin(pending: PendingOperation): number {
    const operation = this.#operations++;
    this.#write({ kind: "begin", operation, pending: pendingToJson(pending, this.#seal) });
    return operation;
  }

  end(operation: number): void {
    this.#write({ kind: "end", operation });
  }

  /** Adds a resource, or writes it anew where `index` was used before. */
  put(index: number, state: ResourceState): void {
    this.#write({ kind: "new", new: index, resource: resourceToJson(state, this.#seal) });
  }

  drop(index: number): void {
    this.#write({ kind: "dropped", new: index });
  }

  changed(old: number, state: ResourceState): void {
    this.#write({ kind: "changed", old, resource: resourceToJson(state, this.#seal) });
  }

  done(old: number): void {
    this.#write({ kind: "done", old });
  }

  /** A resource took a new URN: what still names the old one follows. */
  renamed(from: string, to: string): void {
    this.#write({ kind: "renamed", from, to });
  }

  close(): void {
    closeSync(this.#handle);
  }

  remove(): void {
    removeIfPresent(this.#file);
  }

  #write(entry: Entry): void {
    try {
      // The line break comes first: an entry that a full disk cut short ends before the next one.
      writeAll(this.#handle, `\n${JSON.stringify(entry)}`);
    } catch (error) {
      throw stateFileError("write", this.#file, error);
    }
  }
}

/**
 * The deployment after everything that the journal holds. A journal of another snapshot is spent: it was folded,
 * and only its removal is missing. A line cut short, by a kill or by a full disk, is left out.
 */
export function fold(base: Deployment, snapshotText: string, journalText: string): Deployment {
  const entries = parseEntries(journalText);
  const [head, ...rest] = entries;
  if (head?.kind !== "base" || head.digest !== digestOf(snapshotText)) return base;
  const olds: (JsonObject | undefined)[] = [...base.resources];
  const news = new Map<number, JsonObject>();
  const pending = new Map<number, JsonObject>();
  const names = new Map<string, string>();
  let before: JsonObject[] = [...(base.pending_operations ?? [])];
  for (const entry of rest) {
    switch (entry.kind) {
      case "begin":
        pending.set(entry.operation, entry.pending);
        break;
      case "end":
        pending.delete(entry.operation);
        break;
      case "new":
        news.set(entry.new, entry.resource);
        break;
      case "dropped":
        news.delete(entry.new);
        break;
      case "changed":
        if (olds[entry.old] !== undefined) olds[entry.old] = entry.resource;
        break;
      case "done":
        olds[entry.old] = undefined;
        break;
      case "renamed":
        names.set(entry.from, entry.to);
        break;
      case "settled":
        before = [];
        break;
      case "base":
        break;
    }
  }
  const operations = [...before, ...pending.values()].map((operation) =>
    isJsonObject(operation["resource"])
      ? { ...operation, resource: renameUrns(operation["resource"], names) }
      : operation,
  );
  // A URN that a new resource has taken over (two swapped their names) means that one in whatever is new.
  const freed = new Map(names);
  for (const { urn } of news.values()) if (typeof urn === "string") freed.delete(urn);
  return {
    manifest: base.manifest,
    secrets_providers: { ...base.secrets_providers, ...head.secrets_providers },
    resources: [
      ...[...news.values()].map((json) => renameUrns(json, freed)),
      ...olds.filter((json) => json !== undefined).map((json) => renameUrns(json, names)),
    ],
    ...(operations.length === 0 ? {} : { pending_operations: operations }),
    metadata: base.metadata,
  };
}

/** What a resource says of other resources, under their new URNs. Its own URN stays. */
function renameUrns(json: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  if (names.size === 0) return json;
  const result: JsonObject = { ...json };
  const rename = (value: JsonObject[string]): JsonObject[string] => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(rename);
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item)]));
    return value;
  };
  for (const key of ["parent", "dependencies", "propertyDependencies", "deletedWith", "replaceWith"])
    if (result[key] !== undefined) result[key] = rename(result[key]);
  const provider = result["provider"];
  if (typeof provider === "string") {
    const end = provider.lastIndexOf("::");
    const urn = names.get(provider.slice(0, end));
    if (urn !== undefined) result["provider"] = `${urn}${provider.slice(end)}`;
  }
  return result;
}

function parseEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      continue;
    }
    if (isEntry(json)) entries.push(json);
  }
  return entries;
}

function isEntry(json: unknown): json is Entry {
  return isJsonObject(json) && typeof json["kind"] === "string";
}
