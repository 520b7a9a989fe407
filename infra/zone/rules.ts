import type * as cloudflare from "@pulumi/cloudflare";

export type Rule = cloudflare.types.input.RulesetRule;

/** How often one address may ask, per Cloudflare data centre, and how long it waits once it asked more often. */
export interface RateLimit {
  /** Requests per period, 1 or more. */
  readonly requests: number;
  /** Which periods there are depends on the plan. */
  readonly periodSeconds: number;
  readonly blockSeconds: number;
}

/** A page that a monitor asks for. */
export interface WatchedPage {
  readonly host: string;
  readonly path: string;
}

/** Ids that are the same in every zone: https://developers.cloudflare.com/waf/managed-rules/#available-managed-rulesets. */
const cloudflareManaged = "efb7b8c949ac4650a09736fc376e9aee";
const owaspCore = "4814384a9e5d4991b9815dcfc25d2f1f";
const owaspAnomalyScore = "6179ae15870a4bb7b2d480d4843b323c";
/** Cloudflare's middle threshold of 25, 40, and 60: one clear attack reaches it, one odd character does not. */
const anomalyThreshold = 40;

/** Every request passes Cloudflare's own rules and OWASP's at paranoia level 1; both block, for no API client solves a puzzle. */
export function managedRules(): Rule[] {
  return [
    {
      ref: "cloudflare-managed",
      description: "Known attacks, kept up to date by Cloudflare",
      action: "execute",
      expression: "true",
      actionParameters: { id: cloudflareManaged },
    },
    {
      ref: "owasp-core",
      description: "OWASP core rule set, paranoia level 1",
      action: "execute",
      expression: "true",
      actionParameters: {
        id: owaspCore,
        overrides: {
          categories: [2, 3, 4].map((level) => ({ category: `paranoia-level-${level}`, enabled: false })),
          rules: [{ id: owaspAnomalyScore, action: "block", scoreThreshold: anomalyThreshold }],
        },
      },
    },
  ];
}

const anyOf = (conditions: readonly string[]): string => `(${conditions.join(" or ")})`;

/** What a limited client reads; a client of the API gets the status and the form that the API's own problems have. */
const tooManyRequests = {
  statusCode: 429,
  contentType: "application/json",
  content: JSON.stringify({ type: "about:blank", title: "Too Many Requests", status: 429 }),
};

function limited(ref: string, description: string, expression: string, limit: RateLimit): Rule {
  return {
    ref,
    description,
    action: "block",
    expression,
    actionParameters: { response: tooManyRequests },
    ratelimit: {
      // Below Enterprise a client is its address, and each data centre counts for itself.
      characteristics: ["cf.colo.id", "ip.src"],
      period: limit.periodSeconds,
      requestsPerPeriod: limit.requests,
      mitigationTimeout: limit.blockSeconds,
    },
  };
}

/**
 * Exactly two rules, the Pro plan's allowance, which share no request. `wildcard` ignores case, so that `/AUTH/` is no
 * way round.
 */
export function rateLimitRules(sensitivePaths: readonly string[], sensitive: RateLimit, general: RateLimit): Rule[] {
  const isSensitive = anyOf(sensitivePaths.map((path) => `http.request.uri.path wildcard "${path}"`));
  return [
    limited("authentication-and-payment", "Guessing passwords and testing stolen cards", isSensitive, sensitive),
    limited("everything-else", "Floods", `not ${isSensitive}`, general),
  ];
}

/** Datadog names itself so by default: https://docs.datadoghq.com/synthetics/guide/identify_synthetics_bots/. */
const syntheticsAgents = 'http.user_agent contains "Datadog"';

/**
 * Who is left alone by bot mitigation: whoever calls the hosts of machines, and Datadog's synthetics on the pages that
 * they watch. A client that borrows Datadog's name gains no more than a page that is public anyway.
 */
export function botExemptions(machineHosts: readonly string[], watched: readonly WatchedPage[]): Rule[] {
  const skipBots = { phases: ["http_request_sbfm"], products: ["bic"] };
  const pages = anyOf(
    watched.map(({ host, path }) => `(http.host eq "${host}" and http.request.uri.path eq "${path}")`),
  );
  const rules: Rule[] = [
    {
      ref: "machines",
      description: "Clients of the API are machines",
      action: "skip",
      expression: anyOf(machineHosts.map((host) => `http.host wildcard "${host}"`)),
      actionParameters: skipBots,
      // Every call of the API would be a security event.
      logging: { enabled: false },
    },
    {
      ref: "synthetics",
      description: "Datadog's synthetics on the pages that they watch",
      action: "skip",
      expression: `(http.request.method in {"GET" "HEAD"} and ${syntheticsAgents} and ${pages})`,
      actionParameters: skipBots,
      logging: { enabled: true },
    },
  ];
  return watched.length === 0 ? rules.slice(0, 1) : rules;
}
