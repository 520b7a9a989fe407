import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { ZONE_ID, record, setting } from "../../test/sent/cloudflare.ts";

const other = setting("http3", "on", "other");
const hostnameTls = (settingId: string, value: Json): Sent => ({
  type: "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting",
  props: { zoneId: ZONE_ID, hostname: "api.example.org", settingId, value },
});
const dnssec = (props: Sent["props"]): Sent => ({
  type: "cloudflare:index/zoneDnssec:ZoneDnssec",
  name: "dnssec",
  props: { zoneId: ZONE_ID, ...props },
});
const universalSsl = (props: Sent["props"]): Sent => ({
  type: "cloudflare:index/universalSslSetting:UniversalSslSetting",
  props: { zoneId: ZONE_ID, ...props },
});
const host = record({ name: "api-x.example.org", type: "CNAME", content: "lb.example.net", proxied: true });

/** What holds for each setting that has one good value. */
function settingCases(rule: string, settingId: string, good: string, bad: string): readonly Case[] {
  return [
    { rule, when: `${settingId} is ${good}`, given: setting(settingId, good), result: "passes" },
    {
      rule,
      when: `${settingId} is ${bad}`,
      given: setting(settingId, bad),
      result: [new RegExp(`^.*\\nvalue: it is "${bad}", and must be .*Fix: set value: "`)],
    },
    {
      rule,
      when: `${settingId} is unknown`,
      given: setting(settingId, UNKNOWN),
      result: [/value: its value is not known/],
    },
    { rule, when: "another setting has that value", given: setting("other", bad), result: "passes" },
  ];
}

/** What holds for each setting that a zone must state. */
function statedCases(rule: string, settingId: string, good: string): readonly Case[] {
  return [
    { rule, when: "the zone states it", given: [other, setting(settingId, good)], result: "passes" },
    {
      rule,
      when: "nothing states it for the zone",
      given: [other],
      result: [new RegExp(`settingId: nothing sets "${settingId}".*Fix: add a cloudflare\\.ZoneSetting`)],
    },
    {
      rule,
      when: "another zone states it",
      given: [other, { ...setting(settingId, good), props: { zoneId: "f".repeat(32), settingId, value: good } }],
      result: [/settingId: nothing sets/],
    },
    { rule, when: "an unknown setting may be it", given: [other, setting(UNKNOWN, good)], result: "waits" },
    { rule, when: "the stack has a host in another stack's zone", given: [host], result: "passes" },
  ];
}

const HSTS = { enabled: true, max_age: 31_536_000, include_subdomains: true, preload: false, nosniff: true };
const hsts = (header: Record<string, Json>): Sent =>
  setting("security_header", { strict_transport_security: { ...HSTS, ...header } });

const ZONE: Sent = { type: "cloudflare:index/zone:Zone", name: "zone", props: { id: UNKNOWN, name: "example.org" } };

export const cases: readonly Case[] = [
  ...settingCases("cloudflare-zone-ssl-strict", "ssl", "strict", "flexible"),
  ...statedCases("cloudflare-zone-ssl-strict", "ssl", "strict"),
  ...settingCases("cloudflare-zone-min-tls-1-2", "min_tls_version", "1.2", "1.0"),
  ...statedCases("cloudflare-zone-min-tls-1-2", "min_tls_version", "1.2"),
  ...settingCases("cloudflare-zone-tls-1-3", "tls_1_3", "on", "off"),
  ...statedCases("cloudflare-zone-tls-1-3", "tls_1_3", "on"),
  ...settingCases("cloudflare-zone-no-early-data", "0rtt", "off", "on"),
  ...settingCases("cloudflare-zone-always-use-https", "always_use_https", "on", "off"),
  ...statedCases("cloudflare-zone-always-use-https", "always_use_https", "on"),
  ...settingCases("cloudflare-zone-automatic-https-rewrites", "automatic_https_rewrites", "on", "off"),
  ...statedCases("cloudflare-zone-automatic-https-rewrites", "automatic_https_rewrites", "on"),
  ...settingCases("cloudflare-zone-development-mode-off", "development_mode", "off", "on"),
  ...settingCases("cloudflare-zone-always-online-off", "always_online", "off", "on"),
  ...statedCases("cloudflare-zone-always-online-off", "always_online", "off"),
  ...settingCases("cloudflare-zone-browser-check-on", "browser_check", "on", "off"),
  ...settingCases("cloudflare-zone-security-level-usual", "security_level", "medium", "under_attack"),
  ...settingCases("cloudflare-zone-security-level-usual", "security_level", "high", "essentially_off"),

  {
    rule: "cloudflare-zone-no-early-data",
    when: "the zone does not say it, and Cloudflare's default is off",
    given: { ...setting("0rtt", null), props: { zoneId: ZONE_ID, settingId: "0rtt" } },
    result: "passes",
  },
  {
    rule: "cloudflare-zone-tls-1-3",
    when: "early data is allowed too, which another rule judges",
    given: setting("tls_1_3", "zrt"),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-min-tls-1-2",
    when: "the version is a number",
    given: setting("min_tls_version", 1.3),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-min-tls-1-2",
    when: "one host lets TLS 1.0 in",
    given: hostnameTls("min_tls_version", "1.0"),
    result: [/value: it is "1\.0"/],
  },
  {
    rule: "cloudflare-zone-min-tls-1-2",
    when: "a host's other setting is about ciphers",
    given: hostnameTls("ciphers", ["ECDHE-RSA-AES128-GCM-SHA256"]),
    result: "passes",
  },

  { rule: "cloudflare-zone-hsts", when: "it lasts a year", given: hsts({}), result: "passes" },
  {
    rule: "cloudflare-zone-hsts",
    when: "it is off",
    given: hsts({ enabled: false }),
    result: [/value\.strict_transport_security\.enabled: it is false.*Fix: set .*enabled: true/],
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "it lasts a day",
    given: hsts({ max_age: 86_400 }),
    result: [/max_age: it is 86400, and must be at least 15552000/],
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "it lasts as long as this organisation asks",
    given: hsts({ max_age: 86_400 }),
    config: { seconds: 3600 },
    result: "passes",
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "hosts below the domain are left out",
    given: hsts({ include_subdomains: false }),
    result: [/include_subdomains: it is false/],
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "the header says nothing",
    given: setting("security_header", {}),
    result: [/enabled: it is not set/, /max_age: it is not set/, /include_subdomains: it is not set/],
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "the time is unknown, and the rest is wrong",
    given: hsts({ max_age: UNKNOWN, enabled: false }),
    result: [/max_age: its value is not known/, /enabled: it is false/],
  },
  {
    rule: "cloudflare-zone-hsts",
    when: "all of it is unknown",
    given: setting("security_header", UNKNOWN),
    result: [/value: its value is not known/],
  },
  { rule: "cloudflare-zone-hsts", when: "the zone states it", given: [other, hsts({})], result: "passes" },
  {
    rule: "cloudflare-zone-hsts",
    when: "nothing states it for the zone",
    given: [other],
    result: [/settingId: nothing sets "security_header"/],
  },

  { rule: "cloudflare-zone-dnssec", when: "it is active", given: dnssec({ status: "active" }), result: "passes" },
  {
    rule: "cloudflare-zone-dnssec",
    when: "it is disabled",
    given: dnssec({ status: "disabled" }),
    result: [/status: it is "disabled", and must be "active"/],
  },
  {
    rule: "cloudflare-zone-dnssec",
    when: "no status is asked for",
    given: dnssec({}),
    result: [/status: it is not set/],
  },
  {
    rule: "cloudflare-zone-dnssec",
    when: "the status is unknown",
    given: dnssec({ status: UNKNOWN }),
    result: [/status: its value is not known/],
  },
  {
    rule: "cloudflare-zone-dnssec",
    when: "the zone is signed",
    given: [other, dnssec({ status: "pending" })],
    result: "passes",
  },
  { rule: "cloudflare-zone-dnssec", when: "nothing signs the zone", given: [other], result: [/zoneId: nothing signs/] },
  {
    rule: "cloudflare-zone-dnssec",
    when: "the zone is new and signed, and its id is not known yet",
    given: [
      ZONE,
      { ...other, props: { ...other.props, zoneId: UNKNOWN }, references: { zoneId: ["zone"] } },
      { ...dnssec({ status: "active", zoneId: UNKNOWN }), references: { zoneId: ["zone"] } },
    ],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-dnssec",
    when: "one of two new zones is not signed",
    given: [
      ZONE,
      { ...ZONE, name: "second" },
      { ...dnssec({ status: "active", zoneId: UNKNOWN }), references: { zoneId: ["zone"] } },
    ],
    result: [/zoneId: nothing signs/],
  },
  {
    rule: "cloudflare-zone-dnssec",
    when: "the stack has a host in another stack's zone",
    given: [host],
    result: "passes",
  },

  { rule: "cloudflare-zone-universal-ssl", when: "it is on", given: universalSsl({ enabled: true }), result: "passes" },
  {
    rule: "cloudflare-zone-universal-ssl",
    when: "it is off",
    given: universalSsl({ enabled: false }),
    result: [/enabled: it is false.*Fix: set enabled: true/],
  },
  {
    rule: "cloudflare-zone-universal-ssl",
    when: "it is not said",
    given: universalSsl({}),
    result: [/enabled: it is not set/],
  },
  {
    rule: "cloudflare-zone-universal-ssl",
    when: "it is unknown",
    given: universalSsl({ enabled: UNKNOWN }),
    result: [/enabled: its value is not known/],
  },
];
