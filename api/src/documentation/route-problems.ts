import type { ProblemKind } from "../http/problem.ts";
import { type RouteClass, type RouteContract, routeClasses } from "../http/route.ts";

/** When a route may answer with a problem that it does not name itself. */
const rules: readonly (readonly [applies: (contract: RouteContract, rules: RouteClass) => boolean, ProblemKind[]])[] = [
  [() => true, ["internal"]],
  // A path of any route with parameters may hold what cannot be decoded.
  [({ params, query, headers, body }) => Boolean(params ?? query ?? headers ?? body), ["invalid-request"]],
  [({ body }) => body !== undefined, ["too-large", "unsupported-media-type", "request-timeout"]],
  // The keys of tokens come from elsewhere.
  [({ access }) => access === "caller", ["unauthenticated", "dependency-unavailable"]],
  [(_, { limit }) => limit !== "none", ["too-many-requests"]],
  [(_, { limit }) => limit === "write" || limit === "upload", ["read-only"]],
  [(_, { shed, deadlineMs }) => shed || deadlineMs > 0, ["overloaded"]],
];

/** Every problem that a route may answer with, once each. */
export function problemsOf(contract: RouteContract): readonly ProblemKind[] {
  const routeClass = routeClasses[contract.class];
  const implied = rules.filter(([applies]) => applies(contract, routeClass)).flatMap(([, kinds]) => kinds);
  return [...new Set([...implied, ...(contract.problems ?? [])])];
}
