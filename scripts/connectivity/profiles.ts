/** What the verdict asks of a run. */
export interface Thresholds {
  /** Least share of requests that succeed, with at most three decimals. */
  readonly successPercent: number;
  /** The median of the requests that succeed stays below it. */
  readonly medianMilliseconds: number;
}

/** One kind of access network. What lies between it and the server is the real way. */
export interface Profile {
  /** One way; a round trip has two. */
  readonly latencyMilliseconds: number;
  /** Each segment's latency varies evenly by up to this, either way. */
  readonly jitterMilliseconds: number;
  readonly downKbitPerSecond: number;
  readonly upKbitPerSecond: number;
  /**
   * Share of segments that are lost. TCP sends them again, so that nothing is missing: a loss costs the wait for a
   * retransmission, of this segment and of all behind it.
   */
  readonly lossRate: number;
  /** Share of segments at which the connection is reset, as a middlebox that forgot it would do. Costs the request. */
  readonly resetRate: number;
  readonly thresholds: Thresholds;
}

/**
 * Latency and bandwidth of the first three are published presets, which know neither jitter nor loss; those, and all of
 * `lossy` but its bandwidth, are chosen here. Thresholds are the project's own.
 */
export const PROFILES = {
  /** Firefox DevTools, Network Monitor, throttling "Wi-Fi": 30 Mbit/s down, 15 up, 2 ms. */
  wifi: {
    latencyMilliseconds: 1,
    jitterMilliseconds: 1,
    downKbitPerSecond: 30_000,
    upKbitPerSecond: 15_000,
    lossRate: 0,
    resetRate: 0,
    thresholds: { successPercent: 99.5, medianMilliseconds: 200 },
  },
  /** WebPageTest, connectivity "LTE": 12 Mbit/s both ways, round trip 70 ms. */
  "4g": {
    latencyMilliseconds: 35,
    jitterMilliseconds: 10,
    downKbitPerSecond: 12_000,
    upKbitPerSecond: 12_000,
    lossRate: 0,
    resetRate: 0,
    thresholds: { successPercent: 99.5, medianMilliseconds: 300 },
  },
  /** Lighthouse, docs/throttling.md, its default for mobile: 1.6 Mbit/s down, 750 kbit/s up, round trip 150 ms. */
  "slow-4g": {
    latencyMilliseconds: 75,
    jitterMilliseconds: 20,
    downKbitPerSecond: 1600,
    upKbitPerSecond: 750,
    lossRate: 0,
    resetRate: 0,
    thresholds: { successPercent: 99.5, medianMilliseconds: 500 },
  },
  /** Bandwidth of slow-4g, at the edge of the cell. One request in 1,000 meets a reset: hence another share of success. */
  lossy: {
    latencyMilliseconds: 75,
    jitterMilliseconds: 40,
    downKbitPerSecond: 1600,
    upKbitPerSecond: 750,
    lossRate: 0.02,
    resetRate: 0.0005,
    thresholds: { successPercent: 99, medianMilliseconds: 800 },
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;

export const profileNames = Object.keys(PROFILES) as readonly ProfileName[];
