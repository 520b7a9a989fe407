import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { trace } from "@opentelemetry/api";
import { defaultBreaker } from "./breaker.ts";
import { type CallOutcome, DependencyUnavailable, type UnavailableReason } from "./dependency.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import { createSpans } from "./spans.ts";

const spans = createSpans("redis", { address: "localhost", namespace: "0" }, trace.getTracer("test"));
const connection = new Error("connection");
const never = (): Promise<never> => new Promise(() => undefined);
const background = () => ({ signal: new AbortController().signal, span: undefined });

function guardFor(options: Partial<GuardOptions> = {}) {
  const lines: string[] = [];
  const outcomes: CallOutcome[] = [];
  const guard = createGuard({
    name: "redis",
    deadlineMs: 5_000,
    capacity: 100,
    breaker: { ...defaultBreaker, minimumCalls: 3, size: 4, firstProbeMs: 100, lastProbeMs: 100 },
    reasonOf: (error): UnavailableReason | undefined => (error === connection ? "connection" : undefined),
    abortable: true,
    spans,
    log: {
      info: (...said: unknown[]) => lines.push(String(said[1])),
      warn: (...said: unknown[]) => lines.push(String(said[1])),
    },
    onCall: (_name, _operation, outcome) => outcomes.push(outcome),
    ...options,
  });
  const call = <Result>(work: (signal: AbortSignal, maxTimeMs: number) => Promise<Result>, deadlineMs?: number) =>
    guard.call(background(), { operation: "get", ...(deadlineMs !== undefined && { deadlineMs }) }, work);
  const open = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await assert.rejects(call(() => Promise.reject(connection)));
  };
  return { guard, call, open, lines, outcomes };
}

const isUnavailable = (reason: UnavailableReason) => (error: unknown) =>
  error instanceof DependencyUnavailable && error.reason === reason && error.dependency === "redis";

describe("the guard of a dependency", () => {
  it("hands the result on, and tells the server a little less than the deadline", async () => {
    const { call, outcomes } = guardFor();
    assert.equal(await call((signal, maxTimeMs) => Promise.resolve(signal.aborted ? 0 : maxTimeMs), 1_000), 900);
    assert.deepEqual(outcomes, ["ok"]);
  });

  it("gives a call up at its deadline though the driver does not", async () => {
    const { call, guard, outcomes } = guardFor();
    let given: AbortSignal | undefined;
    await assert.rejects(
      call((signal) => {
        given = signal;
        return never();
      }, 10),
      isUnavailable("deadline"),
    );
    assert.equal(given?.aborted, true);
    assert.deepEqual(outcomes, ["deadline"]);
    assert.equal(guard.inFlight, 1, "the driver still has it");
  });

  it("frees the place of an abandoned call once the driver has ended it", async () => {
    const { call, guard } = guardFor({ capacity: 1 });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await assert.rejects(
      call(() => promise, 10),
      isUnavailable("deadline"),
    );
    await assert.rejects(
      call(() => Promise.resolve(1)),
      isUnavailable("bulkhead-full"),
    );
    resolve(undefined);
    await sleep(0);
    assert.equal(guard.inFlight, 0);
    assert.equal(await call(() => Promise.resolve(1)), 1);
  });

  it("passes on what says nothing of the dependency, and stays closed", async () => {
    const { call, outcomes } = guardFor();
    const duplicate = new Error("duplicate key");
    for (let i = 0; i < 10; i++)
      await assert.rejects(
        call(() => Promise.reject(duplicate)),
        duplicate,
      );
    assert.equal(await call(() => Promise.resolve("answer")), "answer");
    assert.equal(outcomes.filter((outcome) => outcome === "error").length, 10);
  });

  it("ends with the caller's own reason when the caller gives up, and does not count it", async () => {
    const { guard, call, outcomes } = guardFor();
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const reason = new DOMException("the client has gone", "AbortError");
      const context = { signal: controller.signal, span: undefined };
      const ended = assert.rejects(guard.call(context, { operation: "get" }, never), reason);
      controller.abort(reason);
      await ended;
      await assert.rejects(guard.call(context, { operation: "get" }, never), reason, "already gone");
    }
    assert.equal(await call(() => Promise.resolve(1)), 1);
    assert.deepEqual(new Set(outcomes), new Set(["aborted", "ok"]));
  });

  it("turns what the work throws at once into a rejection", async () => {
    const { call, guard } = guardFor();
    const thrown = new TypeError("thrown");
    await assert.rejects(
      call(() => {
        throw thrown;
      }),
      thrown,
    );
    assert.equal(guard.inFlight, 0);
  });

  it("opens on faults, asks nobody meanwhile, and closes by one probe; both are logged once", async () => {
    const { guard, call, open, lines } = guardFor();
    await open();
    assert.equal(guard.state, "down");
    await assert.rejects(
      call(() => assert.fail("asked")),
      isUnavailable("breaker-open"),
    );

    await sleep(120);
    const probe = Promise.withResolvers<string>();
    const probing = call(() => probe.promise);
    await assert.rejects(
      call(() => assert.fail("a second probe")),
      isUnavailable("breaker-open"),
    );
    probe.resolve("answer");
    assert.equal(await probing, "answer");
    assert.equal(guard.state, "up");
    assert.equal(await call(() => Promise.resolve(1)), 1);
    assert.deepEqual(lines, ["redis does not answer", "redis answers again"]);
  });

  it("stays open when its probe is given up by the caller", async () => {
    const { guard, call, open } = guardFor();
    await open();
    await sleep(120);
    const controller = new AbortController();
    const probing = guard.call({ signal: controller.signal, span: undefined }, { operation: "get" }, never);
    controller.abort(new Error("gone"));
    await assert.rejects(probing, /gone/);
    await assert.rejects(
      call(() => Promise.resolve(1)),
      isUnavailable("breaker-open"),
    );
  });

  it("closes by a probe in the background where no call comes, and where the clock was set back", async () => {
    const { guard, call, open } = guardFor();
    const now = Date.now;
    try {
      await open();
      Date.now = () => now() - 3_600_000;
      guard.answered();
      assert.equal(guard.state, "down", "not before the longest time that a breaker stays open");
      await sleep(120);
      await assert.rejects(
        call(() => Promise.resolve(1)),
        isUnavailable("breaker-open"),
      );
      guard.answered();
      assert.equal(guard.state, "up");
      assert.equal(await call(() => Promise.resolve(1)), 1);
    } finally {
      Date.now = now;
    }
  });

  it("neither makes nor asks for a signal where calls cannot be abandoned", async () => {
    const { guard } = guardFor({ abortable: false });
    const context = {
      span: undefined,
      get signal(): AbortSignal {
        return assert.fail("nobody needs it");
      },
    };
    const ask = () => guard.call(context, { operation: "get" }, (signal) => Promise.resolve(signal));
    assert.equal(await ask(), await ask());
  });
});
