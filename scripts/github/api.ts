import { setTimeout as wait } from "node:timers/promises";
import { Octokit } from "@octokit/core";
import { messageOf, UserError } from "../sandbox/user-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One call of GitHub's REST API. `path` begins with a slash and is ready to be sent. */
export interface Call {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
}

/** GitHub, as one repository's settings, issues, and pull requests are reached. */
export interface GitHub {
  /** `owner/name` */
  readonly repository: string;
  /** What GitHub answers; undefined where it knows no such thing. Throws a `UserError` where it refuses. */
  send(call: Call): Promise<unknown>;
  /** All pages of a list of which GitHub gives up to a hundred at once. */
  list(path: string): Promise<readonly unknown[]>;
}

export interface Access {
  readonly repository: string;
  readonly token: string;
  /** Default: GitHub's own. */
  readonly baseUrl?: string | undefined;
  /** Milliseconds before the second attempt; the third waits twice as long. Default: 1000. */
  readonly pause?: number;
}

const ATTEMPTS = 3;
/** What passes by itself. A POST is not sent twice: the first may have arrived. */
const PASSING = new Set([429, 500, 502, 503, 504]);
const MOST_PAGES = 100;

const repositoryForm = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[\w.-]{1,100}$/;

/** Throws a `UserError` where the repository is none, or there is no token. */
export function openGitHub({ repository, token, baseUrl, pause = 1000 }: Access): GitHub {
  if (!repositoryForm.test(repository))
    throw new UserError(`${JSON.stringify(repository)} is no repository: give owner/name`, 2);
  if (token === "") throw new UserError("there is no token: set GITHUB_TOKEN", 2);
  const octokit = new Octokit({ auth: token, ...(baseUrl === undefined ? {} : { baseUrl }), log: silent });

  const attempt = async ({ method, path, body }: Call, count: number): Promise<unknown> => {
    try {
      const { data }: { readonly data: unknown } = await octokit.request({
        method,
        url: path,
        ...(body === undefined ? {} : { data: body }),
      });
      return data;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 && method === "GET") return undefined;
      const again = method !== "POST" && (status === undefined || PASSING.has(status));
      if (!again || count >= ATTEMPTS) throw refused({ method, path }, status, error);
      await wait(pause * count);
      return attempt({ method, path, body }, count + 1);
    }
  };
  const send = (call: Call): Promise<unknown> => attempt(call, 1);
  return { repository, send, list: (path) => allPages(path, send) };
}

async function allPages(path: string, send: GitHub["send"]): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const separator = path.includes("?") ? "&" : "?";
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await send({ method: "GET", path: `${path}${separator}per_page=100&page=${page}` });
    const items = itemsOf(answer);
    found.push(...items);
    if (items.length < 100) break;
  }
  return found;
}

/** A list is an array, or the only array of an object that also counts it. */
function itemsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  if (typeof answer !== "object" || answer === null) return [];
  return Object.values(answer).find((value): value is unknown[] => Array.isArray(value)) ?? [];
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const statusOf = (error: unknown): number | undefined =>
  typeof error === "object" &&
  error !== null &&
  "status" in error &&
  typeof error.status === "number" &&
  isAnswer(error)
    ? error.status
    : undefined;

// Octokit gives a fault of the network the status 500.
const isAnswer = (error: object): boolean => "response" in error && error.response !== undefined;

const hints: Readonly<Record<number, string>> = {
  401: "the token is not valid",
  403: "the token may not do this",
  404: "there is no such thing, or the token may not see it",
  422: "GitHub does not accept the values",
};

function refused({ method, path }: Call, status: number | undefined, error: unknown): UserError {
  const reason = messageOf(error).split("\n")[0] ?? "";
  if (status === undefined) return new UserError(`GitHub cannot be reached (${method} ${path}): ${reason}`);
  const hint = hints[status];
  return new UserError(
    `GitHub answers ${status} to ${method} ${path}${hint === undefined ? "" : `, ${hint}`}: ${reason}`,
  );
}
