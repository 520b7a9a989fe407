import { wordOf } from "../command-line.ts";
import { UserError } from "../sandbox/user-error.ts";
import { type Profile, type ProfileName, PROFILES, profileNames, type Thresholds } from "./profiles.ts";

/** What a run is to do. */
export interface Plan {
  readonly url: URL;
  readonly profileName: ProfileName;
  readonly profile: Profile;
  readonly thresholds: Thresholds;
  readonly requests: number;
  readonly concurrency: number;
  /** From asking to the last byte of the answer. */
  readonly timeoutMilliseconds: number;
  readonly seed: number;
}

/** The options as they stand on the command line. */
export interface PlanOptions {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
  readonly requests?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly timeout?: string | undefined;
  readonly success?: string | undefined;
  readonly median?: string | undefined;
  readonly seed?: string | undefined;
}

/** What a URL without a path means. */
export const DEFAULT_PATH = "/heartbeat";

export const DEFAULTS = { profile: "wifi", requests: 200, concurrency: 4, timeout: 10_000, seed: 1 } as const;

/** Throws a UserError that names the first option that is wrong. */
export function planOf(options: PlanOptions): Plan {
  const url = urlOf(options.url);
  const profileName = wordOf("profile", options.profile ?? DEFAULTS.profile, profileNames);
  const profile = PROFILES[profileName];
  return {
    url,
    profileName,
    profile,
    thresholds: {
      successPercent: percentIn("success", options.success) ?? profile.thresholds.successPercent,
      medianMilliseconds: wholeIn("median", options.median, 1, 600_000) ?? profile.thresholds.medianMilliseconds,
    },
    requests: wholeIn("requests", options.requests, 1, 100_000) ?? DEFAULTS.requests,
    concurrency: wholeIn("concurrency", options.concurrency, 1, 256) ?? DEFAULTS.concurrency,
    timeoutMilliseconds: wholeIn("timeout", options.timeout, 1, 600_000) ?? DEFAULTS.timeout,
    seed: wholeIn("seed", options.seed, 0, 2 ** 32 - 1) ?? DEFAULTS.seed,
  };
}

function urlOf(given: string | undefined): URL {
  if (given === undefined) throw new UserError("there is no URL: give --url https://HOST", 2);
  const url = URL.parse(given);
  // A host with a port and no scheme is a URL with a strange scheme: both get the same advice.
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new UserError(`--url ${JSON.stringify(given)} is no URL of HTTP: write it as https://HOST/PATH`, 2);
  if (url.username !== "" || url.password !== "")
    throw new UserError("--url must have no user name or password: it stands in the report", 2);
  if (!/^\w+:\/\/[^/?#]+\//.test(given)) url.pathname = DEFAULT_PATH;
  url.hash = "";
  return url;
}

function wholeIn(option: string, given: string | undefined, least: number, most: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < least || value > most)
    throw new UserError(`--${option} ${JSON.stringify(given)} must be a whole number from ${least} to ${most}`, 2);
  return value;
}

function percentIn(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!/^\d+(\.\d{1,3})?$/.test(given) || value <= 0 || value > 100)
    throw new UserError(
      `--${option} ${JSON.stringify(given)} must be a percentage above 0, up to 100, with at most three decimals`,
      2,
    );
  return value;
}
