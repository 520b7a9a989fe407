import assert from "node:assert/strict";
import fc from "fast-check";
import type { Profile } from "./profiles.ts";
import { seededRandom } from "./random.ts";
import { createLine, createWay, handshake, retransmissionTimeout } from "./shaper.ts";

const plain: Profile = {
  latencyMilliseconds: 50,
  jitterMilliseconds: 0,
  downKbitPerSecond: 8,
  upKbitPerSecond: 8,
  lossRate: 0,
  resetRate: 0,
  thresholds: { successPercent: 99.5, medianMilliseconds: 200 },
};
/** Bandwidth without an end. */
const wide = createLine(Infinity);
const half = (): number => 0.5;

/** These numbers, one after the other; the last for ever. */
function scripted(...values: readonly number[]): () => number {
  let at = 0;
  return () => values[Math.min(at++, values.length - 1)]!;
}

describe("a line", () => {
  it("takes a millisecond per bit and kilobit per second", () => {
    const line = createLine(8);
    assert.equal(line(1000, 0), 1000);
  });

  it("makes whoever comes later wait, and is idle in between", () => {
    const line = createLine(8);
    assert.deepEqual([line(100, 0), line(100, 50), line(100, 500)], [100, 200, 600]);
  });

  it("never carries more than its bandwidth", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1460), fc.nat(100))), fc.integer({ min: 1, max: 30_000 }), (sent, rate) => {
        const line = createLine(rate);
        let now = 0;
        let bytes = 0;
        for (const [size, pause] of sent) {
          now += pause;
          bytes += size;
          assert.ok(line(size, now) >= (bytes * 8) / rate - 1e-6);
        }
      }),
    );
  });
});

describe("a way", () => {
  it("adds its latency to what the bandwidth takes", () => {
    const way = createWay(plain, createLine(8), half);
    assert.deepEqual(way(100, 1000), { at: 1150, losses: 0, reset: false });
  });

  it("varies the latency by its jitter, either way", () => {
    const profile = { ...plain, jitterMilliseconds: 20 };
    // Three numbers per segment: reset, loss, jitter.
    const early = createWay(profile, wide, scripted(0.5, 0.5, 0))(0, 0);
    const late = createWay(profile, wide, scripted(0.5, 0.5, 1))(0, 0);
    assert.deepEqual([early.at, late.at], [30, 70]);
  });

  it("waits for a retransmission after a loss, and twice as long after each further one", () => {
    const profile = { ...plain, lossRate: 0.1 };
    assert.equal(retransmissionTimeout(profile), 300);
    const lost = (...draws: readonly number[]) => createWay(profile, wide, scripted(0.5, ...draws, 0.5))(0, 0);
    assert.deepEqual(lost(0.05), { at: 50 + 300, losses: 1, reset: false });
    assert.deepEqual(lost(0.05, 0.05), { at: 50 + 300 + 600, losses: 2, reset: false });
  });

  it("waits longer for a retransmission where the round trip varies much", () => {
    assert.equal(retransmissionTimeout({ ...plain, jitterMilliseconds: 100 }), 500);
  });

  it("lets every segment through at last", () => {
    assert.equal(createWay({ ...plain, lossRate: 1 }, wide, half)(0, 0).losses, 6);
  });

  it("holds back what is behind a lost segment", () => {
    const way = createWay({ ...plain, lossRate: 0.1 }, wide, scripted(0.5, 0.05, 0.5));
    assert.deepEqual([way(0, 0).at, way(0, 10).at, way(0, 400).at], [350, 350, 450]);
  });

  it("says where the connection is reset", () => {
    const way = createWay({ ...plain, resetRate: 0.01 }, wide, scripted(0.02, 0.5, 0.5, 0.009, 0.5));
    assert.deepEqual([way(0, 0).reset, way(0, 0).reset], [false, true]);
  });

  it("keeps the order whatever the profile, and the same seed gives the same", () => {
    const profiles = fc.record({
      latencyMilliseconds: fc.integer({ min: 100, max: 500 }),
      jitterMilliseconds: fc.nat(100),
      lossRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
      resetRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(profiles, fc.array(fc.nat(50)), fc.nat(), (over, pauses, seed) => {
        const passages = () => {
          const way = createWay({ ...plain, ...over }, createLine(1000), seededRandom(`${seed}`));
          let now = 0;
          return pauses.map((pause) => way(1460, (now += pause)));
        };
        const first = passages();
        assert.deepEqual(passages(), first);
        for (const [index, { at }] of first.entries()) assert.ok(at >= (first[index - 1]?.at ?? 0));
      }),
    );
  });
});

describe("a handshake", () => {
  it("takes a round trip", () => {
    assert.deepEqual(handshake(plain, half), { milliseconds: 100, losses: 0 });
  });

  it("waits a second for a lost SYN", () => {
    const lossy = { ...plain, lossRate: 0.1 };
    assert.deepEqual(handshake(lossy, scripted(0.05, 0.5)), { milliseconds: 1100, losses: 1 });
  });
});

describe("seeded random numbers", () => {
  const some = (key: string, count: number): number[] => {
    const random = seededRandom(key);
    return Array.from({ length: count }, () => random());
  };

  it("are the same for the same key, and others for any other", () => {
    assert.deepEqual(some("1 1 up", 5), some("1 1 up", 5));
    assert.notDeepEqual(some("1 1 up", 5), some("1 1 down", 5));
  });

  it("are spread evenly from 0 up to 1", () => {
    const tenths = Map.groupBy(some("spread", 20_000), (value) => Math.floor(value * 10));
    assert.deepEqual([...tenths.keys()].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { length } of tenths.values()) assert.ok(Math.abs(length - 2000) < 200);
  });
});
