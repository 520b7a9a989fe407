import type { Service } from "../service.ts";
import { accessApplication, accessIdentityProvider, accessPolicy } from "./cloudflare-access.ts";
import {
  certificatePack,
  hostPullsCertificate,
  originPulls,
  pullsSettings,
  zonePullsCertificate,
} from "./cloudflare-certificates.ts";
import { dnsRecord } from "./cloudflare-dns.ts";
import { list } from "./cloudflare-lists.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { notificationPolicy } from "./cloudflare-notifications.ts";
import { pagesDomain, pagesProject } from "./cloudflare-pages.ts";
import { ruleset } from "./cloudflare-rulesets.ts";
import { zoneSetting } from "./cloudflare-zone-settings.ts";
import { botManagement, totalTls, zoneDnssec } from "./cloudflare-zone.ts";

const rules = {
  AuthenticatedOriginPulls: originPulls,
  AuthenticatedOriginPullsCertificate: zonePullsCertificate,
  AuthenticatedOriginPullsHostnameCertificate: hostPullsCertificate,
  AuthenticatedOriginPullsSettings: pullsSettings,
  BotManagement: botManagement,
  CertificatePack: certificatePack,
  DnsRecord: dnsRecord,
  List: list,
  NotificationPolicy: notificationPolicy,
  PagesDomain: pagesDomain,
  PagesProject: pagesProject,
  Ruleset: ruleset,
  TotalTls: totalTls,
  ZeroTrustAccessApplication: accessApplication,
  ZeroTrustAccessIdentityProvider: accessIdentityProvider,
  ZeroTrustAccessPolicy: accessPolicy,
  ZoneDnssec: zoneDnssec,
  ZoneSetting: zoneSetting,
};

export const cloudflare: Service = {
  resources: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [cloudflareType(name), rule])),
};
