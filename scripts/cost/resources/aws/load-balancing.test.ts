import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { between } from "../../range.ts";
import assert from "node:assert/strict";
import { type Given, itCosts, sameUsage, stackOf } from "../world.cases.ts";
import { loadBalancing } from "./load-balancing.ts";

const balancer = (inputs: Given["inputs"] = {}): Given => ({ type: "aws:lb/loadBalancer:LoadBalancer", inputs });
const out = "data-out 100..1000..10000 ~";
const units = "alb-lcu 100..1000..10000 ~";

describe("a load balancer", () => {
  itCosts([
    {
      what: "is charged by the hour and the capacity unit, with a public address in every subnet",
      given: balancer({ loadBalancerType: "application", internal: false, subnets: ["a", "b"] }),
      lines: ["alb-hour 730", units, "public-ipv4-in-use 1460", out],
    },
    {
      what: "is an Application Load Balancer of the internet where nothing is said",
      given: balancer({ subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }, { subnetId: "c" }] }),
      lines: ["alb-hour 730", units, "public-ipv4-in-use 2190", out],
    },
    {
      what: "has no public address where it is internal",
      given: balancer({ internal: true, subnets: ["a", "b"] }),
      lines: ["alb-hour 730", units, out],
    },
    {
      what: "has the fewest subnets that AWS takes where they are not known yet",
      given: balancer({ subnets: UNKNOWN }),
      lines: ["alb-hour 730", units, "public-ipv4-in-use 1460 ~", out],
      says: /not known yet: 2, the fewest/,
    },
    {
      what: "may have none where it is not known whether it is internal",
      given: balancer({ internal: UNKNOWN, subnets: ["a", "b"] }),
      lines: ["alb-hour 730", units, "public-ipv4-in-use 0..1460..1460 ~", out],
    },
    {
      what: "of the network kind has prices of its own",
      given: balancer({ loadBalancerType: "network", internal: true }),
      lines: ["nlb-hour 730", "nlb-lcu 100..1000..10000 ~", out],
    },
    {
      what: "shares what passes with another",
      given: balancer({ internal: true }),
      among: [{ ...balancer(), name: "other" }],
      lines: ["alb-hour 730", "alb-lcu 50..500..5000 ~", "data-out 50..500..5000 ~"],
    },
    {
      what: "of the gateway kind is not priced",
      given: balancer({ loadBalancerType: "gateway" }),
      lines: ["not priced: A load balancer of type gateway"],
    },
  ]);

  it("is charged for new connections where those are more than the bytes", () => {
    const requests = { ...sameUsage.requests, ...between(0, 900_000_000, 900_000_000) };
    const { resources, world } = stackOf([balancer()], "production", { ...sameUsage, requests });
    const entry = loadBalancing["aws:lb/loadBalancer:LoadBalancer"];
    const [resource] = resources;
    assert.ok(entry?.kind === "priced" && resource !== undefined);
    const part = entry.items(resource, world)[1];
    // 900 million in a month at 25 a second for each unit.
    assert.ok(part !== undefined && "quantity" in part);
    assert.deepEqual([part.quantity.expected.toFixed(), part.quantity.high.toFixed()], ["10000", "10000"]);
  });
});
