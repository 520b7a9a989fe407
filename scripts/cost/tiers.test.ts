import assert from "node:assert/strict";
import fc from "fast-check";
import { amount } from "./money.ts";
import { pricesFrom, readPriceRows } from "./prices.ts";
import { firstPaid, tiered, withoutAllowance } from "./tiers.ts";

const prices = pricesFrom(readPriceRows());

/** Worked by hand from the providers' own pages, some of which carry the same example. */
const worked: readonly (readonly [what: string, price: string, quantity: string, usd: string, source: string])[] = [
  ["a NAT gateway, all month", "nat-gateway-hour", "730", "32.85", "https://aws.amazon.com/vpc/pricing/"],
  [
    "an Application Load Balancer, all month",
    "alb-hour",
    "730",
    "16.425",
    "https://aws.amazon.com/elasticloadbalancing/pricing/",
  ],
  ["two tasks of half an ARM vCPU", "fargate-arm-vcpu", "730", "23.6374", "https://aws.amazon.com/fargate/pricing/"],
  ["two tasks of 1 GB on ARM", "fargate-arm-memory", "1460", "5.1976", "https://aws.amazon.com/fargate/pricing/"],
  [
    "an endpoint in two zones",
    "interface-endpoint-hour",
    "1460",
    "14.6",
    "https://aws.amazon.com/privatelink/pricing/",
  ],
  ["five public addresses", "public-ipv4-in-use", "3650", "18.25", "https://aws.amazon.com/vpc/pricing/"],
  ["two Valkey nodes", "elasticache-valkey-t4g-micro", "1460", "18.688", "https://aws.amazon.com/elasticache/pricing/"],
  ["100 GB out, all of it free", "data-out", "100", "0", "https://aws.amazon.com/ec2/pricing/on-demand/"],
  // 5,020 of 5,120 GiB are paid.
  ["5 TiB out", "data-out", "5120", "451.8", "https://cloud-cost-557.pages.dev/blog/estimate-aws-data-transfer-bill/"],
  // 10,140 at 0.09, 40,960 at 0.085, 102,400 at 0.07, and 6,400 at 0.05.
  [
    "160,000 GiB out, through all tiers",
    "data-out",
    "160000",
    "11882.2",
    "https://wring.co/blog/aws-data-transfer-pricing-guide",
  ],
  [
    "1 TiB from CloudFront, all of it free",
    "cloudfront-data-out",
    "1024",
    "0",
    "https://aws.amazon.com/cloudfront/pricing/",
  ],
  // 9,216 at 0.085 and 40,960 at 0.08.
  ["50 TiB from CloudFront", "cloudfront-data-out", "51200", "4060.16", "https://aws.amazon.com/cloudfront/pricing/"],
  [
    "12 million requests to CloudFront",
    "cloudfront-requests",
    "1200",
    "2",
    "https://aws.amazon.com/cloudfront/pricing/",
  ],
  ["1 million requests to a Lambda function", "lambda-requests", "1", "0", "https://aws.amazon.com/lambda/pricing/"],
  // 3 million runs of 120 ms at 1,536 MB are 540,000 GB-seconds, of which 140,000 are paid.
  [
    "3 million runs of a Lambda function",
    "lambda-x86-duration",
    "540000",
    "2.333338",
    "https://aws.amazon.com/lambda/pricing/",
  ],
  ["12 alarms, of which 10 are free", "alarm-standard", "12", "0.2", "https://aws.amazon.com/cloudwatch/pricing/"],
  ["4 dashboards, of which 3 are free", "dashboard", "4", "3", "https://aws.amazon.com/cloudwatch/pricing/"],
  ["15 GB of logs, of which 5 are free", "log-ingestion", "15", "5", "https://aws.amazon.com/cloudwatch/pricing/"],
  // AWS's example of CloudTrail: 2 million data events.
  ["2 million data events", "cloudtrail-data-events", "20", "2", "https://aws.amazon.com/cloudtrail/pricing/"],
  [
    "150,000 management events a second time",
    "cloudtrail-management-copy",
    "1.5",
    "3",
    "https://aws.amazon.com/cloudtrail/pricing/",
  ],
  [
    "50,000 requests to keys, of which 20,000 are free",
    "kms-requests",
    "5",
    "0.09",
    "https://aws.amazon.com/kms/pricing/",
  ],
  ["3 million requests to a queue", "sqs-standard-requests", "3", "0.8", "https://aws.amazon.com/sqs/pricing/"],
  ["6,000 mails, of which 1,000 are free", "sns-email", "0.06", "0.1", "https://aws.amazon.com/sns/pricing/"],
  [
    "300 GB of continuous Atlas backup",
    "atlas-backup-continuous",
    "300",
    "232.5",
    "https://www.mongodb.com/docs/atlas/billing/cluster-configuration-costs/",
  ],
];

describe("tiers", () => {
  for (const [what, price, quantity, usd, source] of worked)
    it(`${what}: ${usd} USD (${source})`, () => {
      assert.equal(tiered(amount(quantity), prices(price).tiers).toFixed(), usd);
    });

  it("count nothing for nothing, and refuse less", () => {
    assert.equal(tiered(amount(0), prices("data-out").tiers).toFixed(), "0");
    assert.throws(() => tiered(amount("-0.1"), prices("data-out").tiers), RangeError);
  });

  it("never cost less for more, and agree on both sides of a border", () => {
    const { tiers } = prices("cloudfront-data-out");
    const gb = fc.integer({ min: 0, max: 8_000_000 });
    fc.assert(
      fc.property(gb, gb, (a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        assert.ok(tiered(amount(less), tiers).lessThanOrEqualTo(tiered(amount(more), tiers)));
      }),
      { numRuns: 200 },
    );
    for (const { above } of tiers.slice(1)) {
      const before = tiered(above.minus("0.001"), tiers);
      assert.ok(tiered(above, tiers).minus(before).lessThan("0.0001"));
    }
  });

  it("show the first price that is not free", () => {
    assert.equal(firstPaid(prices("data-out").tiers).toFixed(), "0.09");
    assert.equal(firstPaid(prices("atlas-m0-hour").tiers).toFixed(), "0");
  });

  it("lose their allowance in an account that has used it, and nothing else", () => {
    const cost = (id: string, quantity: number) =>
      tiered(amount(quantity), withoutAllowance(prices(id).tiers)).toFixed();
    assert.equal(cost("data-out", 100), "9");
    assert.equal(cost("data-out", 10_241), "921.685");
    assert.equal(cost("nat-gateway-hour", 730), "32.85");
    assert.equal(cost("atlas-m0-hour", 730), "0");
  });
});
