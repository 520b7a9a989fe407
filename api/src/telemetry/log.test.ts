import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import fc from "fast-check";
import { type Environment, readEnvironment } from "../environment.ts";
import type { RuntimeConfigSource } from "../http/services.ts";
import { defaultRuntimeConfig, type RuntimeConfig } from "../runtime-config.ts";
import { createLog, type Log } from "./log.ts";

const environment: Environment = {
  ...readEnvironment({ VERSION: "1.4.0", COMMIT: "0123456789abcdef" }),
  ENVIRONMENT: "staging",
  COOKIE_SIGNING_KEY: "a key of thirty-two or more characters",
};

type Line = Readonly<Record<string, unknown>>;

/** A configuration that a test changes. */
function configSource(): RuntimeConfigSource & { change(part: Partial<RuntimeConfig>): void } {
  let current = defaultRuntimeConfig;
  const listeners = new Set<(config: RuntimeConfig) => void>();
  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(part) {
      current = { ...current, ...part };
      for (const listener of listeners) listener(current);
    },
  };
}

describe("the log", () => {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  const path = join(folder, "log");
  let descriptor: number;
  let log: Log;
  beforeEach(() => {
    descriptor = openSync(path, "w");
    log = createLog({ environment, descriptor });
  });
  afterEach(() => {
    log.close();
    closeSync(descriptor);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const text = (): string => {
    log.flush();
    return readFileSync(path, "utf8");
  };
  const lines = (): Line[] =>
    text()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  const base = { service: "api", environment: "staging", version: "1.4.0", commit: "0123456789abcdef" };

  it("is one JSON line per event, with level, time, message, and what wrote it", () => {
    log.logger.info({ port: 3000 }, "listening");
    const [line, ...none] = lines();
    assert.deepEqual(none, []);
    const { time, ...rest } = line ?? {};
    assert.deepEqual(rest, { level: "info", ...base, port: 3000, message: "listening" });
    assert.equal(new Date(time as string).toISOString(), time);
  });

  it("tells errors by their allow list, under any name and alone", () => {
    const error = Object.assign(new Error("no mongodb://u:hunter22@db"), { code: 11000, reply: "hunter22" });
    log.logger.error(error);
    log.logger.warn({ err: error, nested: { error } }, "failed: %s", error.message);
    log.logger.child({ error }).info("x");
    const [alone, named, bound] = lines();
    assert.equal(alone?.["message"], "no mongodb://***@db");
    assert.equal((alone["error"] as Line)["code"], 11000);
    assert.equal((named?.["err"] as Line)["name"], "Error");
    assert.equal(named?.["message"], "failed: no mongodb://***@db");
    assert.equal((bound?.["error"] as Line)["message"], "no mongodb://***@db");
    assert.ok(!text().includes("hunter22"));
  });

  it("never holds a secret of the environment", () => {
    const key = environment.COOKIE_SIGNING_KEY;
    log.logger.child({ a: `x${key}` }).info({ environment, list: [key] }, `key ${key}`);
    assert.ok(!text().includes(String(key)));
  });

  it("follows the level of the configuration while it runs, children and requests too", () => {
    const config = configSource();
    const stop = log.follow(config);
    const child = log.logger.child({ part: "cache" });
    const request = { requestId: "request-1", method: "GET", route: "/a", durationMs: 1 };
    const round = (): void => {
      child.debug("debug");
      child.info("info");
      child.warn("warn");
      log.request({ ...request, status: 200 });
      log.request({ ...request, status: 500 });
    };
    round();
    config.change({ logLevel: "debug" });
    round();
    config.change({ logLevel: "error" });
    round();
    stop();
    config.change({ logLevel: "debug" });
    round();
    assert.deepEqual(
      lines().map(({ level }) => level),
      ["info", "warn", "info", "error", "debug", "info", "warn", "info", "error", "error", "error"],
    );
  });

  it("writes errors at once", () => {
    log.logger.info("before");
    log.logger.error("now");
    assert.match(readFileSync(path, "utf8"), /before[^]*now/);
  });

  it("is the standard output of the process, whole though the process crashes", () => {
    const program = `
      import { createLog } from ${JSON.stringify(join(import.meta.dirname, "log.ts"))};
      import { readEnvironment } from ${JSON.stringify(join(import.meta.dirname, "..", "environment.ts"))};
      const log = createLog({ environment: readEnvironment({ ENVIRONMENT: "local" }) });
      for (let i = 0; i < 1000; i++)
        log.request({ requestId: "request-" + i, method: "GET", route: "/heartbeat", status: 200, durationMs: i });
      log.logger.info("last");
      throw new Error("crash");`;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
    assert.equal(status, 1);
    const written = stdout.toString().split("\n").slice(0, -1);
    const messages = written.map((line) => (JSON.parse(line) as Line)["message"]);
    assert.deepEqual(messages, [...Array.from({ length: 1_000 }, () => "request"), "last"]);
  });

  describe("of a request", () => {
    const facts = {
      requestId: "3f2b8c1e-1111",
      method: "GET",
      route: "/map/{userId}",
      status: 200,
      durationMs: 1.23456,
    };

    it("has the facts in the same form as any other line", () => {
      log.request({
        ...facts,
        userHash: "0a1b",
        userAgent: "curl/8",
        problem: "overloaded",
        aborted: true,
        status: 503,
      });
      const [line] = lines();
      const { time, ...rest } = line ?? {};
      assert.equal(typeof time, "string");
      assert.deepEqual(rest, {
        level: "warn",
        ...base,
        requestId: "3f2b8c1e-1111",
        userHash: "0a1b",
        method: "GET",
        route: "/map/{userId}",
        status: 503,
        durationMs: 1.235,
        problem: "overloaded",
        aborted: true,
        userAgent: "curl/8",
        message: "request",
      });
    });

    it("says its trace, as OpenTelemetry and as Datadog write it", () => {
      const traceId = "5b8efff798038103d269b633813fc60c";
      log.request({ ...facts, span: trace.wrapSpanContext({ traceId, spanId: "eee19b7ec3c1b174", traceFlags: 1 }) });
      const [line] = lines();
      assert.equal(line?.["traceId"], traceId);
      assert.equal(line["spanId"], "eee19b7ec3c1b174");
      assert.deepEqual(line["dd"], { trace_id: traceId, span_id: "17213210219539181940" });
    });

    it("stays one line of JSON whatever a client sends", () => {
      fc.assert(
        fc.property(
          fc.string({ unit: "binary" }),
          fc.string({ unit: "binary", maxLength: 300 }),
          fc.string(),
          (requestId, userAgent, method) => {
            log.request({ ...facts, requestId, userAgent, method });
          },
        ),
        { numRuns: 200 },
      );
      const written = lines();
      assert.equal(written.length, 200);
      for (const line of written) {
        assert.match(String(line["requestId"]), /^[A-Za-z0-9._:-]+$/);
        assert.ok(String(line["userAgent"]).length <= 120);
        assert.doesNotMatch(String(line["userAgent"]), /[\p{C}\p{Zl}\p{Zp}]/u);
      }
    });
  });
});
