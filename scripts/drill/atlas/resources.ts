import { z } from "zod";
import { UserError } from "../../sandbox/user-error.ts";
import { type AtlasClient, AtlasError } from "./client.ts";

/**
 * As much of the Atlas Administration API as the drill needs. Source of paths, versions, and fields: the API's
 * reference (https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/). Fields that are not read here are left out.
 */
const paths = {
  clusters: { path: "/clusters", version: "2024-08-05" },
  newCluster: { path: "/clusters", version: "2024-10-23" },
  cluster: { path: "/clusters/{}", version: "2024-08-05" },
  clusterDeletion: { path: "/clusters/{}?retainBackups=false", version: "2023-02-01" },
  /** Whether users are known to the cluster already. */
  changes: { path: "/clusters/{}/status", version: "2023-01-01" },
  snapshots: { path: "/clusters/{}/backup/snapshots", version: "2023-01-01" },
  restoreJobs: { path: "/clusters/{}/backup/restoreJobs", version: "2023-01-01" },
  restoreJob: { path: "/clusters/{}/backup/restoreJobs/{}", version: "2023-01-01" },
  databaseUsers: { path: "/databaseUsers", version: "2023-01-01" },
  databaseUser: { path: "/databaseUsers/admin/{}", version: "2023-01-01" },
  accessList: { path: "/accessList", version: "2023-01-01" },
  accessListEntry: { path: "/accessList/{}", version: "2023-01-01" },
  accessListStatus: { path: "/accessList/{}/status", version: "2023-01-01" },
  project: { path: "", version: "2023-01-01" },
} as const;

/** As many as Atlas puts on a page at most. */
const PAGE = 500;

const specs = z.object({ instanceSize: z.string(), diskSizeGB: z.number().optional() });

const listed = z.object({
  name: z.string(),
  /** IDLE, CREATING, UPDATING, DELETING, REPAIRING, ... */
  stateName: z.string(),
  createDate: z.iso.datetime({ offset: true }).optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});

const cluster = listed.extend({
  mongoDBMajorVersion: z.string(),
  replicationSpecs: z
    .array(z.object({ regionConfigs: z.array(z.object({ regionName: z.string(), electableSpecs: specs })).min(1) }))
    .min(1),
  connectionStrings: z
    .object({
      standardSrv: z.string().optional(),
      privateEndpoint: z.array(z.object({ srvConnectionString: z.string() })).optional(),
    })
    .default({}),
});

const snapshot = z.object({
  id: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  /** queued, inProgress, completed, failed. */
  status: z.string(),
});

const restoreJob = z.object({
  id: z.string(),
  finishedAt: z.iso.datetime({ offset: true }).nullish(),
  failed: z.boolean().default(false),
  cancelled: z.boolean().default(false),
  expired: z.boolean().default(false),
});

export type ListedCluster = Readonly<z.output<typeof listed>>;
export type AtlasCluster = Readonly<z.output<typeof cluster>>;
export type Snapshot = Readonly<z.output<typeof snapshot>>;
export type RestoreJob = Readonly<z.output<typeof restoreJob>>;

export interface NewUser {
  readonly name: string;
  readonly password: string;
  /** The only database that the user reads. */
  readonly database: string;
  /** The only clusters that know the user. */
  readonly clusters: readonly string[];
  /** When Atlas removes the user by itself. */
  readonly until: Date;
}

export interface AtlasProject {
  name(signal: AbortSignal): Promise<string>;
  clusters(signal: AbortSignal): Promise<readonly ListedCluster[]>;
  /** Undefined where there is none of that name. */
  cluster(name: string, signal: AbortSignal): Promise<AtlasCluster | undefined>;
  createCluster(body: object, signal: AbortSignal): Promise<void>;
  /** False where there is none of that name. */
  deleteCluster(name: string): Promise<boolean>;
  /** Newest first. */
  snapshots(cluster: string, signal: AbortSignal): Promise<readonly Snapshot[]>;
  startRestore(from: string, snapshotId: string, target: string, signal: AbortSignal): Promise<RestoreJob>;
  restoreJob(from: string, id: string, signal: AbortSignal): Promise<RestoreJob>;
  createUser(user: NewUser, signal: AbortSignal): Promise<void>;
  deleteUser(name: string): Promise<void>;
  usersApplied(cluster: string, signal: AbortSignal): Promise<boolean>;
  isLetIn(address: string, signal: AbortSignal): Promise<boolean>;
  letIn(address: string, until: Date, signal: AbortSignal): Promise<void>;
  isActive(address: string, signal: AbortSignal): Promise<boolean>;
  shutOut(address: string): Promise<void>;
}

const filled = (path: string, parts: readonly string[]): string =>
  parts.reduce((text, part) => text.replace("{}", encodeURIComponent(part)), path);

/** Throws a UserError where Atlas answers otherwise than its reference says. */
function parsed<T>(schema: z.ZodType<T>, what: string, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
  throw new UserError(`Atlas's answer about ${what} has another shape than its reference says${place}`);
}

/** Undefined where Atlas has no such thing. */
async function orNone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AtlasError && error.status === 404) return undefined;
    throw error;
  }
}

/** What the drill does with a project of Atlas; `projectId` is the client's. Methods reject as the client does. */
export function atlasProject(client: AtlasClient, projectId: string): AtlasProject {
  const ask =
    (method: "GET" | "DELETE") =>
    ({ path, version }: { path: string; version: string }, parts: readonly string[], signal?: AbortSignal) =>
      client({ method, path: filled(path, parts), version, ...(signal && { signal }) });
  const [get, remove] = [ask("GET"), ask("DELETE")];
  const post = (
    { path, version }: { path: string; version: string },
    parts: readonly string[],
    body: unknown,
    signal: AbortSignal,
  ): Promise<unknown> => client({ method: "POST", path: filled(path, parts), version, body, signal });

  const all = async <T>(
    { path, version }: { path: string; version: string },
    parts: readonly string[],
    item: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<readonly T[]> => {
    const found: T[] = [];
    for (let page = 1; ; page++) {
      const query = `?itemsPerPage=${PAGE}&pageNum=${page}`;
      const answer = await get({ path: `${path}${query}`, version }, parts, signal);
      const { results } = parsed(z.object({ results: z.array(item) }), path, answer);
      found.push(...results);
      if (results.length < PAGE) return found;
    }
  };

  return {
    name: async (signal) =>
      parsed(z.object({ name: z.string() }), "the project", await get(paths.project, [], signal)).name,
    clusters: (signal) => all(paths.clusters, [], listed, signal),
    cluster: async (name, signal) => {
      const found = await orNone(get(paths.cluster, [name], signal));
      return found === undefined ? undefined : parsed(cluster, `the cluster ${name}`, found);
    },
    createCluster: async (body, signal) => {
      await post(paths.newCluster, [], body, signal);
    },
    deleteCluster: async (name) => (await orNone(remove(paths.clusterDeletion, [name]).then(() => true))) ?? false,
    snapshots: async (name, signal) =>
      [...(await all(paths.snapshots, [name], snapshot, signal))].sort(
        (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt),
      ),
    startRestore: async (from, snapshotId, targetClusterName, signal) =>
      parsed(
        restoreJob,
        "a restore",
        await post(
          paths.restoreJobs,
          [from],
          { deliveryType: "automated", snapshotId, targetClusterName, targetGroupId: projectId },
          signal,
        ),
      ),
    restoreJob: async (from, id, signal) =>
      parsed(restoreJob, "a restore", await get(paths.restoreJob, [from, id], signal)),
    createUser: async ({ name, password, database, clusters, until }, signal) => {
      await post(
        paths.databaseUsers,
        [],
        {
          databaseName: "admin",
          username: name,
          password,
          description: "restore drill",
          roles: [{ roleName: "read", databaseName: database }],
          scopes: clusters.map((each) => ({ name: each, type: "CLUSTER" })),
          deleteAfterDate: until.toISOString(),
        },
        signal,
      );
    },
    deleteUser: async (name) => {
      await orNone(remove(paths.databaseUser, [name]));
    },
    usersApplied: async (name, signal) =>
      parsed(z.object({ changeStatus: z.string() }), "changes", await get(paths.changes, [name], signal))
        .changeStatus === "APPLIED",
    isLetIn: async (address, signal) => (await orNone(get(paths.accessListEntry, [address], signal))) !== undefined,
    letIn: async (ipAddress, until, signal) => {
      await post(
        paths.accessList,
        [],
        [{ ipAddress, comment: "restore drill", deleteAfterDate: until.toISOString() }],
        signal,
      );
    },
    isActive: async (address, signal) =>
      parsed(z.object({ STATUS: z.string() }), "an address", await get(paths.accessListStatus, [address], signal))
        .STATUS === "ACTIVE",
    shutOut: async (address) => {
      await orNone(remove(paths.accessListEntry, [address]));
    },
  };
}
