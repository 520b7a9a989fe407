import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { isProperties, type Properties } from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import { KEY_BYTES, digest, opened, sealed } from "./seal.ts";
import type { CloudResource, Location, World } from "./service.ts";

/** The store cannot be used. The message names the file and says what to do. */
export class WorldError extends Error {
  readonly file: string;
  constructor(file: string, what: string, remedy: string) {
    super(`the sandbox's cloud ${file} ${what}: ${remedy}`);
    this.name = "WorldError";
    this.file = file;
  }
}

/** The name belongs to another resource. */
export class NameTaken extends Error {
  readonly property: string;
  readonly claimed: string;
  constructor(claim: Claim) {
    super(`${claim.property} ${JSON.stringify(claim.name)} is taken`);
    this.name = "NameTaken";
    this.property = claim.property;
    this.claimed = claim.name;
  }
}

/** The id belongs to another resource of the type, in the same place. */
export class IdTaken extends Error {
  readonly holder: StoredResource;
  constructor(holder: StoredResource) {
    super(`the id ${holder.id} is taken`);
    this.name = "IdTaken";
    this.holder = holder;
  }
}

export interface StoredResource extends CloudResource {
  /** Number in the store, in the order of creation. */
  readonly key: number;
  /** Number of the resource that this one came with; 0 for one of its own. */
  readonly owner: number;
  /** The engine's operation that made it; "" where it sends none. */
  readonly operation: string;
  /** Tells resources of one URN apart where one replaces another: part of what their values are made from. */
  readonly generation: number;
}

/** A name that nothing else may bear. `scope` is "" for the world, else account or account and region. */
export interface Claim {
  readonly property: string;
  readonly scope: string;
  readonly name: string;
}

export interface Insertion {
  readonly resource: CloudResource;
  readonly claims: readonly Claim[];
  readonly companions: readonly CloudResource[];
  readonly operation: string;
  readonly generation?: number;
  /** Whether several resources of the type may have the id in one place. */
  readonly sharedId?: boolean;
}

/** What is absent stays as it is. */
export interface Change {
  readonly resource: CloudResource;
  readonly claims?: readonly Claim[];
  readonly companions?: readonly CloudResource[];
}

/** Everything that every stack has made. Several processes may use it at once. */
export interface CloudStore extends World {
  /** In this place; where the type's ids repeat, the resource of the URN goes first. */
  find(type: string, id: string, location: Location, urn?: string): StoredResource | undefined;
  byUrn(urn: string): StoredResource[];
  byOperation(operation: string): StoredResource | undefined;
  everything(): StoredResource[];
  /** Throws `NameTaken` or `IdTaken`; nothing is stored then. */
  insert(insertion: Insertion): StoredResource;
  update(key: number, change: Change): StoredResource;
  /** Removes the resource and what came with it; `leaves` stay in its place. */
  remove(key: number, leaves: readonly CloudResource[]): void;
  close(): void;
}

export const FILE_NAME = "cloud.sqlite";
const VERSION = 1;
export const PAGE_BYTES = 4096;
const WAIT_MILLISECONDS = 15_000;
const KEY_CHECK = "sandbox cloud";

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE resources (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL, id TEXT NOT NULL, urn TEXT NOT NULL,
    partition TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
    place TEXT NOT NULL,
    owner INTEGER NOT NULL,
    operation TEXT NOT NULL,
    data BLOB
  ) STRICT;
  CREATE INDEX resources_revision ON resources (revision);
  CREATE INDEX resources_owner ON resources (owner);
  CREATE UNIQUE INDEX resources_id ON resources (type, id, place) WHERE place <> '' AND data IS NOT NULL;
  CREATE UNIQUE INDEX resources_operation ON resources (operation) WHERE operation <> '' AND data IS NOT NULL;
  CREATE TABLE claims (
    name TEXT PRIMARY KEY, key INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX claims_key ON claims (key);
`;

/**
 * Opens the store in the directory, and makes it where there is none.
 * `key`: 32 bytes; properties are encrypted with it. `isGlobal` says which types have one place per account.
 * `maxPages`: how large the file may grow, in pages of `PAGE_BYTES`; unlimited where absent.
 */
export function openWorld(
  directory: string,
  key: Uint8Array,
  isGlobal: (type: string) => boolean,
  { maxPages }: { readonly maxPages?: number } = {},
): CloudStore {
  const file = join(directory, FILE_NAME);
  if (key.length !== KEY_BYTES) throw new TypeError(`the key has ${key.length} bytes, not ${KEY_BYTES}`);
  return guarded(file, () => new Store(file, directory, key, isGlobal, maxPages));
}

class Store implements CloudStore {
  readonly #file: string;
  readonly #key: Uint8Array;
  readonly #isGlobal: (type: string) => boolean;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #resources = new Map<number, StoredResource>();
  readonly #byId = new Map<string, StoredResource[]>();
  readonly #byType = new Map<string, Map<number, StoredResource>>();
  readonly #byUrn = new Map<string, StoredResource[]>();
  readonly #byOperation = new Map<string, StoredResource>();
  #revision = 0;
  #dataVersion = -1;

  constructor(
    file: string,
    directory: string,
    key: Uint8Array,
    isGlobal: (type: string) => boolean,
    maxPages: number | undefined,
  ) {
    this.#file = file;
    this.#key = key;
    this.#isGlobal = isGlobal;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file, { timeout: WAIT_MILLISECONDS });
    try {
      this.#database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
      if (maxPages !== undefined) this.#database.exec(`PRAGMA max_page_count = ${maxPages}`);
      this.#migrate();
      this.#checkKey();
      this.#statements = prepare(this.#database);
      this.#synchronize();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  byId(type: string, id: string): CloudResource | undefined {
    this.#synchronize();
    return this.#byId.get(idKey(type, id))?.[0];
  }

  all(type: string): CloudResource[] {
    this.#synchronize();
    return [...(this.#byType.get(type)?.values() ?? [])];
  }

  everything(): StoredResource[] {
    this.#synchronize();
    return [...this.#resources.values()];
  }

  find(type: string, id: string, location: Location, urn?: string): StoredResource | undefined {
    this.#synchronize();
    const place = this.#place(type, location);
    const found = (this.#byId.get(idKey(type, id)) ?? []).filter(
      (resource) => this.#place(type, resource.location) === place,
    );
    return found.find((resource) => urn !== undefined && resource.urn === urn) ?? found[0];
  }

  byUrn(urn: string): StoredResource[] {
    this.#synchronize();
    return [...(this.#byUrn.get(urn) ?? [])];
  }

  byOperation(operation: string): StoredResource | undefined {
    this.#synchronize();
    return this.#byOperation.get(operation);
  }

  insert({ resource, claims, companions, operation, generation = 0, sharedId }: Insertion): StoredResource {
    return this.#transaction(() => {
      // The name first: a service says more about a taken name than about an id.
      this.#refuseTaken(resource.type, claims, 0);
      const holder = sharedId === true ? undefined : this.find(resource.type, resource.id, resource.location);
      if (holder !== undefined) throw new IdTaken(holder);
      const stored = this.#insertRow(resource, { operation, generation, sharedId: sharedId === true });
      this.#claim(stored, claims);
      this.#insertCompanions(stored, companions);
      return stored;
    });
  }

  update(key: number, { resource, claims, companions }: Change): StoredResource {
    return this.#transaction(() => {
      const before = this.#resources.get(key);
      if (before === undefined)
        throw new WorldError(this.#file, `no longer has ${resource.urn}`, "refresh the stack and try again");
      this.#refuseTaken(resource.type, claims ?? [], key);
      const stored: StoredResource = { ...before, ...resource, key };
      this.#statements.update.run({ key, revision: this.#next(), data: this.#seal(stored) });
      this.#forget(before);
      this.#remember(stored);
      if (claims !== undefined) {
        this.#statements.unclaim.run(key);
        this.#claim(stored, claims);
      }
      if (companions !== undefined) {
        this.#removeCompanions(key, new Set(companions.map(({ type, id }) => idKey(type, id))));
        this.#insertCompanions(stored, companions);
      }
      return stored;
    });
  }

  remove(key: number, leaves: readonly CloudResource[]): void {
    this.#transaction(() => {
      this.#removeCompanions(key, new Set());
      this.#removeRow(key);
      for (const leaf of leaves) this.#insertRow(leaf, { sharedId: true });
    });
  }

  #insertCompanions(owner: StoredResource, companions: readonly CloudResource[]): void {
    for (const companion of companions) {
      const { type, id, location } = companion;
      // What is there already is adopted, not made twice.
      if (this.find(type, id, location) === undefined) this.#insertRow(companion, { owner: owner.key });
    }
  }

  #removeCompanions(owner: number, kept: ReadonlySet<string>): void {
    for (const row of this.#statements.owned.all(owner)) {
      const companion = this.#resources.get(Number(row["key"]));
      if (companion !== undefined && !kept.has(idKey(companion.type, companion.id))) this.#removeRow(companion.key);
    }
  }

  #insertRow(
    resource: CloudResource,
    {
      owner = 0,
      operation = "",
      generation = 0,
      sharedId = false,
    }: { owner?: number; operation?: string; generation?: number; sharedId?: boolean },
  ): StoredResource {
    const { type, id, urn, location } = resource;
    const { lastInsertRowid } = this.#statements.insert.run({
      revision: this.#next(),
      type,
      id,
      urn,
      partition: location.partition,
      account: location.account,
      region: location.region,
      place: sharedId ? "" : this.#place(type, location),
      owner,
      operation,
      data: this.#seal({ ...resource, generation }),
    });
    const stored: StoredResource = { ...resource, key: Number(lastInsertRowid), owner, operation, generation };
    this.#remember(stored);
    return stored;
  }

  #removeRow(key: number): void {
    const before = this.#resources.get(key);
    if (before === undefined) return;
    this.#statements.remove.run({ key, revision: this.#next() });
    this.#statements.unclaim.run(key);
    this.#forget(before);
  }

  #claim({ type, key }: StoredResource, claims: readonly Claim[]): void {
    for (const claim of claims) this.#statements.claim.run(this.#claimName(type, claim), key);
  }

  /** Asked before anything is written, inside the transaction. */
  #refuseTaken(type: string, claims: readonly Claim[], own: number): void {
    for (const claim of claims) {
      const holder = this.#statements.claimed.get(this.#claimName(type, claim))?.["key"];
      if (holder !== undefined && Number(holder) !== own) throw new NameTaken(claim);
    }
  }

  #claimName(type: string, { property, scope, name }: Claim): string {
    return digest(this.#key, JSON.stringify([type, property, scope, name]));
  }

  /** One place per account and region, and no place twice: a type without regions has one per account. */
  #place(type: string, { account, region }: Location): string {
    return `${account}/${this.#isGlobal(type) ? "" : region}`;
  }

  #next(): number {
    this.#revision++;
    return this.#revision;
  }

  /** Runs the work alone among all processes; what it did is undone where it throws. */
  #transaction<T>(work: () => T): T {
    return guarded(this.#file, () => {
      this.#database.exec("BEGIN IMMEDIATE");
      let before = this.#revision;
      try {
        this.#synchronize();
        before = this.#revision;
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        if (this.#revision !== before) this.#reload();
        throw error;
      }
    });
  }

  /** Reads what other processes have changed since. */
  #synchronize(): void {
    guarded(this.#file, () => {
      const version = Number(this.#statements.dataVersion.get()?.["data_version"]);
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
      for (const row of this.#statements.since.all(this.#revision)) this.#apply(row);
    });
  }

  #reload(): void {
    for (const index of [this.#resources, this.#byId, this.#byType, this.#byUrn, this.#byOperation]) index.clear();
    this.#revision = 0;
    this.#dataVersion = -1;
    this.#synchronize();
  }

  #apply(row: Record<string, SQLOutputValue>): void {
    const key = Number(row["key"]);
    const before = this.#resources.get(key);
    if (before !== undefined) this.#forget(before);
    this.#revision = Math.max(this.#revision, Number(row["revision"]));
    const data = row["data"];
    if (!(data instanceof Uint8Array)) return;
    const [type, id] = [String(row["type"]), String(row["id"])];
    this.#remember({
      key,
      type,
      id,
      urn: String(row["urn"]),
      location: {
        partition: String(row["partition"]),
        account: String(row["account"]),
        region: String(row["region"]),
      },
      owner: Number(row["owner"]),
      operation: String(row["operation"]),
      ...this.#open(type, id, data),
    });
  }

  #remember(resource: StoredResource): void {
    const { key, type, id, urn, operation } = resource;
    this.#resources.set(key, resource);
    append(this.#byId, idKey(type, id), resource);
    const ofType = this.#byType.get(type) ?? new Map<number, StoredResource>();
    this.#byType.set(type, ofType.set(key, resource));
    if (urn !== "") append(this.#byUrn, urn, resource);
    if (operation !== "") this.#byOperation.set(operation, resource);
  }

  #forget(resource: StoredResource): void {
    const { key, type, id, urn, operation } = resource;
    this.#resources.delete(key);
    drop(this.#byId, idKey(type, id), key);
    this.#byType.get(type)?.delete(key);
    drop(this.#byUrn, urn, key);
    this.#byOperation.delete(operation);
  }

  #seal({ type, id, inputs, outputs, generation }: CloudResource & { generation: number }): Uint8Array {
    return sealed(this.#key, toStruct({ inputs, outputs, generation }, FULL).serializeBinary(), idKey(type, id));
  }

  #open(type: string, id: string, data: Uint8Array): { inputs: Properties; outputs: Properties; generation: number } {
    const { inputs, outputs, generation } = fromStruct(
      structs.Struct.deserializeBinary(opened(this.#key, data, idKey(type, id))),
    );
    return {
      inputs: isProperties(inputs) ? inputs : {},
      outputs: isProperties(outputs) ? outputs : {},
      generation: typeof generation === "number" ? generation : 0,
    };
  }

  #migrate(): void {
    const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > VERSION)
      throw new WorldError(
        this.#file,
        `was written by a newer version of the sandbox (${version}, this one knows ${VERSION})`,
        "use that version, or start over with `sandbox reset`",
      );
    if (version === VERSION) return;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      // Another process may have made it while this one waited.
      if (Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]) !== VERSION)
        this.#database.exec(`${SCHEMA} PRAGMA user_version = ${VERSION};`);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** The first key is the one; later ones must be it. */
  #checkKey(): void {
    const text = Buffer.from(KEY_CHECK);
    this.#database
      .prepare("INSERT INTO meta (name, value) VALUES ('key', ?) ON CONFLICT DO NOTHING")
      .run(sealed(this.#key, text, KEY_CHECK));
    const kept = this.#database.prepare("SELECT value FROM meta WHERE name = 'key'").get()?.["value"];
    try {
      if (kept instanceof Uint8Array && text.equals(opened(this.#key, kept, KEY_CHECK))) return;
    } catch {
      // Another key: said below.
    }
    throw new WorldError(
      this.#file,
      "was written with another passphrase",
      "use that passphrase, or start over with `sandbox reset`",
    );
  }
}

const idKey = (type: string, id: string): string => `${type}\n${id}`;

function append<K>(index: Map<K, StoredResource[]>, key: K, resource: StoredResource): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [resource]);
  else list.push(resource);
}

function drop<K>(index: Map<K, StoredResource[]>, key: K, number: number): void {
  const left = (index.get(key) ?? []).filter((resource) => resource.key !== number);
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}

interface Statements {
  readonly dataVersion: StatementSync;
  readonly since: StatementSync;
  readonly insert: StatementSync;
  readonly update: StatementSync;
  readonly remove: StatementSync;
  readonly owned: StatementSync;
  readonly claim: StatementSync;
  readonly claimed: StatementSync;
  readonly unclaim: StatementSync;
}

const prepare = (database: DatabaseSync): Statements => ({
  dataVersion: database.prepare("PRAGMA data_version"),
  since: database.prepare("SELECT * FROM resources WHERE revision > ? ORDER BY key"),
  insert: database.prepare(
    `INSERT INTO resources (revision, type, id, urn, partition, account, region, place, owner, operation, data)
     VALUES (:revision, :type, :id, :urn, :partition, :account, :region, :place, :owner, :operation, :data)`,
  ),
  update: database.prepare("UPDATE resources SET revision = :revision, data = :data WHERE key = :key"),
  // The row stays without its data, so that other processes learn of the removal.
  remove: database.prepare("UPDATE resources SET revision = :revision, data = NULL WHERE key = :key"),
  owned: database.prepare("SELECT key FROM resources WHERE owner = ? AND data IS NOT NULL"),
  claim: database.prepare("INSERT INTO claims (name, key) VALUES (?, ?)"),
  claimed: database.prepare("SELECT key FROM claims WHERE name = ?"),
  unclaim: database.prepare("DELETE FROM claims WHERE key = ?"),
});

/** What SQLite and the file system say, as an error that names the file and the remedy. */
function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const problem = PROBLEMS.find(({ test }) => error instanceof Error && test.test(describe(error)));
    if (problem === undefined) throw error;
    throw new WorldError(file, problem.what, problem.remedy);
  }
}

const describe = (error: Error): string => `${"code" in error ? String(error.code) : ""} ${error.message}`;

const PROBLEMS = [
  {
    test: /database or disk is full|disk I\/O error|ENOSPC/i,
    what: "could not be written",
    remedy: "free space on the disk, then run the command again",
  },
  {
    test: /not a database|malformed|Unsupported state or unable to authenticate data/i,
    what: "is damaged",
    remedy: "put back a copy, or start over with `sandbox reset`",
  },
  {
    test: /readonly|read-only|EACCES|EPERM|EROFS|unable to open database|ENOTDIR|EEXIST/i,
    what: "cannot be opened for writing",
    remedy: "make its directory writable, or name another with --state-dir",
  },
  {
    test: /database is locked/i,
    what: `has been locked by another process for ${WAIT_MILLISECONDS / 1000} seconds`,
    remedy: "wait for the other run, or end it",
  },
];
