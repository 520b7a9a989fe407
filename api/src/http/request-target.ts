import type { RequestListener } from "node:http";
import { refuseBrokenRequest } from "./broken-request.ts";

/**
 * The path and query that a request asks for: its target, or what stands behind the host where it is a whole URL, which a
 * server must take as well (RFC 9112, 3.2.2). Undefined for what is neither.
 */
export function originForm(target: string): string | undefined {
  if (target.startsWith("/") || target === "*") return target;
  const [, rest] = /^https?:\/\/[^/?#]+([^#]*)/i.exec(target) ?? [];
  if (rest === undefined || !URL.canParse(target)) return undefined;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** Refuses other targets before Express reads them, which does so with Node's old parser: it warns of a broken URL in the log. */
export const inOriginForm =
  (app: RequestListener): RequestListener =>
  (request, response) => {
    const target = originForm(request.url ?? "");
    if (target === undefined) {
      refuseBrokenRequest(response);
      return;
    }
    request.url = target;
    app(request, response);
  };
