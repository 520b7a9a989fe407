import { required } from "../../support/cloudflare/zone.ts";
import {
  atLeast,
  expects,
  isTrue,
  numberOf,
  oneOf,
  orAbsent,
  where,
  type Expectation,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";
import type { Verdict } from "../../support/verdict.ts";

const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const HOSTNAME_TLS = "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting";
const DNSSEC = "cloudflare:index/zoneDnssec:ZoneDnssec";
const UNIVERSAL_SSL = "cloudflare:index/universalSslSetting:UniversalSslSetting";

interface ZoneSettingRow extends Pick<Rule, "name" | "description" | "why" | "severity" | "standards" | "settings"> {
  /** What Cloudflare calls it. */
  readonly settingId: string;
  readonly find: Find;
  /** How to state it in the program. */
  readonly fix: string;
  /** Whether a zone is safe that does not say it: Cloudflare's default, and what a dashboard could not leave behind. */
  readonly mayBeAbsent: boolean;
  /** Types that can say it for less than the zone. */
  readonly alsoIn?: readonly string[];
}

/** The check of a setting's value, and of the zones that do not state it. */
function settingRule({ settingId, find, fix, mayBeAbsent, alsoIn = [], ...rule }: ZoneSettingRow): Rule {
  const isIt = ({ props }: Resource): Verdict =>
    props["settingId"] instanceof Unknown ? props["settingId"] : props["settingId"] === settingId;
  const stated = required({
    types: [SETTING],
    is: isIt,
    property: "settingId",
    wrong: `nothing sets "${settingId}" for this zone, so it stays as Cloudflare's default or a person left it`,
    fix,
  });
  return {
    ...rule,
    level: "mandatory",
    resources: [
      {
        types: [SETTING, ...alsoIn],
        unknown: "refuse",
        // A setting whose kind is unknown is judged at up, and keeps the stack's check waiting until then.
        find: where((resource) => isIt(resource) === true, find),
      },
    ],
    ...(!mayBeAbsent && { stack: stated }),
  };
}

const value = (expectation: Expectation, wanted: string): Find =>
  expects("value", expectation, `set value: "${wanted}"`);

const stateIt = (settingId: string, wanted: string): string =>
  `add a cloudflare.ZoneSetting with settingId: "${settingId}" and value: "${wanted}"`;

const HSTS = "value.strict_transport_security";

/** HSTS in the form of the API: `{ strict_transport_security: { enabled, max_age, include_subdomains } }`. */
export function hsts(resource: Resource, config: Config): readonly Finding[] {
  const seconds = numberOf(config["seconds"]) ?? 0;
  const findings = [
    expects(`${HSTS}.enabled`, isTrue, `set ${HSTS}.enabled: true`),
    expects(`${HSTS}.max_age`, atLeast(seconds), `set ${HSTS}.max_age: 31536000`),
    expects(`${HSTS}.include_subdomains`, isTrue, `set ${HSTS}.include_subdomains: true`),
  ].flatMap((find) => find(resource, config));
  // A block that is unknown stands for each of its properties, and is one finding.
  return [...new Map(findings.map((finding) => [finding.property, finding])).values()];
}

/** Zones that nothing signs. A status that is not active is the resource's own finding. */
const unsigned = required({
  types: [DNSSEC],
  is: () => true,
  property: "zoneId",
  wrong: "nothing signs the records of this zone",
  fix: 'add a cloudflare.ZoneDnssec for it with status: "active", and give its DS record to the registrar',
});

const SETTINGS: readonly ZoneSettingRow[] = [
  {
    name: "cloudflare-zone-ssl-strict",
    description: "Cloudflare speaks TLS to the origin and checks its certificate.",
    why: "Any weaker mode lets an impostor between Cloudflare and the origin read and change every request.",
    severity: "high",
    standards: ["Prowler zone_ssl_strict"],
    settingId: "ssl",
    find: value(oneOf("strict", "origin_pull"), "strict"),
    fix: stateIt("ssl", "strict"),
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-min-tls-1-2",
    description: "The edge refuses TLS below 1.2.",
    why: "TLS 1.0 and 1.1 have known attacks, and Cloudflare lets them in unless it is told not to.",
    severity: "high",
    standards: ["Prowler zone_min_tls_version_secure"],
    settingId: "min_tls_version",
    find: value(oneOf("1.2", "1.3"), "1.2"),
    fix: stateIt("min_tls_version", "1.2"),
    mayBeAbsent: false,
    alsoIn: [HOSTNAME_TLS],
  },
  {
    name: "cloudflare-zone-tls-1-3",
    description: "The edge offers TLS 1.3.",
    why: "TLS 1.3 drops weak ciphers and hides the certificate, and costs one round trip less.",
    severity: "medium",
    standards: ["Prowler zone_tls_1_3_enabled"],
    settingId: "tls_1_3",
    find: value(oneOf("on", "zrt"), "on"),
    fix: stateIt("tls_1_3", "on"),
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-no-early-data",
    description: "The edge takes no request in the first flight of a TLS 1.3 connection.",
    why: "Whoever recorded early data can send it again, and an order would be placed twice.",
    severity: "medium",
    standards: [],
    settingId: "0rtt",
    find: value(orAbsent(oneOf("off")), "off"),
    fix: stateIt("0rtt", "off"),
    mayBeAbsent: true,
  },
  {
    name: "cloudflare-zone-always-use-https",
    description: "Plain HTTP is redirected to HTTPS for the whole zone.",
    why: "A visitor who types no scheme would otherwise send cookies and forms in the clear.",
    severity: "medium",
    standards: ["Prowler zone_https_redirect_enabled"],
    settingId: "always_use_https",
    find: value(oneOf("on"), "on"),
    fix: stateIt("always_use_https", "on"),
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-hsts",
    description: "Browsers refuse plain HTTP for the zone and all below it, for half a year or more.",
    why: "Without HSTS the first request of each visit can be kept on plain HTTP by whoever owns the network.",
    severity: "high",
    standards: ["Prowler zone_hsts_enabled"],
    settings: {
      seconds: { type: "number", description: "The least max_age, in seconds: half a year.", default: 15_552_000 },
    },
    settingId: "security_header",
    find: hsts,
    fix: 'add a cloudflare.ZoneSetting with settingId: "security_header" that enables strict_transport_security for a year',
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-automatic-https-rewrites",
    description: "Links of a page to plain HTTP are rewritten to HTTPS.",
    why: "One image or script over plain HTTP is enough to change what a page does.",
    severity: "medium",
    standards: ["Prowler zone_automatic_https_rewrites_enabled"],
    settingId: "automatic_https_rewrites",
    find: value(oneOf("on"), "on"),
    fix: stateIt("automatic_https_rewrites", "on"),
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-development-mode-off",
    description: "Development mode is off.",
    why: "It sends every request past the cache to the origin for hours.",
    severity: "low",
    standards: ["Prowler zone_development_mode_disabled"],
    settingId: "development_mode",
    find: value(oneOf("off"), "off"),
    fix: stateIt("development_mode", "off"),
    mayBeAbsent: true,
  },
  {
    name: "cloudflare-zone-always-online-off",
    description: "No archived copy is served in place of an origin that is down.",
    why: "A copy from the Internet Archive shows old prices and hides an outage from those who watch.",
    severity: "medium",
    standards: ["Prowler zone_always_online_disabled"],
    settingId: "always_online",
    find: value(oneOf("off"), "off"),
    fix: stateIt("always_online", "off"),
    mayBeAbsent: false,
  },
  {
    name: "cloudflare-zone-browser-check-on",
    description: "Requests with headers that only bad clients send are refused.",
    why: "The browser integrity check stops the simplest abuse before it costs the origin anything.",
    severity: "low",
    standards: ["Prowler zone_browser_integrity_check_enabled"],
    settingId: "browser_check",
    find: value(oneOf("on"), "on"),
    fix: stateIt("browser_check", "on"),
    // On is Cloudflare's default.
    mayBeAbsent: true,
  },
  {
    name: "cloudflare-zone-security-level-usual",
    description: "The security level is medium or high: neither off, nor the challenge to everyone for an attack.",
    why: "A low level lets known bad addresses in, and under_attack stops every client that is no browser.",
    severity: "medium",
    standards: ["Prowler zone_security_under_attack_disabled"],
    settingId: "security_level",
    find: value(oneOf("medium", "high"), "medium"),
    fix: stateIt("security_level", "medium"),
    // Medium is Cloudflare's default.
    mayBeAbsent: true,
  },
];

export const rules: readonly Rule[] = [
  ...SETTINGS.map(settingRule),
  {
    name: "cloudflare-zone-dnssec",
    description: "The zone's records are signed.",
    why: "Without DNSSEC a resolver can be made to believe another address for every host of the domain.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler zone_dnssec_enabled"],
    resources: [
      {
        types: [DNSSEC],
        unknown: "refuse",
        find: expects("status", oneOf("active"), 'set status: "active", and give the DS record to the registrar'),
      },
    ],
    stack: unsigned,
  },
  {
    name: "cloudflare-zone-universal-ssl",
    description: "Cloudflare keeps a valid certificate at the edge.",
    why: "Without it the zone's hosts answer HTTPS with an error, or with a certificate that nobody renews.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler zone_universal_ssl_enabled"],
    // On is Cloudflare's default, so that a zone need not say it.
    resources: [{ types: [UNIVERSAL_SSL], unknown: "refuse", find: expects("enabled", isTrue, "set enabled: true") }],
  },
];
