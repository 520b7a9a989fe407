import assert from "node:assert/strict";
import { DependencyUnavailable } from "../dependencies/dependency.ts";
import { ProblemError } from "../http/problem.ts";
import { safeError } from "./safe-error.ts";
import { safeValue } from "./safe-value.ts";

describe("what is told of an error", () => {
  it("is its name, message, code, and stack, and nothing that a driver hangs on it", () => {
    const error = Object.assign(new TypeError("no"), { code: "ECONNRESET", response: { body: "b" }, input: "i" });
    const { stack, ...rest } = safeError(error);
    assert.deepEqual(rest, { name: "TypeError", message: "no", code: "ECONNRESET" });
    assert.match(stack ?? "", /safe-error\.test\.ts/);
  });

  it("has no stack where the error is one of our own, but that of its cause", () => {
    const cause = new Error("socket closed");
    const told = safeError(
      new ProblemError("dependency-unavailable", undefined, {
        cause: new DependencyUnavailable("redis", "connection", cause),
      }),
    );
    assert.equal(told.stack, undefined);
    assert.equal(told.cause?.name, "DependencyUnavailable");
    assert.equal(told.cause.stack, undefined);
    assert.match(told.cause.cause?.stack ?? "", /socket closed/);
  });

  it("is bounded: long messages, long stacks, and causes that go round", () => {
    const error = new Error("word ".repeat(100_000));
    error.cause = error;
    assert.ok(JSON.stringify(safeError(error)).length < 40_000);
  });

  it("is the type alone of what is no error, unless it is a text", () => {
    assert.deepEqual(safeError({ password: "hunter22" }), { name: "NonError", message: "[object]" });
    assert.deepEqual(safeError("token=abcdefgh"), { name: "NonError", message: "token=***" });
    assert.deepEqual(safeError(undefined), { name: "NonError", message: "[undefined]" });
  });

  it("survives errors that do not want to be read", () => {
    const error = new Error("x");
    Object.defineProperty(error, "message", {
      get() {
        throw new Error("no");
      },
    });
    assert.equal(safeError(error).message, "[undefined]");
  });
});

describe("what is told of a field", () => {
  it("is bounded in depth and number, and never throws", () => {
    const round: Record<string, unknown> = {};
    round["self"] = round;
    const refusing = Object.defineProperty({}, "a", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const told = safeValue(
      { round, refusing, many: Array.from({ length: 1_000 }, (_, i) => i), big: 1n },
      (text) => text,
    );
    assert.deepEqual((told as { refusing: unknown }).refusing, "[unreadable]");
    assert.equal((told as { many: unknown[] }).many.length, 30);
    assert.ok(JSON.stringify(told).length < 1_000);
  });
});
