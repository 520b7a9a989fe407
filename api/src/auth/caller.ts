/** Who asks, as their access token says. */
export interface Caller {
  /** The token's `sub`. */
  readonly userId: string;
  /** The token's `scope`, split at spaces. */
  readonly scopes: ReadonlySet<string>;
}

/** Holds over every map, not only the caller's own. */
export const adminScope = "admin";

export const isAdmin = (caller: Caller): boolean => caller.scopes.has(adminScope);

/** Checks the value of `Authorization`. Throws a ProblemError `unauthenticated`, or `dependency-unavailable` without keys. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;
