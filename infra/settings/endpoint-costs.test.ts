import assert from "node:assert/strict";
import { breakEvenGb, endpointsThatPay } from "./endpoint-costs.ts";
import { environments } from "./environments.ts";

describe("interface endpoints", () => {
  it("are cheaper than NAT from 417 GB a month on in two zones, and 626 in three", () => {
    assert.equal(Math.round(breakEvenGb(2)), 417);
    assert.equal(Math.round(breakEvenGb(3)), 626);
  });

  it("are chosen by their traffic, each for itself", () => {
    const traffic = { logs: 500, kms: 0.1, "ecr.api": 418, secretsmanager: 417 };
    assert.deepEqual(endpointsThatPay(traffic, 2), ["ecr.api", "logs"]);
    assert.deepEqual(endpointsThatPay(traffic, 3), []);
    assert.deepEqual(endpointsThatPay({}, 2), []);
  });

  it("pay off nowhere with the traffic that is expected", () => {
    const { trafficGbPerMonth } = environments.endpoints;
    const { availabilityZones } = environments.network;
    for (const environment of ["production", "staging", "preview"] as const)
      assert.deepEqual(endpointsThatPay(trafficGbPerMonth[environment], availabilityZones[environment]), []);
  });
});
