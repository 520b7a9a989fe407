import { amount } from "../../money.ts";
import { exactly } from "../../range.ts";
import { type CostResource, type Entries, free, type Item, type Part, priced, type World } from "../entry.ts";
import { flagOf } from "../read.ts";
import { shareAmong } from "../share.ts";

const setting = free("A setting of the distribution.");

/** Amazon CloudFront, pay as you go. Flat-rate plans are not set by a resource. */
export const contentDelivery: Entries = {
  "aws:cloudfront/distribution:Distribution": priced(distributionParts),
  "aws:cloudfront/cachePolicy:CachePolicy": setting,
  "aws:cloudfront/originAccessControl:OriginAccessControl": setting,
  "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": setting,
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": setting,
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": setting,
  "aws:cloudfront/function:Function": free("Two million runs a month are free; settings use none."),
  "aws:cloudfront/keyGroup:KeyGroup": setting,
  "aws:cloudfront/publicKey:PublicKey": setting,
};

function distributionParts(distribution: CostResource, world: World): readonly Part[] {
  const items: readonly Item[] = [
    { price: "cloudfront-data-out", ...shareAmong(world.usage.mediaOutGb, distribution, world) },
    { price: "cloudfront-requests", ...shareAmong(world.usage.mediaRequests, distribution, world, 10_000) },
  ];
  if (flagOf(distribution, "enabled", true) !== false) return items;
  return items.map(({ price }) => ({ price, quantity: exactly(amount(0)), property: "enabled" }));
}
