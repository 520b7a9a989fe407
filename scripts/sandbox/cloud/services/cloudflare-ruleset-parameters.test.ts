import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../values/value.ts";
import { parameterProblems } from "./cloudflare-ruleset-parameters.ts";

const header = (over: Properties, name = "X-Origin"): Properties => ({
  headers: { [name]: { operation: "set", value: "edge", ...over } },
});
const LATE = "http_request_late_transform";
const MANAGED = "http_request_firewall_managed";
const id = "efb7b8c949ac4650a09736fc376e9aee";

describe("Cloudflare: the parameters of an action", () => {
  const bad: readonly [what: string, action: string, phase: string, parameters: Properties, at: string, RegExp][] = [
    ["a header where paths are rewritten", "rewrite", "http_request_transform", header({}), "headers", /20217/],
    ["a path where headers are", "rewrite", LATE, { uri: { path: { value: "/" } } }, "uri", /20217/],
    ["a removal with a value", "rewrite", LATE, header({ operation: "remove" }), "headers.X-Origin.value", /20217/],
    ["a header of nothing", "rewrite", LATE, { headers: { A: { operation: "set" } } }, "headers.A", /needs a value/],
    ["a header of Cloudflare's", "rewrite", LATE, header({}, "CF-Ray"), "headers.CF-Ray", /cannot be changed/],
    ["the host", "rewrite", LATE, header({}, "Host"), "headers.Host", /cannot be changed/],
    [
      "the server",
      "rewrite",
      "http_response_headers_transform",
      header({}, "server"),
      "headers.server",
      /cannot be changed/,
    ],
    [
      "a value that cannot be read",
      "rewrite",
      LATE,
      { headers: { A: { operation: "set", expression: "http.hosts" } } },
      "headers.A.expression",
      /20127/,
    ],
    ["a rewrite of nothing", "rewrite", "http_request_transform", { uri: {} }, "uri", /path, query/],
    ["a route to nowhere", "route", "http_request_origin", { origin: {} }, "origin", /host, port/],
    [
      "a redirect by a list, one at a time",
      "redirect",
      "http_request_dynamic_redirect",
      { fromList: { name: "moved" } },
      "fromValue",
      /needs fromValue/,
    ],
    ["a run of nothing", "execute", MANAGED, {}, "id", /must be given/],
    ["overrides of nothing", "execute", MANAGED, { id, overrides: {} }, "overrides", /at least one/],
    [
      "a category as it was",
      "execute",
      MANAGED,
      { id, overrides: { categories: [{ category: "wordpress" }] } },
      "overrides.categories[0]",
      /at least one/,
    ],
    [
      "a sensitivity of the firewall",
      "execute",
      MANAGED,
      { id, overrides: { sensitivityLevel: "low" } },
      "overrides.sensitivityLevel",
      /DDoS/,
    ],
    ["a skip of nothing", "skip", "http_request_firewall_custom", {}, "", /at least one/],
    [
      "a skip of the rest and of a phase",
      "skip",
      "http_request_firewall_custom",
      { ruleset: "current", phases: ["http_ratelimit"] },
      "phases",
      /cannot stand together/,
    ],
    ["an empty list", "skip", "http_request_firewall_custom", { products: [] }, "products", /at least one item/],
    ["false where only true is", "set_config", "http_config_settings", { disableRum: false }, "disableRum", /true/],
    [
      "a time of one's own without the time",
      "set_cache_settings",
      "http_request_cache_settings",
      { edgeTtl: { mode: "override_origin" } },
      "edgeTtl.default",
      /needs a default/,
    ],
    [
      "a removal with a time",
      "set_cache_control",
      "http_response_cache_settings",
      { maxAge: { operation: "remove", value: 60 } },
      "maxAge.value",
      /only with operation set/,
    ],
    ["a page without content", "serve_error", "http_custom_errors", { statusCode: 500 }, "", /assetName, content/],
  ];
  for (const [what, action, phase, parameters, at, reason] of bad)
    it(`are not ${what}`, () => {
      const [[path, why] = ["", ""]] = parameterProblems(action, parameters, phase);
      assert.equal(path, at);
      assert.match(why, reason);
    });

  const good: readonly [action: string, phase: string, parameters: Properties][] = [
    ["rewrite", LATE, header({})],
    ["rewrite", LATE, { headers: { "X-Gone": { operation: "remove" } } }],
    ["rewrite", "http_request_transform", { uri: { path: { expression: 'concat("/v2", http.request.uri.path)' } } }],
    ["redirect", "http_request_dynamic_redirect", { fromValue: { targetUrl: { value: "https://example.com" } } }],
    ["execute", MANAGED, { id, overrides: { rules: [{ id, enabled: false }] } }],
    ["execute", "ddos_l7", { id, overrides: { sensitivityLevel: "low" } }],
    ["set_cache_settings", "http_request_cache_settings", { edgeTtl: { mode: "respect_origin" }, cache: true }],
    ["skip", "http_request_firewall_custom", { phases: UNKNOWN }],
  ];
  for (const [action, phase, parameters] of good)
    it(`of ${action} may be ${JSON.stringify(parameters)}`, () => {
      assert.deepEqual(parameterProblems(action, parameters, phase), []);
    });
});
