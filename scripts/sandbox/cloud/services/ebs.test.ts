import assert from "node:assert/strict";
import { ebs } from "./ebs.ts";
import { kms } from "./kms.ts";
import { STAGING, assertRefused, tinyWorld } from "./tiny-world.ts";

const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey";

describe("EBS", () => {
  it("has one setting of encryption per account and region, which bears the region's name", () => {
    const cloud = tinyWorld(ebs);
    assert.equal(cloud.create(DEFAULT, "a", { enabled: true }).id, "us-east-1");
    assert.equal(cloud.create(DEFAULT, "b", { enabled: true }, { ...STAGING, region: "eu-west-1" }).id, "eu-west-1");
  });

  it("encrypts with a key that exists", () => {
    const cloud = tinyWorld(ebs, kms);
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/none";
    assertRefused(() => cloud.create(KEY, "k", { keyArn }), "InvalidKmsKeyId.NotFound");
    const key = cloud.create("aws:kms/key:Key", "k", {});
    cloud.create(KEY, "k", { keyArn: key.outputs["arn"] ?? "" });
  });
});
