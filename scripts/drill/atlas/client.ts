import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { messageOf, UserError } from "../../sandbox/user-error.ts";
import { type Challenge, digestHeader, parseChallenge } from "./digest.ts";

export const ATLAS_URL = "https://cloud.mongodb.com";

/** A programmatic API key of an organisation or a project. */
export interface AtlasKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface AtlasClientOptions {
  readonly key: AtlasKey;
  /** 24 hexadecimal digits: the only project that the client can name. */
  readonly projectId: string;
  /** Default: Atlas. */
  readonly url?: string;
  /** The first pause before a request is made again; each further one is twice as long. Default: 1 s. */
  readonly pauseMilliseconds?: number;
}

type Method = "GET" | "POST" | "DELETE";

export interface AtlasRequest {
  readonly method: Method;
  /** Below the project: `/clusters`; empty for the project itself. Each part is encoded already. */
  readonly path: string;
  /** `2023-01-01`: the version of the resource, as Atlas dates it. */
  readonly version: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Resolves to the body; rejects with an AtlasError, a UserError where Atlas cannot be asked, or the signal's reason. */
export type AtlasClient = (request: AtlasRequest) => Promise<unknown>;

/** What Atlas refused. */
export class AtlasError extends Error {
  readonly status: number;
  /** `DUPLICATE_CLUSTER_NAME`, or the status where Atlas gave none. */
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(`Atlas says ${code}: ${detail}`);
    this.name = "AtlasError";
    this.status = status;
    this.code = code;
  }
}

const TRIES = 5;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
const ANSWER_MILLISECONDS = 30_000;
const projectId = /^[0-9a-f]{24}$/;

const refusal = z.object({ errorCode: z.string().optional(), detail: z.string().optional() });

async function refused(response: Response): Promise<AtlasError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { errorCode, detail } = refusal.safeParse(body).data ?? {};
  return new AtlasError(response.status, errorCode ?? `HTTP ${response.status}`, detail ?? response.statusText);
}

/** Asking twice does no harm, or Atlas did not take the request at all. */
const mayAskAgain = (method: Method, status: number): boolean => status === 429 || (status >= 500 && method !== "POST");

const isLoopback = (url: URL): boolean => url.hostname === "127.0.0.1" || url.hostname === "localhost";

/**
 * A client of the Atlas Administration API, version 2, for one project. Where Atlas is busy or out of reach it asks
 * again, five times in all; what makes something is asked again only where Atlas did not take it. Throws a UserError
 * where the project is none, or the address is neither HTTPS nor this machine.
 */
export function atlasClient(options: AtlasClientOptions): AtlasClient {
  const { key, pauseMilliseconds = 1000 } = options;
  if (!projectId.test(options.projectId))
    throw new UserError("the id of Atlas's project must be 24 hexadecimal digits");
  const base = new URL(options.url ?? ATLAS_URL);
  if (base.protocol !== "https:" && !isLoopback(base))
    throw new UserError(`Atlas is asked by HTTPS alone, not at ${base.origin}`);
  let challenge: Challenge | undefined;
  let count = 0;

  const authorization = (method: Method, uri: string): Record<string, string> => {
    if (challenge === undefined) return {};
    const { publicKey: username, privateKey: password } = key;
    const clientNonce = randomBytes(16).toString("hex");
    return {
      Authorization: digestHeader(challenge, { username, password, method, uri, count: ++count, clientNonce }),
    };
  };

  const once = ({ method, path, version, body, signal }: AtlasRequest): Promise<Response> => {
    const uri = `/api/atlas/v2/groups/${options.projectId}${path}`;
    const type = `application/vnd.atlas.${version}+json`;
    const timeout = AbortSignal.timeout(ANSWER_MILLISECONDS);
    return fetch(new URL(uri, base), {
      method,
      redirect: "error",
      headers: { Accept: type, ...(body !== undefined && { "Content-Type": type }), ...authorization(method, uri) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  };

  /** The first answer is a question; a nonce that has grown old is another one. */
  const authenticated = async (request: AtlasRequest): Promise<Response> => {
    const response = await once(request);
    const asked = parseChallenge(response.headers.get("www-authenticate") ?? "");
    if (response.status !== 401 || asked === undefined) return response;
    await response.body?.cancel();
    [challenge, count] = [asked, 0];
    return once(request);
  };

  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const pause = Math.min(pauseMilliseconds * 2 ** (attempt - 1), LONGEST_PAUSE_MILLISECONDS);
      try {
        const response = await authenticated(request);
        if (response.ok) return response.status === 204 ? undefined : await response.json();
        const error = await refused(response);
        if (attempt === TRIES || !mayAskAgain(request.method, response.status)) throw error;
      } catch (error) {
        request.signal?.throwIfAborted();
        if (error instanceof AtlasError) throw error;
        if (attempt === TRIES || request.method === "POST") throw unreachable(base, error);
      }
      await sleep(pause, undefined, request.signal && { signal: request.signal });
    }
  };
}

const unreachable = (base: URL, error: unknown): UserError => {
  const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  return new UserError(`Atlas cannot be reached at ${base.origin}: ${cause}`);
};

const nextSteps: Readonly<Record<string, string>> = {
  IP_ADDRESS_NOT_ON_ACCESS_LIST:
    "put this machine's address on the key's access list, as docs/accounts.md says in step 3",
  ORG_REQUIRES_ACCESS_LIST: "give the key an access list, as docs/accounts.md says in step 3",
};

/** What the user can put right, in one line. */
export function atlasAdvice(error: AtlasError): UserError {
  const next =
    nextSteps[error.code] ??
    (error.status === 401 ? "look at MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY" : undefined);
  return new UserError(next === undefined ? error.message : `${error.message}; ${next}`);
}
