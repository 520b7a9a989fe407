import type { SmokeTarget } from "../check.ts";

/** For what Cloudflare does before the API. */
export const noEdge = ({ local }: SmokeTarget): string | undefined =>
  local ? "plain http on loopback has no edge before it" : undefined;
