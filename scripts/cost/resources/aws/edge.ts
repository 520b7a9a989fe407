import { exactly } from "../../range.ts";
import { type CostResource, type Entries, free, notPriced, type Part, priced, type World } from "../entry.ts";
import { blockOf, isUnknown, listOf } from "../read.ts";
import { shareAmong } from "../share.ts";

/** Names, certificates, and filters before the load balancer. */
export const edge: Entries = {
  "aws:acm/certificate:Certificate": priced((certificate) => certificateParts(certificate)),
  "aws:acm/certificateValidation:CertificateValidation": free("A wait for the certificate."),
  "aws:lb/trustStore:TrustStore": notPriced(
    "AWS charges a trust store by the hour; no public page with its price could be read.",
  ),
  "aws:lb/trustStoreRevocation:TrustStoreRevocation": free("Charged with the trust store."),
  "aws:route53/zone:Zone": priced((zone, world) => [
    { price: "route53-zone", quantity: exactly(1) },
    { price: "route53-queries", ...shareAmong(world.usage.dnsQueries, zone, world, 1_000_000) },
  ]),
  "aws:route53/record:Record": free("Queries are charged by the zone."),
  "aws:route53/healthCheck:HealthCheck": priced(() => [
    {
      price: "route53-health-check-other",
      quantity: exactly(1),
      assumption: "Of an endpoint outside of AWS, the dearer.",
    },
  ]),
  "aws:wafv2/webAcl:WebAcl": priced(filterParts),
  "aws:wafv2/webAclAssociation:WebAclAssociation": free("Charged by the web ACL."),
  "aws:wafv2/ipSet:IpSet": free("Charged by the rules that use it."),
  "aws:wafv2/ruleGroup:RuleGroup": notPriced(
    "Rules in groups of one's own are counted where a web ACL names the group.",
  ),
};

/** Certificates for AWS's own services are free; exportable ones are not. */
function certificateParts(certificate: CostResource): readonly Part[] {
  const options = blockOf(certificate, "options");
  const exported = !isUnknown(options) && options["export"] === "ENABLED";
  return exported
    ? [{ notPriced: "Certificates that can be exported are not in prices.csv." }]
    : [{ free: "Public certificates for AWS's own services are free." }];
}

function filterParts(acl: CostResource, world: World): readonly Part[] {
  const rules = listOf(acl, "rules");
  return [
    { price: "waf-acl", quantity: exactly(1) },
    {
      price: "waf-rule",
      quantity: exactly(isUnknown(rules) ? 1 : rules.length),
      property: "rules",
      ...(isUnknown(rules) && { assumption: "Its rules are not known yet: one." }),
    },
    { price: "waf-requests", ...shareAmong(world.usage.requests, acl, world, 1_000_000), taggable: false },
  ];
}
