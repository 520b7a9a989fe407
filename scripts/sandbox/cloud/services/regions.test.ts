import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { regions } from "./regions.ts";
import { sts } from "./sts.ts";
import { assertRefused, PRODUCTION, STAGING, textIn, tinyWorld } from "./tiny-world.ts";

const cloud = tinyWorld(regions, sts);
const ask = (token: string, args: Properties = {}, location = PRODUCTION): Properties =>
  cloud.invoke(token, args, location);

describe("where a program runs", () => {
  it("is the account of its provider", () => {
    const identity = ask("aws:index/getCallerIdentity:getCallerIdentity", {}, STAGING);
    assert.equal(identity["accountId"], "444455556666");
    assert.match(textIn(identity, "arn"), /^arn:aws:sts::444455556666:assumed-role\//);
  });

  it("is the region of its provider, or the one asked for", () => {
    const token = "aws:index/getRegion:getRegion";
    assert.deepEqual(ask(token), {
      description: "US East (N. Virginia)",
      endpoint: "ec2.us-east-1.amazonaws.com",
      id: "us-east-1",
      name: "us-east-1",
      region: "us-east-1",
    });
    assert.equal(ask(token, { region: "eu-central-1" })["description"], "Europe (Frankfurt)");
    assert.equal(ask(token, { endpoint: "ec2.eu-west-1.amazonaws.com" })["name"], "eu-west-1");
    assertRefused(() => ask(token, { region: "mars-north-1" }), "InvalidParameterValue");
  });

  it("is a partition", () => {
    const { partition, dnsSuffix, reverseDnsPrefix } = ask("aws:index/getPartition:getPartition");
    assert.deepEqual([partition, dnsSuffix, reverseDnsPrefix], ["aws", "amazonaws.com", "com.amazonaws"]);
  });

  it("has three zones", () => {
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const { names, zoneIds } = ask(token, { state: "available" });
    assert.deepEqual(names, ["us-east-1a", "us-east-1b", "us-east-1c"]);
    assert.deepEqual(zoneIds, ["use1-az1", "use1-az2", "use1-az3"]);
    assert.deepEqual(ask(token, { excludeNames: ["us-east-1b"] })["names"], ["us-east-1a", "us-east-1c"]);
    assert.deepEqual(ask(token, { state: "impaired" })["names"], []);
    assert.deepEqual(ask(token, { filters: [{ name: "zone-id", values: ["use1-az2"] }] })["names"], ["us-east-1b"]);
    assertRefused(() => ask(token, { filters: [{ name: "colour", values: [] }] }), "InvalidParameterValue");
  });

  it("has zones that can be asked for one by one", () => {
    const token = "aws:index/getAvailabilityZone:getAvailabilityZone";
    assert.equal(ask(token, { name: "us-east-1b" })["zoneId"], "use1-az2");
    assert.equal(ask(token, { zoneId: "use1-az3" })["nameSuffix"], "c");
    assertRefused(() => ask(token, { name: "us-east-1z" }), "InvalidParameterValue", /us-east-1a/);
  });

  it("has services with names", () => {
    const service = ask("aws:index/getService:getService", { serviceId: "s3" });
    assert.deepEqual(
      [service["dnsName"], service["reverseDnsName"]],
      ["s3.us-east-1.amazonaws.com", "com.amazonaws.us-east-1.s3"],
    );
    assert.equal(
      ask("aws:index/getService:getService", { reverseDnsName: "com.amazonaws.eu-west-1.kms" })["dnsName"],
      "kms.eu-west-1.amazonaws.com",
    );
    assert.equal(
      ask("aws:index/getServicePrincipal:getServicePrincipal", { serviceName: "logs" })["name"],
      "logs.amazonaws.com",
    );
  });

  it("takes ARNs apart", () => {
    const arn = ask("aws:index/getArn:getArn", { arn: "arn:aws:s3:::media/a:b" });
    assert.deepEqual([arn["service"], arn["account"], arn["resource"]], ["s3", "", "media/a:b"]);
    assertRefused(() => ask("aws:index/getArn:getArn", { arn: "media" }), "InvalidArn");
  });

  it("has accounts that write load balancer logs, where the region is old enough", () => {
    const token = "aws:elb/getServiceAccount:getServiceAccount";
    assert.equal(ask(token)["arn"], "arn:aws:iam::127311923021:root");
    assertRefused(() => ask(token, { region: "ap-south-2" }), "InvalidParameterValue", /service principal/);
  });

  it("is one of the regions that are on", () => {
    const { names } = ask("aws:index/getRegions:getRegions");
    assert.ok(Array.isArray(names) && names.includes("us-east-1") && !names.includes("af-south-1"));
    const all = ask("aws:index/getRegions:getRegions", { allRegions: true })["names"];
    assert.ok(Array.isArray(all) && all.includes("af-south-1"));
  });
});
