import { setTimeout as sleep } from "node:timers/promises";
import { problemPath, type ProblemDocument } from "../src/http/problem.ts";
import { checkedFetch, type CheckedRequestInit } from "./client.ts";
import type { Place } from "./place.ts";

export interface Asked extends Omit<CheckedRequestInit, "body" | "headers"> {
  /** Who calls: `user-1`, or `user-1+admin`. Default: nobody. */
  readonly as?: string;
  /** Sent as it is where it is text, bytes, or a stream, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether being shed is an answer. Default: no; it is asked again, since a busy machine sheds in any test. */
  readonly shed?: boolean;
}

/** Asks a server; rejects where the answer is not as its own document says. */
export type Ask = (path: string, asked?: Asked) => Promise<Response>;

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | ReadableStream =>
  typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;

const againMs = 250;
const mostTimes = 60;

export function askerOf(url: string, place: Pick<Place, "token">): Ask {
  const once = async (path: string, { as, body, headers = {}, shed: _, ...init }: Asked): Promise<Response> =>
    checkedFetch(url, path, {
      ...init,
      headers: {
        ...(as !== undefined && { Authorization: `Bearer ${await place.token(as)}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    });
  return async (path, asked = {}) => {
    for (let times = 1; ; times++) {
      const answer = await once(path, asked);
      if (asked.shed === true || times === mostTimes || !(await isShed(answer))) return answer;
      await sleep(againMs);
    }
  };
}

/** Refused before anything was done, which needs no words of its own. */
export async function isShed(answer: Response): Promise<boolean> {
  if (answer.status !== 503 || answer.headers.get("content-type")?.startsWith("application/problem") !== true)
    return false;
  const { type, detail } = (await answer.clone().json()) as ProblemDocument;
  return type === problemPath("overloaded") && detail === undefined;
}
