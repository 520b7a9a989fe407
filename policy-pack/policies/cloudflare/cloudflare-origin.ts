import { lackOf, zonesOf } from "../../support/cloudflare/zone.ts";
import { joinTo } from "../../support/join.ts";
import { expects, isTrue } from "../../support/property.ts";
import type { Finding, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { CLOUDFLARE_RECORDS, LOAD_BALANCERS } from "../../support/tokens.ts";

const PULL_SETTINGS = "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings";
const PULL_HOSTS = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls";
const PULL_CERTIFICATES = [
  "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate",
  "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate",
];

/** Proxied records of a load balancer of the stack, in a zone that shows the origin no client certificate. */
function openOrigins(stack: Stack): readonly Finding[] {
  const balancers = stack.ofType(LOAD_BALANCERS);
  if (balancers.length === 0) return [];
  const toBalancer = joinTo(balancers);
  return zonesOf(stack).flatMap((zone) => {
    const record = zone
      .ofType(CLOUDFLARE_RECORDS)
      .find((candidate) => isTrue.is(candidate.props["proxied"]) && toBalancer(candidate, "content").length > 0);
    if (record === undefined) return [];
    return lackOf(
      { ...zone, anchor: record },
      {
        types: [PULL_SETTINGS, PULL_HOSTS],
        is: () => true,
        property: "content",
        wrong: "it leads to a load balancer to which Cloudflare shows no client certificate",
        fix: "add a cloudflare.AuthenticatedOriginPullsSettings with enabled: true for the zone, and let the load balancer verify the certificate",
      },
    );
  });
}

/** Zones that show the certificate that Cloudflare shows for every customer. */
const sharedCertificates = (stack: Stack): readonly Finding[] =>
  zonesOf(stack).flatMap((zone) => {
    const [settings] = zone.ofType([PULL_SETTINGS, PULL_HOSTS]);
    if (settings === undefined) return [];
    return lackOf(
      { ...zone, anchor: settings },
      {
        types: PULL_CERTIFICATES,
        is: () => true,
        property: "zoneId",
        wrong: "the zone shows Cloudflare's shared certificate, which goes out with the requests of every customer",
        fix: "add a cloudflare.AuthenticatedOriginPullsCertificate of your own for the zone",
      },
    );
  });

export const rules: readonly Rule[] = [
  {
    name: "cloudflare-origin-pulls-authenticated",
    description: "A load balancer behind Cloudflare can tell Cloudflare from everybody else.",
    why: "Whoever finds the load balancer's address could otherwise go round the firewall and the rate limits.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [PULL_SETTINGS], unknown: "refuse", find: expects("enabled", isTrue, "set enabled: true") },
      { types: [PULL_HOSTS], unknown: "refuse", find: expects("configs[].enabled", isTrue, "set enabled: true") },
    ],
    stack: openOrigins,
  },
  {
    name: "cloudflare-origin-pull-own-certificate",
    description: "Cloudflare shows the origin a certificate that is the zone's own.",
    why: "The shared certificate proves only that some customer of Cloudflare sent the request.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: sharedCertificates,
  },
];
