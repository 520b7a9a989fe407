import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createPoller, type Poller, type PollerOptions } from "./poller.ts";

const silent = { info: () => undefined, warn: () => undefined };

describe("a poller", () => {
  let poller: Poller | undefined;
  afterEach(() => poller?.close());
  const start = (options: Partial<PollerOptions<number>>): Poller =>
    (poller = createPoller({
      name: "the number",
      read: () => Promise.resolve(1),
      accept: () => undefined,
      intervalMs: () => 60_000,
      retryMs: 60_000,
      deadlineMs: 60_000,
      log: silent,
      ...options,
    }));

  it("reads once for all who ask at a time", async () => {
    let reads = 0;
    const read = async () => {
      await sleep(10);
      return ++reads;
    };
    const { refresh } = start({ read });
    await Promise.all([refresh(), refresh(), refresh()]);
    assert.equal(reads, 1);
    await refresh();
    assert.equal(reads, 2);
  });

  it("ends a read at its deadline, and takes nothing over that comes after it", async () => {
    const accepted: number[] = [];
    let end: (value: number) => void = () => undefined;
    const read = () => new Promise<number>((resolve) => (end = resolve));
    const running = start({ read, deadlineMs: 20, accept: (value) => void accepted.push(value) });
    await running.refresh();
    assert.equal(running.failing, true);
    end(1);
    await sleep(5);
    assert.deepEqual(accepted, []);
  });

  it("counts what cannot be taken over as a failure", async () => {
    const running = start({
      accept: () => {
        throw new Error("no number");
      },
    });
    await running.refresh();
    assert.equal(running.failing, true);
  });

  it("reads nothing after it was closed, and ends the read that is under way", async () => {
    let aborted = false;
    const running = start({
      read: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(signal.reason as Error);
          });
        }),
    });
    const reading = running.refresh();
    running.close();
    await reading;
    await running.refresh();
    assert.equal(aborted, true);
  });
});
