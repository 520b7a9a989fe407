import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { ZONE_ID, behindBalancer, setting } from "../../test/sent/cloudflare.ts";

const MANAGED = "efb7b8c949ac4650a09736fc376e9aee";
const OWASP = "4814384a9e5d4991b9815dcfc25d2f1f";

const ruleset = (phase: string, rules: Json, name = phase): Sent => ({
  type: "cloudflare:index/ruleset:Ruleset",
  name,
  props: { zoneId: ZONE_ID, kind: "zone", name, phase, rules },
});
const execute = (id: Json, more: Record<string, Json> = {}): Json => ({
  ref: "managed",
  action: "execute",
  expression: "true",
  actionParameters: { id },
  ...more,
});
const managed = (rules: Json): Sent => ruleset("http_request_firewall_managed", rules);
const overridden = (overrides: Json): Sent =>
  managed([execute(MANAGED, { actionParameters: { id: MANAGED, overrides } })]);
const custom = (rule: Record<string, Json>): Sent =>
  ruleset("http_request_firewall_custom", [{ ref: "r", action: "skip", expression: "true", ...rule }]);
const limit = (more: Record<string, Json> = {}): Json => ({
  ref: "all",
  action: "block",
  expression: "true",
  ratelimit: { characteristics: ["ip.src", "cf.colo.id"], period: 60, requestsPerPeriod: 600, mitigationTimeout: 60 },
  ...more,
});
const limits = (rules: Json): Sent => ruleset("http_ratelimit", rules);
const bots = (props: Sent["props"]): Sent => ({
  type: "cloudflare:index/botManagement:BotManagement",
  name: "bots",
  props: { zoneId: ZONE_ID, enableJs: true, ...props },
});
const strict = setting("ssl", "strict", "ssl");
const pageRule = (actions: Json): Sent => ({
  type: "cloudflare:index/pageRule:PageRule",
  props: { zoneId: ZONE_ID, target: "example.org/old/*", actions },
});

export const cases: readonly Case[] = [
  ...(
    [
      ["cloudflare-zone-managed-rules", MANAGED],
      ["cloudflare-zone-owasp-rules", OWASP],
    ] as const
  ).flatMap(([rule, id]): Case[] => [
    { rule, when: "a rule runs them on every request", given: [managed([execute(id)])], result: "passes" },
    {
      rule,
      when: "the zone has no ruleset",
      given: [strict],
      result: [/rules: no ruleset of this zone runs .* Fix: add/],
    },
    {
      rule,
      when: "another ruleset runs",
      given: [managed([execute("c2e184081120413c86c3ab7e14069605")])],
      result: [/rules: no ruleset/],
    },
    {
      rule,
      when: "the rule is switched off",
      given: [managed([execute(id, { enabled: false })])],
      result: [/no ruleset/],
    },
    {
      rule,
      when: "the rule is for one path",
      given: [managed([execute(id, { expression: 'http.request.uri.path eq "/login"' })])],
      result: [/no ruleset/],
    },
    {
      rule,
      when: "it stands in another phase",
      given: [ruleset("http_ratelimit", [execute(id)])],
      result: [/no ruleset/],
    },
    { rule, when: "the rules are unknown", given: [managed(UNKNOWN)], result: "waits" },
    {
      rule,
      when: "the expression is unknown",
      given: [managed([execute(id, { expression: UNKNOWN })])],
      result: "waits",
    },
    { rule, when: "the stack has a record in another stack's zone", given: [behindBalancer()], result: "passes" },
  ]),
  {
    rule: "cloudflare-zone-managed-rules",
    when: "single categories are switched off",
    given: overridden({ categories: [{ category: "paranoia-level-4", enabled: false }] }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-managed-rules",
    when: "an override switches all of them off",
    given: overridden({ enabled: false }),
    result: [/rules\[0\]\.actionParameters\.overrides\.enabled: it switches off every rule.*Fix: remove it/],
  },
  {
    rule: "cloudflare-zone-managed-rules",
    when: "an override only logs",
    given: overridden({ action: "log" }),
    result: [/overrides\.action: it only writes down/],
  },
  {
    rule: "cloudflare-zone-managed-rules",
    when: "the overrides are unknown",
    given: overridden(UNKNOWN),
    result: "waits",
  },

  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "one host skips the rate limits",
    given: custom({
      expression: 'http.host eq "status.example.org"',
      actionParameters: { phases: ["http_ratelimit"] },
    }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "every request skips bot mitigation, which another rule judges",
    given: custom({ actionParameters: { phases: ["http_request_sbfm"] } }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "every request skips the managed rules",
    given: custom({ actionParameters: { phases: ["http_request_firewall_managed"] } }),
    result: [/rules\[0\]\.expression: every request skips http_request_firewall_managed/],
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "every request skips the firewall as a product",
    given: custom({ expression: "(TRUE)", actionParameters: { products: ["waf"] } }),
    result: [/every request skips waf/],
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "every request skips the rest of the ruleset",
    given: custom({ actionParameters: { ruleset: "current" } }),
    result: [/every request skips the rest of its ruleset/],
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "the rule is switched off",
    given: custom({ enabled: "false", actionParameters: { products: ["waf"] } }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "the expression is unknown",
    given: custom({ expression: UNKNOWN, actionParameters: { products: ["waf"] } }),
    result: "waits",
  },
  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "what is skipped is unknown",
    given: custom({ actionParameters: { phases: [UNKNOWN] } }),
    result: "waits",
  },
  { rule: "cloudflare-zone-no-blanket-skip", when: "all rules are unknown", given: managed(UNKNOWN), result: "waits" },

  { rule: "cloudflare-zone-rate-limits", when: "a limit blocks", given: limits([limit()]), result: "passes" },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "a limit only logs",
    given: limits([limit(), limit({ action: "log" })]),
    result: [/rules\[1\]\.action: it does not stop.*Fix: set rules\[1\]\.action: "block"/],
  },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "a limit that is switched off only logs",
    given: limits([limit({ action: "log", enabled: false })]),
    result: "passes",
  },
  { rule: "cloudflare-zone-rate-limits", when: "the limits are unknown", given: limits(UNKNOWN), result: "waits" },
  { rule: "cloudflare-zone-rate-limits", when: "the zone has a limit", given: [limits([limit()])], result: "passes" },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "the zone has none",
    given: [strict],
    result: [/rules: nothing limits/],
  },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "its only limit is switched off",
    given: [limits([limit({ enabled: false })])],
    result: [/rules: nothing limits/],
  },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "its ruleset is empty",
    given: [limits([])],
    result: [/nothing limits/],
  },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "the zone has a limit of the older kind",
    given: [
      strict,
      {
        type: "cloudflare:index/rateLimit:RateLimit",
        name: "old",
        props: { zoneId: ZONE_ID, threshold: 600, period: 60, action: { mode: "ban", timeout: 60 } },
      },
    ],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-rate-limits",
    when: "the limit of the older kind is a simulation",
    given: [
      strict,
      {
        type: "cloudflare:index/rateLimit:RateLimit",
        name: "old",
        props: { zoneId: ZONE_ID, threshold: 600, period: 60, action: { mode: "simulate" } },
      },
    ],
    result: [/nothing limits/],
  },

  {
    rule: "cloudflare-zone-bots-stopped",
    when: "certain bots are challenged",
    given: bots({ sbfmDefinitelyAutomated: "managed_challenge" }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "fight mode is on",
    given: bots({ fightMode: true }),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "certain bots are let through",
    given: bots({ sbfmDefinitelyAutomated: "allow" }),
    result: [/sbfmDefinitelyAutomated: requests that certainly come from bots are let through/],
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "fight mode is off",
    given: bots({ fightMode: false }),
    result: [/fightMode: requests/],
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "nothing is said about bots",
    given: bots({}),
    result: [/sbfmDefinitelyAutomated: requests/],
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "what happens to them is unknown",
    given: bots({ sbfmDefinitelyAutomated: UNKNOWN }),
    result: [/sbfmDefinitelyAutomated: its value is not known/],
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "the zone decides it",
    given: [strict, bots({ fightMode: true })],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-bots-stopped",
    when: "nothing decides it for the zone",
    given: [strict],
    result: [/zoneId: nothing decides/],
  },

  {
    rule: "cloudflare-rule-keeps-protection",
    when: "a page rule is about the cache",
    given: pageRule({ cacheLevel: "cache_everything", ssl: "strict" }),
    result: "passes",
  },
  {
    rule: "cloudflare-rule-keeps-protection",
    when: "a page rule trusts any origin, without the firewall",
    given: pageRule({ ssl: "flexible", waf: "off" }),
    result: [/actions\.ssl: it takes.*set actions\.ssl: "strict"/, /actions\.waf: it takes/],
  },
  {
    rule: "cloudflare-rule-keeps-protection",
    when: "a page rule disables security",
    given: pageRule({ disableSecurity: true }),
    result: [/actions\.disableSecurity/],
  },
  {
    rule: "cloudflare-rule-keeps-protection",
    when: "a configuration rule lowers the security level",
    given: ruleset("http_config_settings", [
      { ref: "c", action: "set_config", expression: "true", actionParameters: { securityLevel: "off" } },
    ]),
    result: [/rules\[0\]\.actionParameters\.securityLevel: it takes/],
  },
  {
    rule: "cloudflare-rule-keeps-protection",
    when: "a configuration rule is about images",
    given: ruleset("http_config_settings", [
      { ref: "c", action: "set_config", expression: "true", actionParameters: { polish: "off" } },
    ]),
    result: "passes",
  },
  {
    rule: "cloudflare-rule-keeps-protection",
    when: "what a page rule does is unknown",
    given: pageRule(UNKNOWN),
    result: "waits",
  },

  ...[
    '(http.host ne "")',
    'http.request.uri.path contains "/"',
    'starts_with(http.request.uri.path, "/")',
    "ip.src ne 192.0.2.1",
    "ip.src in {0.0.0.0/0 ::/0}",
    "not false",
    'http.request.uri.path wildcard "*"',
    'http.host eq "api.example.org" or true',
  ].map((expression): Case => ({
    rule: "cloudflare-zone-no-blanket-skip",
    when: `a rule skips by ${expression}`,
    given: custom({ expression, actionParameters: { phases: ["http_request_firewall_managed"] } }),
    result: [/rules\[0\]\.expression: every request skips/],
  })),
  ...['http.host eq "hooks.example.org"', 'http.request.uri.path contains "/hooks"', "ip.src in {192.0.2.0/24}"].map(
    (expression): Case => ({
      rule: "cloudflare-zone-no-blanket-skip",
      when: `a rule skips by ${expression}`,
      given: custom({ expression, actionParameters: { phases: ["http_request_firewall_managed"] } }),
      result: "passes",
    }),
  ),
  {
    rule: "cloudflare-zone-rate-limits",
    when: "the limit is about no request",
    given: [limits([limit({ expression: "false" })])],
    result: [/nothing limits how often one client may ask/],
  },

  {
    rule: "cloudflare-zone-no-blanket-skip",
    when: "a rule of the managed phase skips a managed ruleset",
    given: managed([
      { ref: "s", action: "skip", expression: "true", actionParameters: { rulesets: [MANAGED] } },
      execute(MANAGED),
    ]),
    result: [/rules\[0\]\.expression: every request skips/],
  },
];
