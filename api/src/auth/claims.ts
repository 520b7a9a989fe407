import type { JWTPayload } from "jose";
import type { Caller } from "./caller.ts";
import { userIdPattern } from "./user-id.ts";

/** Undefined where the claims name nobody whom the API knows how to serve. */
export function callerOf({ sub, scope }: JWTPayload): Caller | undefined {
  if (typeof sub !== "string" || !userIdPattern.test(sub)) return undefined;
  if (scope !== undefined && typeof scope !== "string") return undefined;
  return { userId: sub, scopes: new Set(scope?.split(" ").filter((name) => name !== "")) };
}
