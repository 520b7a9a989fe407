import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { pino } from "pino";
import { heartbeatContract } from "../heartbeat/contract.ts";
import { createContext } from "./request-context.ts";

describe("a request's context", () => {
  const lines: unknown[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const contextOf = (response: { readonly writableFinished: boolean }) =>
    createContext("request-1", undefined, heartbeatContract, response as ServerResponse, {
      log: { logger, request: () => undefined },
    });
  const responseOf = (writableFinished: boolean) => Object.assign(new EventEmitter(), { writableFinished });

  it("logs with the request's id and route", () => {
    contextOf(responseOf(true)).log.info({}, "something");
    const [line] = lines as [{ readonly requestId: string; readonly route: string }];
    assert.deepEqual([line.requestId, line.route], ["request-1", "/heartbeat"]);
  });

  it("aborts its signal once the client has gone, and not after the answer", () => {
    for (const [finished, aborted] of [
      [false, true],
      [true, false],
    ] as const) {
      const response = responseOf(finished);
      const { signal } = contextOf(response);
      response.emit("close");
      assert.equal(signal.aborted, aborted);
    }
  });

  it("has one signal and one log however often it is asked", () => {
    const context = contextOf(responseOf(true));
    assert.equal(context.signal, context.signal);
    assert.equal(context.log, context.log);
  });

  it("has no members of its own that V8 would make a hidden class for", () => {
    const own = Object.getOwnPropertyDescriptors(contextOf(responseOf(true)));
    assert.deepEqual(
      Object.values(own).filter((descriptor) => Object.hasOwn(descriptor, "get")),
      [],
    );
  });
});
