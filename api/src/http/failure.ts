import { DependencyUnavailable } from "../dependencies/dependency.ts";
import { ProblemError } from "./problem.ts";

const retryAfterSeconds = 5;

/** What a client is told of anything that was thrown. What nobody expected is `internal` and says nothing of its cause. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof DependencyUnavailable)
    return new ProblemError("dependency-unavailable", undefined, { retryAfterSeconds, cause: error });
  // Nobody gets this answer; it is said that nothing is wrong here.
  if (isNamed(error, "AbortError")) return new ProblemError("request-timeout", undefined, { cause: error });
  if (isNamed(error, "TimeoutError"))
    return new ProblemError("overloaded", undefined, { retryAfterSeconds, cause: error });
  // Express's own refusals: a path that cannot be decoded.
  if (clientStatusOf(error) !== undefined) return new ProblemError("invalid-request", undefined, { cause: error });
  return new ProblemError("internal", undefined, { cause: error });
}

const isNamed = (error: unknown, name: string): boolean => error instanceof DOMException && error.name === name;

function clientStatusOf(error: unknown): number | undefined {
  const status: unknown = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}
