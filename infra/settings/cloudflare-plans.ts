/** What a Cloudflare plan lets a zone do, as far as this program uses it. */
export interface PlanAllowance {
  /** Periods over which requests can be counted, in seconds. */
  readonly countingSeconds: readonly number[];
  /** How long a client can be blocked, in seconds. */
  readonly blockingSeconds: readonly number[];
  /** What happens to requests that are probably, but not surely, a machine's. Undefined: the plan cannot tell. */
  readonly likelyAutomated: "managed_challenge" | undefined;
}

/** Every period that rate limits know, in seconds. */
const periods = [
  10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400,
];

const upTo = (limit: number): number[] => periods.filter((seconds) => seconds <= limit);

/**
 * Plans that can protect the sites and leave the API's machines alone. Free is none: its bot mitigation cannot be
 * skipped for a host, it has one rate limit of ten seconds, and no managed rules.
 * Sources: https://developers.cloudflare.com/waf/rate-limiting-rules/#availability and
 * https://developers.cloudflare.com/bots/plans/.
 */
export const plans = {
  pro: { countingSeconds: upTo(60), blockingSeconds: upTo(3600), likelyAutomated: undefined },
  business: { countingSeconds: upTo(600), blockingSeconds: upTo(86_400), likelyAutomated: "managed_challenge" },
} as const satisfies Record<string, PlanAllowance>;

export type Plan = keyof typeof plans;
