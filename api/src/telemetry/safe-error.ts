import { maskText } from "./mask.ts";

/** What may be told of an error: in a log line, and to Sentry. */
export interface SafeError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  /** Only of an error that nobody expected. */
  readonly stack?: string;
  readonly cause?: SafeError;
}

/** Errors that the API throws or waits for: where they were thrown says nothing. */
const expected = new Set([
  "AbortError",
  "DependencyUnavailable",
  "EnvironmentError",
  "ProblemError",
  "TimeoutError",
  "ZodError",
]);

const longestMessage = 1_000;
const longestStack = 6_000;
const deepestCause = 3;

/** By an allow list: name, message, code, stack, and cause; whatever else a driver hangs on its errors stays here. */
export function safeError(error: unknown, mask: (text: string) => string = maskText, depth = 0): SafeError {
  if (!(error instanceof Error)) return { name: "NonError", message: textOf(error, mask) };
  const { name, message, code, stack, cause } = partsOf(error);
  const shown = typeof name === "string" ? mask(name).slice(0, 100) : "Error";
  return {
    name: shown,
    message: textOf(message, mask),
    ...(typeof code === "number" && { code }),
    ...(typeof code === "string" && { code: mask(code).slice(0, 100) }),
    ...(typeof stack === "string" && !expected.has(shown) && { stack: mask(stack).slice(0, longestStack) }),
    ...(cause !== undefined && cause !== null && depth < deepestCause && { cause: safeError(cause, mask, depth + 1) }),
  };
}

/** A getter of a foreign error may throw; the log must not. */
function partsOf(error: Error): Readonly<Record<"name" | "message" | "code" | "stack" | "cause", unknown>> {
  const read = (key: string): unknown => {
    try {
      return Reflect.get(error, key);
    } catch {
      return undefined;
    }
  };
  return {
    name: read("name"),
    message: read("message"),
    code: read("code"),
    stack: read("stack"),
    cause: read("cause"),
  };
}

/** Of what is no text only its type is told: it may be anything. */
const textOf = (value: unknown, mask: (text: string) => string): string =>
  typeof value === "string" ? mask(value).slice(0, longestMessage) : `[${value === null ? "null" : typeof value}]`;
