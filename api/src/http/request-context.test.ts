import assert from "node:assert/strict";
import { pino } from "pino";
import { heartbeatContract } from "../heartbeat/contract.ts";
import { createContext } from "./request-context.ts";

describe("a request's context", () => {
  const lines: unknown[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const newContext = () =>
    createContext("request-1", undefined, heartbeatContract, { log: { logger, request: () => undefined } });

  it("logs with the request's id and route", () => {
    newContext().log.info({}, "something");
    const [line] = lines as [{ readonly requestId: string; readonly route: string }];
    assert.deepEqual([line.requestId, line.route], ["request-1", "/heartbeat"]);
  });

  it("aborts its signal once the client has gone, and not after the answer", () => {
    for (const aborted of [true, false]) {
      const context = newContext();
      const { signal } = context;
      context.end(aborted);
      assert.equal(signal.aborted, aborted);
    }
  });

  it("has one signal and one log however often it is asked", () => {
    const context = newContext();
    assert.equal(context.signal, context.signal);
    assert.equal(context.log, context.log);
  });

  it("has no members of its own that V8 would make a hidden class for", () => {
    const own = Object.getOwnPropertyDescriptors(newContext());
    assert.deepEqual(
      Object.values(own).filter((descriptor) => Object.hasOwn(descriptor, "get")),
      [],
    );
  });
});
