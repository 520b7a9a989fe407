import { type CostResource, type Entries, free, notPriced, type Part, priced } from "../entry.ts";
import { flagOf } from "../read.ts";
import { accessParts } from "./access.ts";
import { zoneParts, zoneTypes } from "./zone.ts";

const partOfThePlan = free("Part of the zone's plan.");
const partOfAccess = free("The people who log in are counted with the application.");
const addOn = (name: string) => notPriced(`${name} is an add-on whose price is not in prices.csv.`);

/** Every Cloudflare type that is known. */
export const cloudflare: Entries = {
  ...Object.fromEntries(zoneTypes.map((type) => [type, priced(zoneParts)])),
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": priced(accessParts),
  "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup": partOfAccess,
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": partOfAccess,
  "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": partOfAccess,
  "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": partOfAccess,
  "cloudflare:index/pagesProject:PagesProject": priced(pagesParts),
  "cloudflare:index/pagesDomain:PagesDomain": free("Domains of Pages are free."),
  "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls": partOfThePlan,
  "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate": partOfThePlan,
  "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings": partOfThePlan,
  "cloudflare:index/dnsRecord:DnsRecord": partOfThePlan,
  "cloudflare:index/list:List": partOfThePlan,
  "cloudflare:index/notificationPolicy:NotificationPolicy": partOfThePlan,
  "cloudflare:index/originCaCertificate:OriginCaCertificate": partOfThePlan,
  "cloudflare:index/pageRule:PageRule": partOfThePlan,
  "cloudflare:index/turnstileWidget:TurnstileWidget": free("Turnstile's widgets are free, up to twenty."),
  "cloudflare:index/argoSmartRouting:ArgoSmartRouting": addOn("Argo Smart Routing"),
  "cloudflare:index/certificatePack:CertificatePack": addOn("Advanced Certificate Manager"),
  "cloudflare:index/loadBalancer:LoadBalancer": addOn("Load balancing"),
  "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": addOn("Load balancing"),
  "cloudflare:index/loadBalancerPool:LoadBalancerPool": addOn("Load balancing"),
  "cloudflare:index/logpushJob:LogpushJob": notPriced("Logpush is part of Enterprise alone."),
  "cloudflare:index/r2Bucket:R2Bucket": notPriced("R2 is not in prices.csv."),
  "cloudflare:index/spectrumApplication:SpectrumApplication": addOn("Spectrum"),
  "cloudflare:index/waitingRoom:WaitingRoom": notPriced(
    "Waiting rooms are part of Business, and more of them of Enterprise.",
  ),
  "cloudflare:index/workersScript:WorkersScript": notPriced("Workers are not in prices.csv."),
};

/** Static files are free however often they are read; functions are charged as Workers. https://developers.cloudflare.com/pages/functions/pricing/ */
function pagesParts(project: CostResource): readonly Part[] {
  return flagOf(project, "usesFunctions", false) === true
    ? [{ notPriced: "Functions of Pages are charged as Workers, which are not in prices.csv." }]
    : [{ free: "Static files are free and not counted, and builds run elsewhere." }];
}
