import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export const PROJECT_ID = "65f0c0ffee65f0c0ffee65f0";
export const TEST_KEY = { publicKey: "abcdefgh", privateKey: "8f1c6f9e-0d5a-4c0e-9a58-2b1f7f4c7d10" } as const;
export const SOURCE = "groundwork-staging-data";
/** `2025-12-30T03:00:12Z`, by Atlas's clock. */
export const TAKEN = "2025-12-30T03:00:12Z";

type State = "CREATING" | "IDLE" | "DELETING";

interface Cluster {
  readonly name: string;
  state: State;
  /** Looks until the state moves on. */
  looks: number;
  readonly tags: readonly { key: string; value: string }[];
  readonly url: string;
  readonly body: Record<string, unknown>;
}

/** What goes wrong; each but the first two happens once. */
export interface Faults {
  /** The answer to every request. */
  everything?: Answer;
  /** The restore ends like this. */
  restore?: "failed" | "cancelled" | "expired";
  createCluster?: Answer;
  deleteCluster?: Answer;
  /** The connection is cut when a request whose path ends like this has been done. */
  cut?: string;
  /** A nonce is good for so many requests. */
  nonceRequests?: number;
}

export interface Answer {
  readonly status: number;
  readonly errorCode: string;
  readonly detail: string;
}

export interface TestAtlas {
  readonly url: string;
  /** `POST /clusters`, without the project. */
  readonly requests: string[];
  readonly clusters: Map<string, Cluster>;
  readonly users: Map<string, Record<string, unknown>>;
  readonly accessList: Map<string, Record<string, unknown>>;
  /** Bodies of the clusters that were made. */
  readonly created: Record<string, unknown>[];
  readonly faults: Faults;
  projectName: string;
  snapshots: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

export interface TestAtlasOptions {
  readonly sourceUrl: string;
  readonly targetUrl: string;
  /** Puts the data of the snapshot into the target. */
  readonly restore: () => Promise<void>;
}

/** The version that each resource is asked for in. Source: the API's reference. */
const versions: readonly (readonly [method: string, path: RegExp, version: string])[] = [
  ["POST", /^\/clusters$/, "2024-10-23"],
  ["DELETE", /^\/clusters\/[^/]+$/, "2023-02-01"],
  ["GET", /^\/clusters(\/[^/]+)?$/, "2024-08-05"],
  ["GET", /./, "2023-01-01"],
  ["GET", /^$/, "2023-01-01"],
  ["POST", /./, "2023-01-01"],
  ["DELETE", /./, "2023-01-01"],
];

const LOOKS = 2;

class RefusalError extends Error {
  readonly answer: Answer;
  constructor(status: number, errorCode: string, detail: string) {
    super(detail);
    this.answer = { status, errorCode, detail };
  }
}

const notFound = (what: string) => new RefusalError(404, `${what}_NOT_FOUND`, "there is none");

/** A server on this machine that answers as Atlas's administration API does, as far as the drill uses it. */
export async function startTestAtlas(options: TestAtlasOptions): Promise<TestAtlas> {
  const nonces = new Map<string, number>();
  const jobs = new Map<string, { looks: number; target: string; finishedAt?: string; wrong?: string }>();
  const addCluster = (name: string, tags: Cluster["tags"], state: State, body: Record<string, unknown> = {}): void => {
    const url = name === SOURCE ? options.sourceUrl : options.targetUrl;
    atlas.clusters.set(name, { name, state, looks: LOOKS, tags, url, body });
  };

  const authenticated = (request: IncomingMessage): boolean => {
    const header = request.headers.authorization ?? "";
    const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)"?`).exec(header)?.[1] ?? "";
    const [nonce, count] = [field("nonce"), Number.parseInt(field("nc"), 16)];
    const last = nonces.get(nonce);
    if (last === undefined || count !== last + 1 || count > (atlas.faults.nonceRequests ?? Infinity)) return false;
    nonces.set(nonce, count);
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const secret = md5(`${TEST_KEY.publicKey}:MMS Public API:${TEST_KEY.privateKey}`);
    const subject = md5(`${request.method ?? ""}:${request.url ?? ""}`);
    const expected = md5([secret, nonce, field("nc"), field("cnonce"), "auth", subject].join(":"));
    return field("username") === TEST_KEY.publicKey && field("response") === expected && field("uri") === request.url;
  };

  const shown = (cluster: Cluster) => {
    if (cluster.looks > 0) cluster.looks--;
    else if (cluster.state === "CREATING") cluster.state = "IDLE";
    else if (cluster.state === "DELETING") atlas.clusters.delete(cluster.name);
    const ready = cluster.state === "IDLE";
    return {
      name: cluster.name,
      stateName: cluster.state,
      mongoDBMajorVersion: "8.0",
      createDate: "2026-01-12T08:00:00Z",
      tags: cluster.tags,
      replicationSpecs: [
        {
          id: "1",
          regionConfigs: [
            { regionName: "US_EAST_1", electableSpecs: { instanceSize: "M10", diskSizeGB: 10, nodeCount: 3 } },
          ],
        },
      ],
      connectionStrings: ready ? { standardSrv: cluster.url } : {},
    };
  };

  const finish = async (id: string): Promise<Record<string, unknown>> => {
    const job = jobs.get(id);
    if (job === undefined) throw notFound("RESTORE_JOB");
    if (job.looks-- === 0) {
      const wrong = atlas.faults.restore;
      if (wrong === undefined) await options.restore();
      else job.wrong = wrong;
      job.finishedAt = "2026-01-12T08:20:00Z";
    }
    return {
      id,
      deliveryType: "automated",
      targetClusterName: job.target,
      ...(job.finishedAt !== undefined && { finishedAt: job.finishedAt }),
      ...(job.wrong !== undefined && { [job.wrong]: true }),
    };
  };

  const found = <T>(map: Map<string, T>, key: string, what: string): T => {
    const value = map.get(key);
    if (value === undefined) throw notFound(what);
    return value;
  };
  const failOnce = (fault: "createCluster" | "deleteCluster"): void => {
    const answer = atlas.faults[fault];
    delete atlas.faults[fault];
    if (answer !== undefined) throw new RefusalError(answer.status, answer.errorCode, answer.detail);
  };

  type Handler = (parts: readonly string[], body: Record<string, unknown>) => unknown;
  const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
    ["GET", /^$/, () => ({ id: PROJECT_ID, name: atlas.projectName })],
    ["GET", /^\/clusters$/, () => ({ results: [...atlas.clusters.values()].map(shown) })],
    ["GET", /^\/clusters\/([^/]+)$/, ([name = ""]) => shown(found(atlas.clusters, name, "CLUSTER"))],
    [
      "POST",
      /^\/clusters$/,
      (_, body) => {
        failOnce("createCluster");
        const name = String(body["name"]);
        if (atlas.clusters.has(name)) throw new RefusalError(409, "DUPLICATE_CLUSTER_NAME", "there is one");
        atlas.created.push(body);
        addCluster(name, body["tags"] as Cluster["tags"], "CREATING", body);
        return { name };
      },
    ],
    [
      "DELETE",
      /^\/clusters\/([^/]+)$/,
      ([name = ""]) => {
        const cluster = found(atlas.clusters, name, "CLUSTER");
        failOnce("deleteCluster");
        cluster.state = "DELETING";
        return {};
      },
    ],
    ["GET", /^\/clusters\/([^/]+)\/status$/, () => ({ changeStatus: "APPLIED" })],
    ["GET", /^\/clusters\/([^/]+)\/backup\/snapshots$/, () => ({ results: atlas.snapshots })],
    [
      "POST",
      /^\/clusters\/([^/]+)\/backup\/restoreJobs$/,
      (_, body) => {
        const target = found(atlas.clusters, String(body["targetClusterName"]), "CLUSTER");
        if (target.state !== "IDLE") throw new RefusalError(400, "CLUSTER_NOT_IDLE", "not yet");
        if (body["targetGroupId"] !== PROJECT_ID || body["deliveryType"] !== "automated") throw notFound("GROUP");
        const id = randomBytes(12).toString("hex");
        jobs.set(id, { looks: LOOKS, target: target.name });
        return { id };
      },
    ],
    ["GET", /^\/clusters\/[^/]+\/backup\/restoreJobs\/([^/]+)$/, ([id = ""]) => finish(id)],
    ["POST", /^\/databaseUsers$/, (_, body) => void atlas.users.set(String(body["username"]), body)],
    [
      "DELETE",
      /^\/databaseUsers\/admin\/([^/]+)$/,
      ([name = ""]) => {
        found(atlas.users, name, "USER");
        atlas.users.delete(name);
      },
    ],
    [
      "POST",
      /^\/accessList$/,
      (_, body) => {
        // The one body that is a list.
        for (const entry of body as unknown as Record<string, unknown>[])
          atlas.accessList.set(String(entry["ipAddress"]), entry);
        return { results: [] };
      },
    ],
    ["GET", /^\/accessList\/([^/]+)$/, ([address = ""]) => found(atlas.accessList, address, "ACCESS_LIST_ENTRY")],
    ["GET", /^\/accessList\/([^/]+)\/status$/, () => ({ STATUS: "ACTIVE" })],
    [
      "DELETE",
      /^\/accessList\/([^/]+)$/,
      ([address = ""]) => {
        found(atlas.accessList, address, "ACCESS_LIST_ENTRY");
        atlas.accessList.delete(address);
      },
    ],
  ];

  const handled = async (request: IncomingMessage): Promise<unknown> => {
    const prefix = `/api/atlas/v2/groups/${PROJECT_ID}`;
    const url = new URL(request.url ?? "", "http://atlas");
    if (!url.pathname.startsWith(prefix)) throw notFound("GROUP");
    const path = url.pathname.slice(prefix.length);
    const method = request.method ?? "";
    atlas.requests.push(`${method} ${path}`);
    const version = versions.find(([each, pattern]) => each === method && pattern.test(path))?.[2];
    if (request.headers.accept !== `application/vnd.atlas.${version ?? ""}+json`)
      throw new RefusalError(406, "INVALID_VERSION_DATE", request.headers.accept ?? "");
    const body = method === "POST" ? ((await json(request)) as Record<string, unknown>) : {};
    for (const [each, pattern, handler] of routes) {
      const match = each === method ? pattern.exec(path) : null;
      if (match !== null) return handler(match.slice(1).map(decodeURIComponent), body);
    }
    throw notFound("RESOURCE");
  };

  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { "Content-Type": "application/json", ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    };
    const { cut, everything } = atlas.faults;
    if (!authenticated(request)) {
      const nonce = randomBytes(8).toString("base64url");
      nonces.set(nonce, 0);
      request.resume();
      answer(
        401,
        { status: 401, errorCode: "INVALID_CREDENTIALS", detail: "the key is not good" },
        {
          "WWW-Authenticate": `Digest realm="MMS Public API", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=false`,
        },
      );
      return;
    }
    const refuse = ({ status, ...rest }: Answer): void => answer(status, { error: status, ...rest });
    if (everything !== undefined) refuse(everything);
    else
      void handled(request).then(
        (body) => {
          if (cut === undefined || request.url?.endsWith(cut) !== true) {
            answer(body === undefined ? 204 : 200, body);
            return;
          }
          delete atlas.faults.cut;
          request.socket.destroy();
        },
        (error: unknown) =>
          refuse(
            error instanceof RefusalError
              ? error.answer
              : { status: 500, errorCode: "UNEXPECTED_ERROR", detail: String(error) },
          ),
      );
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const atlas: TestAtlas = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    clusters: new Map(),
    users: new Map(),
    accessList: new Map(),
    created: [],
    faults: {},
    projectName: "groundwork-staging-database-0a1b2c3",
    snapshots: [
      { id: "a1", createdAt: "2025-12-29T03:00:10Z", status: "completed" },
      { id: "a2", createdAt: TAKEN, status: "completed" },
      { id: "a3", createdAt: "2025-12-31T03:00:00Z", status: "inProgress" },
    ],
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  addCluster(SOURCE, [], "IDLE");
  return atlas;
}
