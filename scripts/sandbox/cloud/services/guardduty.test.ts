import assert from "node:assert/strict";
import { guardduty } from "./guardduty.ts";
import { STAGING, assertRefused, tinyWorld } from "./tiny-world.ts";

const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";

describe("GuardDuty", () => {
  it("has one detector per account and region", () => {
    const cloud = tinyWorld(guardduty);
    const { id, outputs } = cloud.create(DETECTOR, "a", { enable: true });
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(outputs["arn"], `arn:aws:guardduty:us-east-1:111122223333:detector/${id}`);
    assert.equal(outputs["accountId"], "111122223333");
    assertRefused(() => cloud.create(DETECTOR, "b", {}), "BadRequestException", /already exists/);
    cloud.create(DETECTOR, "b", {}, STAGING);
  });

  it("publishes at intervals that it knows", () => {
    const cloud = tinyWorld(guardduty);
    const inputs = { findingPublishingFrequency: "DAILY" };
    assertRefused(() => cloud.create(DETECTOR, "a", inputs), "BadRequestException", /DAILY/);
    const made = cloud.create(DETECTOR, "a", { findingPublishingFrequency: "ONE_HOUR" });
    assertRefused(() => cloud.update(made, inputs), "BadRequestException", /DAILY/);
  });

  it("has features of a detector that exists", () => {
    const cloud = tinyWorld(guardduty);
    const feature = (detectorId: string) => ({ detectorId, name: "S3_DATA_EVENTS", status: "ENABLED" });
    assertRefused(() => cloud.create(FEATURE, "f", feature("0")), "BadRequestException", /detectorId/);
    const { id } = cloud.create(DETECTOR, "a", {});
    assert.equal(cloud.create(FEATURE, "f", feature(id)).id, `${id}/S3_DATA_EVENTS`);
  });
});
