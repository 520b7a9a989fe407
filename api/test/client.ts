import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenApiDocument } from "../src/documentation/openapi-types.ts";
import { createResponseCheck, type ResponseCheck } from "./response-check.ts";

export interface CheckedRequestInit extends RequestInit {
  /** The path or method is one that the document must not have. Default: false. */
  readonly undocumented?: boolean;
}

/** A fetch whose every answer is checked against an OpenAPI document. */
export type CheckedFetch = (baseUrl: string, path: string, init?: CheckedRequestInit) => Promise<Response>;

/** For servers whose contracts a test already has. */
export function checkedFetchBy(document: OpenApiDocument): CheckedFetch {
  const check = createResponseCheck(document);
  return (baseUrl, path, init) => ask(check, baseUrl, path, init);
}

/** By each server's own document, asked for once. */
const checks = new Map<string, Promise<ResponseCheck>>();

const busyMs = 250;
const mostTimes = 60;

async function checkOf(baseUrl: string, times = 1): Promise<ResponseCheck> {
  const response = await fetch(new URL("/openapi.json", baseUrl));
  // A server on a busy machine sheds documents first.
  if (response.status === 503 && times < mostTimes) {
    await response.body?.cancel();
    await sleep(busyMs);
    return checkOf(baseUrl, times + 1);
  }
  assert.equal(response.status, 200, `${baseUrl}/openapi.json cannot be read`);
  return createResponseCheck((await response.json()) as OpenApiDocument);
}

/**
 * Asks a running server, and rejects with an AssertionError that names all that its own `/openapi.json` does not say of
 * the answer: the status, the media type, required headers, and the body. The answer can be read as from fetch.
 */
export const checkedFetch: CheckedFetch = async (baseUrl, path, init) => {
  const check = checks.get(baseUrl) ?? checkOf(baseUrl);
  checks.set(baseUrl, check);
  // What failed once is asked again, and a port may later be another server's.
  check.catch(() => checks.delete(baseUrl));
  return ask(await check, baseUrl, path, init);
};

async function ask(
  check: ResponseCheck,
  baseUrl: string,
  path: string,
  { undocumented = false, ...init }: CheckedRequestInit = {},
): Promise<Response> {
  const url = new URL(path, baseUrl);
  const response = await fetch(url, init);
  const received = {
    method: init.method?.toUpperCase() ?? "GET",
    path: url.pathname,
    status: response.status,
    headers: response.headers,
    body: await response.clone().bytes(),
  };
  const faults = undocumented ? check.undocumentedFaultsOf(received) : check.faultsOf(received);
  if (faults.length > 0) {
    const told = Buffer.from(received.body).toString("utf8").slice(0, 500);
    const lines = faults.map((fault) => `- ${fault}`).join("\n");
    assert.fail(
      `${received.method} ${received.path} answered ${received.status}, and not as documented:\n${lines}\n${told}`,
    );
  }
  return response;
}
