import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { ZONE_ID, behindBalancer } from "../../test/sent/cloudflare.ts";

const pulls = (enabled: Json, zoneId: Json = ZONE_ID): Sent => ({
  type: "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
  name: "pulls",
  props: { zoneId, enabled },
});
const certificate: Sent = {
  type: "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate",
  name: "certificate",
  props: { zoneId: ZONE_ID, certificate: "-----BEGIN CERTIFICATE-----", privateKey: "secret" },
};
const perHost = (enabled: Json): Sent => ({
  type: "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls",
  props: { zoneId: ZONE_ID, configs: [{ hostname: "api.example.org", certId: "c", enabled }] },
});
const balancer: Sent = {
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "alb",
  props: { dnsName: "alb-1.us-east-1.elb.amazonaws.com" },
};

export const cases: readonly Case[] = [
  { rule: "cloudflare-origin-pulls-authenticated", when: "they are on", given: pulls(true), result: "passes" },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "they are off",
    given: pulls(false),
    result: [/enabled: it is false.*Fix: set enabled: true/],
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "it is unknown whether they are on",
    given: pulls(UNKNOWN),
    result: [/enabled: its value is not known/],
  },
  { rule: "cloudflare-origin-pulls-authenticated", when: "a host has them", given: perHost(true), result: "passes" },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "a host has them off",
    given: perHost(false),
    result: [/configs\[0\]\.enabled: it is false/],
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "the load balancer's zone has them",
    given: [balancer, behindBalancer(), pulls(true)],
    result: "passes",
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "the load balancer's zone has none",
    given: [balancer, behindBalancer()],
    result: [/content: it leads to a load balancer.*Fix: add a cloudflare\.AuthenticatedOriginPullsSettings/],
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "another zone has them, and the address is not known yet",
    given: [
      { ...balancer, type: "aws:alb/loadBalancer:LoadBalancer", props: { dnsName: UNKNOWN } },
      behindBalancer({ content: UNKNOWN }, { content: ["alb"] }),
      pulls(true, "f".repeat(32)),
    ],
    result: [/content: it leads to a load balancer/],
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "the record is not proxied",
    given: [balancer, behindBalancer({ proxied: false })],
    result: "passes",
  },
  {
    rule: "cloudflare-origin-pulls-authenticated",
    when: "the load balancer is another stack's",
    given: [behindBalancer({ content: UNKNOWN })],
    result: "passes",
  },

  {
    rule: "cloudflare-origin-pull-own-certificate",
    when: "the zone has its own",
    given: [pulls(true), certificate],
    result: "passes",
  },
  {
    rule: "cloudflare-origin-pull-own-certificate",
    when: "the zone has none of its own",
    given: [pulls(true)],
    result: [/zoneId: the zone shows Cloudflare's shared certificate/],
  },
  {
    rule: "cloudflare-origin-pull-own-certificate",
    when: "the certificate is another zone's",
    given: [pulls(true, "f".repeat(32)), certificate],
    result: [/shared certificate/],
  },
  {
    rule: "cloudflare-origin-pull-own-certificate",
    when: "the zone's id is not known yet",
    given: [
      { type: "cloudflare:index/zone:Zone", name: "zone", props: { id: UNKNOWN } },
      { ...pulls(true, UNKNOWN), references: { zoneId: ["zone"] } },
      { ...certificate, props: { ...certificate.props, zoneId: UNKNOWN }, references: { zoneId: ["zone"] } },
    ],
    result: "passes",
  },
];
