import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { MongoClient } from "mongodb";
import { watchHeartbeats } from "./mongo-heartbeats.ts";

const times = { connectTimeoutMS: 5, heartbeatFrequencyMS: 300_000, marginMs: 10 };
const address = "127.0.0.1:27017";
/** Far above two times to connect and the margin. */
const stuckMs = 200;

describe("the watch over the driver's heartbeats", () => {
  for (const [what, events, stuck] of [
    ["an outcome never comes", [["serverHeartbeatStarted", false]], 1],
    [
      "an outcome came before",
      [
        ["serverHeartbeatStarted", false],
        ["serverHeartbeatFailed", false],
        ["serverHeartbeatStarted", false],
      ],
      1,
    ],
    [
      "it succeeded",
      [
        ["serverHeartbeatStarted", false],
        ["serverHeartbeatSucceeded", false],
      ],
      0,
    ],
    [
      "it failed",
      [
        ["serverHeartbeatStarted", false],
        ["serverHeartbeatFailed", false],
      ],
      0,
    ],
    ["the server may still be silent", [["serverHeartbeatStarted", true]], 0],
    [
      "the server is no longer one of the cluster",
      [
        ["serverHeartbeatStarted", false],
        ["serverClosed", false],
      ],
      0,
    ],
  ] as const) {
    it(`calls back ${stuck === 0 ? "not" : "once"} where ${what}`, async () => {
      const client = new EventEmitter();
      let calls = 0;
      // An emitter has `on` without the names of the driver's events.
      const end = watchHeartbeats(client as unknown as Pick<MongoClient, "on">, times, () => calls++);
      for (const [event, awaited] of events) client.emit(event, { connectionId: address, address, awaited });
      await sleep(stuckMs);
      assert.equal(calls, stuck);
      end();
    });
  }
});
