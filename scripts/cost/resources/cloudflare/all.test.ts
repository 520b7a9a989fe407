import assert from "node:assert/strict";
import { amount } from "../../money.ts";
import { usages } from "../../usage.ts";
import { costOfCases, type ResourceCase, shown } from "../stack.cases.ts";

const zone = "z0";
const dnssec: ResourceCase = { type: "cloudflare:index/zoneDnssec:ZoneDnssec", inputs: { zoneId: zone } };
const setting: ResourceCase = { type: "cloudflare:index/zoneSetting:ZoneSetting", inputs: { zoneId: zone } };
const application: ResourceCase = { type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication" };

describe("what Cloudflare costs", () => {
  const cases: readonly (readonly [what: string, given: readonly ResourceCase[], expected: readonly string[]])[] = [
    // https://www.cloudflare.com/plans/: Pro is 20 USD billed annually and 25 billed monthly, Business 200 and 250.
    [
      "a zone's plan is paid once, by the settings",
      [setting, dnssec, { ...setting, name: "two" }],
      ["cloudflare-zone-pro-annual 1 = 20", "free: Part of the zone's plan.", "free: Part of the zone's plan."],
    ],
    [
      "each zone has its own",
      [dnssec, { ...dnssec, name: "two", inputs: { zoneId: "z1" } }],
      ["cloudflare-zone-pro-annual 1 = 20", "cloudflare-zone-pro-annual 1 = 20"],
    ],
    [
      "the state may say the plan",
      [{ type: "cloudflare:index/zone:Zone", outputs: { id: zone, plan: { legacyId: "business" } } }, setting],
      ["cloudflare-zone-business-annual 1 = 200", "free: Part of the zone's plan."],
    ],
    [
      "and how it is billed",
      [
        {
          type: "cloudflare:index/zone:Zone",
          outputs: { id: zone, plan: { legacyId: "business", frequency: "monthly" } },
        },
      ],
      ["cloudflare-zone-business-monthly 1 = 250"],
    ],
    [
      "the free plan",
      [{ type: "cloudflare:index/zone:Zone", outputs: { id: zone, plan: "free" } }],
      ["cloudflare-zone-free 1 = 0"],
    ],
    [
      "a plan without a price",
      [{ type: "cloudflare:index/zone:Zone", outputs: { id: zone, plan: "enterprise" } }],
      ["not priced: Cloudflare's plan enterprise is not in prices.csv."],
    ],
    [
      "a record in another's zone is no plan",
      [{ type: "cloudflare:index/dnsRecord:DnsRecord", inputs: { zoneId: zone } }],
      ["free: Part of the zone's plan."],
    ],
    [
      "people who log in are counted once",
      [application, { ...application, name: "two" }],
      ["cloudflare-access-free 2..10..50 = 0", "free: The people who log in are counted with the first application."],
    ],
    [
      "static sites",
      [{ type: "cloudflare:index/pagesProject:PagesProject", outputs: { usesFunctions: false } }],
      ["free: Static files are free and not counted, and builds run elsewhere."],
    ],
    [
      "sites with functions",
      [{ type: "cloudflare:index/pagesProject:PagesProject", outputs: { usesFunctions: true } }],
      ["not priced: Functions of Pages are charged as Workers, which are not in prices.csv."],
    ],
    [
      "add-ons",
      [{ type: "cloudflare:index/loadBalancer:LoadBalancer" }],
      ["not priced: Load balancing is an add-on whose price is not in prices.csv."],
    ],
  ];
  for (const [what, given, expected] of cases)
    it(what, () => {
      assert.deepEqual(shown(costOfCases(given)), expected);
    });

  it("knows no price above fifty people", () => {
    const people = (expected: number, high: number) => {
      const { adminUsers } = usages.production;
      const many = { ...adminUsers, expected: amount(expected), high: amount(high) };
      return shown(
        costOfCases([application], { usages: { ...usages, production: { ...usages.production, adminUsers: many } } }),
      );
    };
    assert.deepEqual(people(10, 51), [
      "cloudflare-access-free 2..10..51 = 0",
      "not priced: Above 50 people Zero Trust costs something, which is not in prices.csv.",
    ]);
    assert.deepEqual(people(51, 60), [
      "not priced: More than 50 people need a paid plan of Zero Trust, which is not in prices.csv.",
    ]);
  });

  it("a plan bears no tag, and says what it rests on", () => {
    const [line] = costOfCases([dnssec], { stack: "staging" }).lines;
    assert.deepEqual([line?.taggable, line?.usageBased], [false, true]);
    assert.match(
      line?.assumption ?? "",
      /plan pro, billed annually, as edge\.plan and edge\.planBilling of infra\/settings/,
    );
  });
});
