import { checkedFetch, type CheckedRequestInit } from "./client.ts";
import type { Place } from "./place.ts";

export interface Asked extends Omit<CheckedRequestInit, "body" | "headers"> {
  /** Who calls: `user-1`, or `user-1+admin`. Default: nobody. */
  readonly as?: string;
  /** Sent as it is where it is text, bytes, or a stream, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a server; rejects where the answer is not as its own document says. */
export type Ask = (path: string, asked?: Asked) => Promise<Response>;

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | ReadableStream =>
  typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;

export const askerOf =
  (url: string, place: Pick<Place, "token">): Ask =>
  async (path, { as, body, headers = {}, ...init } = {}) =>
    checkedFetch(url, path, {
      ...init,
      headers: {
        ...(as !== undefined && { Authorization: `Bearer ${await place.token(as)}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    });
