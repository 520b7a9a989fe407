import { Unknown, type Value, hasUnknown, isProperties } from "../../values/value.ts";
import { textAt } from "../fields.ts";
import type { CheckFailure, ResourceRules } from "../service.ts";
import { cloudflareType, ofZone, ownedAlready, zoneOf } from "./cloudflare-lookup.ts";

const SETTING = cloudflareType("ZoneSetting");

type Allowed = readonly string[] | "number" | "object" | "list" | "text";

const ON_OFF = ["on", "off"];

const SWITCHES = [
  ...["0rtt", "advanced_ddos", "always_online", "always_use_https", "automatic_https_rewrites", "brotli"],
  ...["browser_check", "content_converter", "development_mode", "early_hints", "email_obfuscation"],
  ...["hotlink_protection", "http2", "http3", "ip_geolocation", "ipv6", "mirage", "opportunistic_encryption"],
  ...["opportunistic_onion", "orange_to_orange", "origin_error_page_pass_thru", "pre_render", "prefetch_preload"],
  ...["privacy_pass", "redirects_for_ai_training", "replace_insecure_js", "response_buffering", "rocket_loader"],
  ...["search_for_agents", "server_side_exclude", "sha1_support", "sort_query_string_for_cache", "ssl_recommender"],
  ...["tls_1_2_only", "tls_client_auth", "true_client_ip_header", "waf", "webp", "websockets"],
];

/** Setting to what it takes, as the API documents it. */
const SETTINGS: Readonly<Record<string, Allowed>> = {
  ...Object.fromEntries(SWITCHES.map((id) => [id, ON_OFF])),
  aegis: "object",
  automatic_platform_optimization: "object",
  browser_cache_ttl: "number",
  cache_level: ["aggressive", "basic", "simplified"],
  challenge_ttl: "number",
  ciphers: "list",
  cname_flattening: ["flatten_at_root", "flatten_all"],
  edge_cache_ttl: "number",
  h2_prioritization: ["on", "off", "custom"],
  image_resizing: ["on", "off", "open"],
  max_upload: "number",
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  nel: "object",
  origin_h2_max_streams: "number",
  origin_max_http_version: ["2", "1"],
  polish: ["off", "lossless", "lossy"],
  proxy_read_timeout: "number",
  pseudo_ipv4: ["off", "add_header", "overwrite_header"],
  security_header: "object",
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  ssl: ["off", "flexible", "full", "strict"],
  tls_1_3: ["on", "off", "zrt"],
  transformations: ["on", "off", "open"],
  transformations_allowed_origins: "text",
};

function fits(value: Value, allowed: Allowed): boolean {
  switch (allowed) {
    case "number":
      return typeof value === "number";
    case "object":
      return isProperties(value);
    case "list":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "text":
      return typeof value === "string";
    default:
      return typeof value === "string" && allowed.includes(value);
  }
}

const HSTS_SWITCHES = ["enabled", "include_subdomains", "preload", "nosniff"];

/** `{ strict_transport_security: { enabled, max_age, include_subdomains, preload, nosniff } }` and nothing else. */
function isSecurityHeader(value: Value): boolean {
  const header = isProperties(value) ? value["strict_transport_security"] : undefined;
  return (
    isProperties(header) &&
    Object.entries(header).every(
      ([key, item]) =>
        hasUnknown(item) ||
        (key === "max_age"
          ? typeof item === "number" && item >= 0
          : HSTS_SWITCHES.includes(key) && typeof item === "boolean"),
    )
  );
}

function settingFailures(id: string, value: Value | undefined): CheckFailure[] {
  const allowed = SETTINGS[id];
  if (allowed === undefined) return [{ property: "settingId", reason: `1006: Unrecognized zone setting name: ${id}` }];
  if (value === undefined || value instanceof Unknown) return [];
  const good = fits(value, allowed) && (id !== "security_header" || isSecurityHeader(value));
  const choice = typeof allowed === "string" ? `one ${allowed}` : `one of ${allowed.join(", ")}`;
  return good ? [] : [{ property: "value", reason: `1007: Invalid value for zone setting ${id}: it takes ${choice}` }];
}

/** Deleting it leaves the zone as it is: Cloudflare knows no deletion of a setting. */
export const zoneSetting: ResourceRules = {
  check(inputs) {
    const id = textAt(inputs, "settingId");
    return id === undefined ? [] : settingFailures(id, inputs["value"]);
  },
  refuseCreate(operation) {
    const id = textAt(operation.inputs, "settingId") ?? "";
    const owner = ofZone(operation, SETTING).find(({ inputs }) => textAt(inputs, "settingId") === id);
    return ownedAlready(`setting ${id} of zone ${zoneOf(operation)}`, owner);
  },
  // The provider's own id is the setting's name; with the zone before it, which is how it is imported, none repeats.
  id: (operation) => `${zoneOf(operation)}/${textAt(operation.inputs, "settingId") ?? ""}`,
  computed: () => ({ editable: true, timeRemaining: 0 }),
};
