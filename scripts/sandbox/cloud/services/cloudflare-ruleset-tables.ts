/** Which actions a phase takes: https://developers.cloudflare.com/ruleset-engine/rules-language/actions/. */
const BLOCKING = ["block", "challenge", "js_challenge", "managed_challenge", "log"];

export const PHASE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ddos_l4: ["execute"],
  ddos_l7: ["execute"],
  http_config_settings: ["set_config"],
  http_custom_errors: ["serve_error"],
  http_log_custom_fields: ["log_custom_field"],
  http_ratelimit: [...BLOCKING, "execute"],
  http_request_cache_settings: ["set_cache_settings"],
  http_request_dynamic_redirect: ["redirect"],
  http_request_firewall_custom: [...BLOCKING, "skip", "execute"],
  http_request_firewall_managed: ["execute", "skip"],
  http_request_late_transform: ["rewrite"],
  http_request_origin: ["route"],
  http_request_redirect: ["redirect"],
  http_request_sanitize: ["execute"],
  http_request_transform: ["rewrite"],
  http_response_cache_settings: ["set_cache_control", "set_cache_tags", "set_cache_settings"],
  http_response_compression: ["compress_response"],
  http_response_firewall_managed: ["execute", "skip"],
  http_response_headers_transform: ["rewrite"],
};

/** Parameters that belong to an action. Those of `set_config`, `set_cache_settings`, and `set_cache_control` are theirs alone. */
export const ACTION_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  block: ["response"],
  compress_response: ["algorithms"],
  execute: ["id", "matchedData", "overrides"],
  log_custom_field: [
    ...["cookieFields", "rawResponseFields", "requestFields", "responseFields", "transformedRequestFields"],
  ],
  redirect: ["fromList", "fromValue"],
  rewrite: ["headers", "uri"],
  route: ["hostHeader", "origin", "sni"],
  score: ["increment"],
  serve_error: ["assetName", "content", "contentType", "statusCode"],
  set_cache_control: [
    ...["maxAge", "sMaxage", "staleWhileRevalidate", "staleIfError", "private", "noCache", "mustRevalidate"],
    ...["proxyRevalidate", "mustUnderstand", "noTransform", "immutable", "noStore", "public"],
  ],
  set_cache_settings: [
    ...["additionalCacheablePorts", "browserTtl", "cache", "cacheKey", "cacheReserve", "edgeTtl"],
    ...["originCacheControl", "originErrorPagePassthru", "originRangeRequests", "readTimeout", "respectStrongEtags"],
    ...["serveStale", "vary", "stripEtags", "stripLastModified", "stripSetCookie"],
  ],
  set_cache_tags: ["operation", "values", "expression"],
  set_config: [
    ...["automaticHttpsRewrites", "autominify", "bic", "contentConverter", "disableApps", "disableRum"],
    ...["disableZaraz", "emailObfuscation", "fonts", "hotlinkProtection", "mirage", "opportunisticEncryption"],
    ...["polish", "redirectsForAiTraining", "requestBodyBuffering", "responseBodyBuffering", "rocketLoader"],
    ...["securityLevel", "serverSideExcludes", "ssl", "sxg"],
  ],
  skip: ["phases", "products", "rules", "ruleset", "rulesets"],
};

export const SKIPPABLE_PHASES = ["http_ratelimit", "http_request_sbfm", "http_request_firewall_managed"];

/** Rulesets of Cloudflare's own, the same in every account. */
export const MANAGED_RULESETS: Readonly<Record<string, string>> = {
  efb7b8c949ac4650a09736fc376e9aee: "Cloudflare Managed Ruleset",
  "4814384a9e5d4991b9815dcfc25d2f1f": "Cloudflare OWASP Core Ruleset",
  c2e184081120413c86c3ab7e14069605: "Cloudflare Exposed Credentials Check Ruleset",
  "77454fe2d30c4220b5701f6fdfb893ba": "Cloudflare Managed Free Ruleset",
  "4d21379b4f9f4bb088e0729962c8b3cf": "DDoS L7 ruleset",
  "3b64149bfa6e4220bbbc2bd6db589552": "DDoS L4 ruleset",
  "70339d97bdb34195bbf054b1ebe81f76": "Cloudflare Normalization Ruleset",
};

/**
 * What the Pro plan allows. The cloud does not know a zone's plan, and Pro is the least on which all that it models
 * exists: https://developers.cloudflare.com/waf/rate-limiting-rules/#availability.
 */
export const PRO = {
  rules: {
    http_ratelimit: 2,
    http_request_firewall_custom: 20,
    ...Object.fromEntries(
      [
        ...["http_config_settings", "http_request_cache_settings", "http_request_dynamic_redirect"],
        ...["http_request_late_transform", "http_request_origin", "http_request_transform"],
        ...["http_response_compression", "http_response_headers_transform"],
      ].map((phase) => [phase, 25]),
    ),
  } as Readonly<Record<string, number>>,
  periods: [10, 15, 20, 30, 40, 45, 60],
  timeouts: [0, 10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600],
  characteristics: ["cf.colo.id", "ip.src"],
  /** Scores and fingerprints of visitors. */
  foreignFields:
    /^cf\.(bot_management\.(score|ja[34].*|js_detection\..*|detection_ids|corporate_proxy|static_resource)|waf\.score.*)$/,
  rateLimitFields: [
    ...["http.host", "http.request.uri", "http.request.uri.path", "http.request.full_uri", "http.request.uri.query"],
    "cf.bot_management.verified_bot",
  ],
} as const;
