import assert from "node:assert/strict";
import { isAbout, isStanding, type Exemption } from "./exemption.ts";

const exemption: Exemption = {
  rule: "s3-bucket-not-public",
  urn: "urn:pulumi:*::groundwork::aws:s3/bucket:Bucket::press.kit",
  environments: ["staging", "preview"],
  reason: "The press kit is public.",
  owner: "platform",
  expires: "2026-12-31",
};
const on = (day: string): Date => new Date(day);

describe("an exemption", () => {
  it("counts to the end of its last day", () => {
    assert.equal(isStanding(exemption, on("2026-12-31T23:59:59Z")), true);
    assert.equal(isStanding(exemption, on("2027-01-01T00:00:00Z")), false);
  });

  it("counts for at most 90 days", () => {
    assert.equal(isStanding(exemption, on("2026-10-02T00:00:00Z")), true);
    assert.equal(isStanding(exemption, on("2026-10-01T00:00:00Z")), false);
  });

  it("does not count where its last day is no date", () => {
    for (const expires of ["", "never", "31.12.2026", "2026-13-01"])
      assert.equal(isStanding({ ...exemption, expires }, on("2026-12-01T00:00:00Z")), false, expires);
  });

  it("is about its resource in its environments, and takes nothing but * for a wildcard", () => {
    const urn = (stack: string, name = "press.kit"): string =>
      `urn:pulumi:${stack}::groundwork::aws:s3/bucket:Bucket::${name}`;
    assert.equal(isAbout(exemption, urn("staging")), true);
    assert.equal(isAbout(exemption, urn("preview-fix-login")), true);
    assert.equal(isAbout(exemption, urn("production")), false);
    assert.equal(isAbout(exemption, urn("staging", "press-kit")), false);
    assert.equal(isAbout(exemption, urn("staging", "press.kit.old")), false);
  });
});
