import { CheckFailure, type CheckContext } from "./check.ts";

const USER_AGENT = "groundwork-smoke";

/** Redirects are answers, not followed. */
export function ask(
  { signal }: Pick<CheckContext, "signal">,
  url: URL,
  {
    headers = {},
    ...init
  }: Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  return fetch(url, { redirect: "manual", signal, ...init, headers: { "User-Agent": USER_AGENT, ...headers } });
}

/** What the API answered in JSON. Throws a `CheckFailure` that names the status where it is another, or no JSON. */
export async function json(response: Response, expected: number): Promise<unknown> {
  const text = await response.text();
  if (response.status !== expected) throw new CheckFailure(`answers ${response.status}${titleOf(text)}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CheckFailure(`answers ${response.status} with something that is no JSON`);
  }
}

/** Of a problem document (RFC 9457). */
function titleOf(text: string): string {
  try {
    const problem = JSON.parse(text) as { readonly title?: unknown; readonly detail?: unknown } | null;
    const said = [problem?.title, problem?.detail].filter((part) => typeof part === "string");
    return said.length === 0 ? "" : `: ${said.join(". ")}`;
  } catch {
    return "";
  }
}
