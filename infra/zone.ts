import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { certificateAuthorities } from "./settings/certificate-authorities.ts";
import { plans, type Plan } from "./settings/cloudflare-plans.ts";
import { botExemptions, managedRules, rateLimitRules, type RateLimit, type WatchedPage } from "./zone/rules.ts";

export interface ZoneArgs {
  /** An existing zone, which no other stack configures: 32 hexadecimal digits. */
  readonly zoneId: pulumi.Input<string>;
  /** The zone's domain, `example.com`. */
  readonly domain: pulumi.Input<string>;
  /** The plan that the zone is on; plain, for it decides what a rule may say. Default: pro. */
  readonly plan?: Plan;
  /** Hosts that machines call, which no bot rule may challenge; `*` stands for any text: `api-*.example.com`. */
  readonly machineHosts: pulumi.Input<string[]>;
  /** Pages that Datadog's synthetics ask for. Default: none. */
  readonly watchedPages?: pulumi.Input<WatchedPage[]>;
  /** Paths of authentication and payment; `*` stands for any text. */
  readonly sensitivePaths: pulumi.Input<string[]>;
  /** Limit of those paths. */
  readonly sensitiveLimit: pulumi.Input<RateLimit>;
  /** Limit of everything else. */
  readonly generalLimit: pulumi.Input<RateLimit>;
  /** How long browsers refuse plain HTTP for the domain and all below it, in seconds: 6 months or more. Default: a year. */
  readonly hstsMaxAgeSeconds?: pulumi.Input<number>;
  /** Who may send mail as the domain, an SPF record. Default: nobody. */
  readonly spf?: pulumi.Input<string>;
}

const year = 31_536_000;
const sixMonths = 15_552_000;
const automatic = 1;

const host = /^(\*|[a-z0-9-])+(\.[a-z0-9-]+)+$/;
const path = /^[*/][\w*/.-]*$/;

/**
 * What an existing Cloudflare zone does with requests before they reach anything of ours: TLS, HSTS, DNSSEC, CAA,
 * managed rules, two rate limits, and bot mitigation.
 *
 * A zone has one value of each setting and one ruleset per phase, so exactly one stack may own it. Deleting the
 * component leaves the settings as they are: Cloudflare knows no deletion of a setting.
 * `dsRecord` must be given to the domain's registrar once, or DNSSEC stays pending (Cloudflare's own registrar takes it
 * by itself).
 *
 * Throws where the zone is no id, a host or path holds what an expression cannot, a limit is none that the plan knows,
 * or HSTS lasts less than six months.
 */
export class Zone extends pulumi.ComponentResource {
  readonly dsRecord: pulumi.Output<string>;

  constructor(name: string, args: ZoneArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:edge:Zone", name, {}, options);
    const zoneId = checked(this, "zoneId", args.zoneId, z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hex digits"));
    const plan = args.plan ?? "pro";
    const limit = limitOf(plan);
    const hosts = z.array(z.string().regex(host, "must be a host, * for any text")).min(1, "must name at least one");
    const paths = z.array(z.string().regex(path, "must be a path, * for any text")).min(1, "must name at least one");
    const pages = z.array(z.object({ host: z.string().regex(host), path: z.string().regex(path) }));
    const machineHosts = checked(this, "machineHosts", args.machineHosts, hosts);
    const watchedPages = checked(this, "watchedPages", args.watchedPages ?? [], pages);
    const sensitivePaths = checked(this, "sensitivePaths", args.sensitivePaths, paths);
    const sensitiveLimit = checked(this, "sensitiveLimit", args.sensitiveLimit, limit);
    const generalLimit = checked(this, "generalLimit", args.generalLimit, limit);
    const maxAge = checked(
      this,
      "hstsMaxAgeSeconds",
      args.hstsMaxAgeSeconds ?? year,
      z.int().min(sixMonths, "must be six months or more"),
    );

    for (const [settingId, value] of Object.entries(zoneSettings(maxAge)))
      new cloudflare.ZoneSetting(`${name}-${settingId}`, { zoneId, settingId, value }, { parent: this });

    const dnssec = new cloudflare.ZoneDnssec(name, { zoneId, status: "active" }, { parent: this });
    this.#authorities(name, zoneId, args.domain);
    this.#mail(name, zoneId, args.domain, args.spf ?? "v=spf1 -all");

    const rulesets = {
      http_request_firewall_custom: pulumi
        .all([machineHosts, watchedPages])
        .apply(([machines, watched]) => botExemptions(machines, watched)),
      http_ratelimit: pulumi
        .all([sensitivePaths, sensitiveLimit, generalLimit])
        .apply(([sensitive, strict, general]) => rateLimitRules(sensitive, strict, general)),
      http_request_firewall_managed: managedRules(),
    };
    for (const [phase, rules] of Object.entries(rulesets))
      new cloudflare.Ruleset(
        `${name}-${phase}`,
        { zoneId, kind: "zone", phase, name: `${name} ${phase}`, rules },
        { parent: this },
      );
    new cloudflare.BotManagement(name, { zoneId, ...botManagement(plan) }, { parent: this });

    this.dsRecord = dnssec.ds;
    this.registerOutputs({ dsRecord: this.dsRecord });
  }

  #authorities(name: string, zoneId: pulumi.Input<string>, domain: pulumi.Input<string>): void {
    const allow = (authority: string, dependsOn: readonly pulumi.Resource[]) =>
      (["issue", "issuewild"] as const).map(
        (tag) =>
          new cloudflare.DnsRecord(
            `${name}-caa-${tag}-${authority.replace(/;.*/, "")}`,
            { zoneId, name: domain, type: "CAA", ttl: automatic, data: { flags: 0, tag, value: authority } },
            { parent: this, dependsOn: [...dependsOn] },
          ),
      );
    // ACM first: from the first record on, whoever is not named may issue nothing.
    const acm = certificateAuthorities.acm.flatMap((authority) => allow(authority, []));
    for (const authority of certificateAuthorities.cloudflare) allow(authority, acm);
  }

  #mail(name: string, zoneId: pulumi.Input<string>, domain: pulumi.Input<string>, spf: pulumi.Input<string>): void {
    const text = (purpose: string, owner: pulumi.Input<string>, content: pulumi.Input<string>) =>
      new cloudflare.DnsRecord(
        `${name}-${purpose}`,
        { zoneId, name: owner, type: "TXT", ttl: automatic, content: pulumi.interpolate`"${content}"` },
        { parent: this },
      );
    text("spf", domain, spf);
    // What neither SPF nor DKIM vouches for is forged.
    text("dmarc", pulumi.interpolate`_dmarc.${domain}`, "v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s");
  }
}

/** Setting to value. Source: https://developers.cloudflare.com/api/resources/zones/subresources/settings/. */
function zoneSettings(hstsMaxAge: pulumi.Input<number>): Record<string, unknown> {
  return {
    // The origin's certificate must be valid: Cloudflare never talks to an impostor.
    ssl: "strict",
    min_tls_version: "1.2",
    tls_1_3: "on",
    // Data of a first flight can be sent twice by whoever recorded it; an order must not be.
    "0rtt": "off",
    always_use_https: "on",
    automatic_https_rewrites: "on",
    browser_check: "on",
    // An old copy of a page from the Internet Archive would hide an outage.
    always_online: "off",
    // It would switch the cache off for hours.
    development_mode: "off",
    security_header: {
      strict_transport_security: {
        enabled: true,
        max_age: hstsMaxAge,
        include_subdomains: true,
        // A preload list takes months to leave; whoever wants it decides that for the domain, once.
        preload: false,
        nosniff: true,
      },
    },
  };
}

function botManagement(plan: Plan): Omit<cloudflare.BotManagementArgs, "zoneId"> {
  const { likelyAutomated } = plans[plan];
  return {
    // What runs no JavaScript is recognised by it.
    enableJs: true,
    sbfmDefinitelyAutomated: "managed_challenge",
    ...(likelyAutomated && { sbfmLikelyAutomated: likelyAutomated }),
    sbfmVerifiedBots: "allow",
    // Images and scripts are cached; to challenge a browser that loads them breaks the page.
    sbfmStaticResourceProtection: false,
    optimizeWordpress: false,
  };
}

function limitOf(plan: Plan): z.ZodType<RateLimit> {
  const { countingSeconds, blockingSeconds } = plans[plan];
  const among = (seconds: readonly number[]) =>
    z.int().refine((value) => seconds.includes(value), `must be one of ${seconds.join(", ")} on the ${plan} plan`);
  return z.object({
    requests: z.int().min(1, "must be 1 or more"),
    periodSeconds: among(countingSeconds),
    blockSeconds: among(blockingSeconds),
  });
}
