import { type CountedFailure, countFailures } from "./failures.ts";
import type { Plan } from "./plan.ts";
import type { Profile, Thresholds } from "./profiles.ts";
import type { Traffic } from "./proxy.ts";
import type { Outcome } from "./requests.ts";
import { type Bucket, bucketsOf, type Latency, latencyOf } from "./statistics.ts";
import { judge, percentOf, type Verdict } from "./verdict.ts";

/** What `--json` prints: times in milliseconds unless a name says otherwise, and nothing that is not here. */
export interface Report {
  readonly url: string;
  readonly profile: { readonly name: string } & Omit<Profile, "thresholds">;
  readonly seed: number;
  readonly concurrency: number;
  readonly timeoutMilliseconds: number;
  /** Those of the profile, or of the command line. */
  readonly thresholds: Thresholds;
  /** Each request was made once. The run was stopped where succeeded and failed are less than planned. */
  readonly requests: { readonly planned: number; readonly succeeded: number; readonly failed: number };
  /** Of those made, rounded down to two decimals. */
  readonly successPercent: number;
  /** Null where no request succeeded. The first request of a connection includes opening it. */
  readonly latency: Latency | null;
  readonly failures: readonly CountedFailure[];
  readonly network: Readonly<Traffic> & {
    /** What opening a TCP connection takes without the profile. */
    readonly directConnectMilliseconds: number;
    /** Of the whole run, answers with their headers and TLS. */
    readonly downKbitPerSecond: number;
    readonly upKbitPerSecond: number;
  };
  readonly histogram: readonly Bucket[];
  readonly seconds: number;
  readonly verdict: Verdict;
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly traffic: Readonly<Traffic>;
  readonly directConnectMilliseconds: number;
  readonly milliseconds: number;
}

export function reportOf(plan: Plan, run: Run): Report {
  const times = run.outcomes.flatMap((outcome) => ("milliseconds" in outcome ? [outcome.milliseconds] : []));
  const failures = run.outcomes.flatMap((outcome) => ("failure" in outcome ? [outcome.failure] : []));
  const latency = latencyOf(times);
  const { thresholds: _ofProfile, ...profile } = plan.profile;
  const made = { planned: plan.requests, succeeded: times.length, failed: failures.length };
  // A kilobit per second is a bit per millisecond.
  const rate = (bytes: number): number => (run.milliseconds === 0 ? 0 : rounded((bytes * 8) / run.milliseconds));
  return {
    url: plan.url.href,
    profile: { name: plan.profileName, ...profile },
    seed: plan.seed,
    concurrency: plan.concurrency,
    timeoutMilliseconds: plan.timeoutMilliseconds,
    thresholds: plan.thresholds,
    requests: made,
    successPercent: percentOf(times.length, run.outcomes.length),
    latency: latency ?? null,
    failures: countFailures(failures),
    network: {
      ...run.traffic,
      directConnectMilliseconds: rounded(run.directConnectMilliseconds),
      downKbitPerSecond: rate(run.traffic.bytesDown),
      upKbitPerSecond: rate(run.traffic.bytesUp),
    },
    histogram: latency === undefined ? [] : bucketsOf(times, latency),
    seconds: rounded(run.milliseconds / 1000),
    verdict: judge({ ...made, medianMilliseconds: latency?.p50 }, plan.thresholds),
  };
}

const rounded = (value: number): number => Number(value.toFixed(3));
