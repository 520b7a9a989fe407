import assert from "node:assert/strict";
import type { Exemption } from "./exemption.ts";
import { ledgerOf } from "./run.ts";

const urn = "urn:pulumi:staging::groundwork::aws:s3/bucket:Bucket::press";
const exemption: Exemption = {
  rule: "s3-bucket-not-public",
  urn: "urn:pulumi:*::press",
  environments: ["staging"],
  reason: "The press kit is public.",
  owner: "platform",
  expires: "2026-12-31",
};
const on = (day: string) => ledgerOf([exemption], new Date(`${day}T12:00:00Z`));

describe("a run", () => {
  it("notes what was judged, and what waits until it is judged again", () => {
    const run = on("2026-11-21");
    run.judge("a", urn);
    run.wait("a", urn);
    run.wait("b", urn);
    assert.deepEqual([...run.judged], [urn]);
    assert.deepEqual([...(run.waiting.get("a") ?? [])], [urn]);
    run.judge("a", urn);
    assert.equal(run.waiting.get("a")?.size, 0);
    assert.equal(run.waiting.get("b")?.size, 1);
  });

  it("covers a finding by an exemption, and notes that it did", () => {
    const run = on("2026-11-21");
    assert.equal(run.cover("s3-bucket-not-public", urn), exemption);
    assert.deepEqual([...(run.covered.get(exemption) ?? [])], [urn]);
  });

  it("covers neither another rule, nor another resource, nor after the last day", () => {
    const run = on("2026-11-21");
    assert.equal(run.cover("s3-bucket-encrypted", urn), undefined);
    assert.equal(run.cover("s3-bucket-not-public", `${urn}-kit`), undefined);
    assert.equal(run.cover("s3-bucket-not-public", urn.replace("staging", "production")), undefined);
    assert.equal(on("2027-01-01").cover("s3-bucket-not-public", urn), undefined);
    assert.equal(run.covered.size, 0);
  });
});
