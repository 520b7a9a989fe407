import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../sandbox/user-error.ts";
import { type Check, type CheckContext, CheckFailure, type SmokeTarget } from "./check.ts";
import { checks as allChecks } from "./checks/all.ts";
import type { CheckResult, SmokeReport } from "./report.ts";

/** How often a check is tried, and how long is waited in between: twice as long each time. */
export interface Retries {
  /** 1 or more. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** The longest that one attempt may take. */
  readonly attemptMs: number;
}

/** In all about half a minute of waiting: tasks of the release before may still be draining. */
export const defaultRetries: Retries = { attempts: 6, firstDelayMs: 1_000, attemptMs: 15_000 };

export interface SmokeOptions extends Partial<Pick<CheckContext, "now" | "trusted" | "plainUrl">> {
  readonly retries?: Retries;
  readonly checks?: readonly [Check, ...Check[]];
}

/** Runs every check, and reports; a check that fails is a result. */
export async function smoke(target: SmokeTarget, options: SmokeOptions = {}): Promise<SmokeReport> {
  const { retries = defaultRetries, checks = allChecks, now = () => new Date(), trusted, plainUrl } = options;
  const began = performance.now();
  const context: Omit<CheckContext, "signal"> = { ...target, now, trusted, plainUrl };
  const [gate, ...others] = checks;
  const first = await resultOf(gate, context, retries);
  // Whoever is reached and says something wrong is looked at further: more findings help. Whoever is not, is not.
  const isReached = first.result !== "failed" || first.reached;
  const rest = isReached
    ? await Promise.all(others.map((check) => resultOf(check, context, retries)))
    : others.map((check) => untried(check, target));
  const results = [first, ...rest].map(({ reached: _, ...result }) => result);
  return {
    url: target.url.origin,
    environment: target.environment,
    local: target.local,
    passed: results.every(({ result }) => result === "passed" || result === "left out"),
    checks: results,
    seconds: rounded(performance.now() - began),
  };
}

type Tried = CheckResult & { readonly reached: boolean };

async function resultOf(
  check: Check,
  context: Omit<CheckContext, "signal">,
  { attempts, firstDelayMs, attemptMs }: Retries,
): Promise<Tried> {
  const { name } = check;
  const why = check.leftOut?.(context);
  if (why !== undefined) return { name, result: "left out", detail: why, attempts: 0, seconds: 0, reached: true };
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    const ended = (result: "passed" | "failed", detail: string, reached: boolean): Tried => ({
      name,
      result,
      detail,
      attempts: attempt,
      seconds: rounded(performance.now() - began),
      reached,
    });
    try {
      return ended("passed", await check.run({ ...context, signal: AbortSignal.timeout(attemptMs) }), true);
    } catch (error) {
      const reached = error instanceof CheckFailure;
      if (attempt >= attempts || (reached && !error.again))
        return ended("failed", reached ? error.message : networkReason(error), reached);
      await sleep(firstDelayMs * 2 ** (attempt - 1));
    }
  }
}

const untried = (check: Check, target: SmokeTarget): Tried => {
  const why = check.leftOut?.(target);
  const none = { name: check.name, attempts: 0, seconds: 0, reached: false };
  return why === undefined
    ? { ...none, result: "not tried", detail: "the API cannot be reached" }
    : { ...none, result: "left out", detail: why };
};

/** fetch says "fetch failed", and why in its cause, which for a name with several addresses has errors of its own. */
function networkReason(error: unknown): string {
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"))
    return "does not answer in time";
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const inner = cause instanceof AggregateError && cause.errors.length > 0 ? (cause.errors as unknown[])[0] : cause;
  return messageOf(inner);
}

const rounded = (milliseconds: number): number => Number((milliseconds / 1000).toFixed(1));
