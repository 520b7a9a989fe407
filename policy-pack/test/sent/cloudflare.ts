import type { Json, Sent } from "../analyzer.ts";

/* A zone's own resources, as an engine sends them. */

export const ZONE_ID = "023e105f4ecef8ad9ca31a8372d0c353";

export const setting = (settingId: Json, value: Json, name = "setting"): Sent => ({
  type: "cloudflare:index/zoneSetting:ZoneSetting",
  name,
  props: { zoneId: ZONE_ID, settingId, value },
});

export const record = (
  props: Sent["props"] = {},
  name: string | undefined = "record",
  references: Sent["references"] = {},
): Sent => ({
  type: "cloudflare:index/dnsRecord:DnsRecord",
  name,
  props: { zoneId: ZONE_ID, ttl: 1, ...props },
  references,
});

/** A host behind Cloudflare that leads to a load balancer of AWS. */
export const behindBalancer = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent =>
  record(
    { name: "api.example.org", type: "CNAME", content: "alb-1.us-east-1.elb.amazonaws.com", proxied: true, ...props },
    "api",
    references,
  );
