import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { Images, type ImagesArgs } from "./images.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

interface Rule {
  readonly selection: Readonly<Record<string, unknown>>;
}

const built = (args: ImagesArgs = {}) => capture(() => new Images("groundwork-staging-images", args));

describe("the images, left to their defaults", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await built());
  });

  it("keep their tags, are scanned, encrypted, and protected", () => {
    const { inputs, protect } = only(resources, REPOSITORY);
    assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
    assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true });
    assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS" }]);
    assert.equal(inputs["forceDelete"], false);
    assert.equal(protect, true);
  });

  it("forget what is untagged after a day, and all but the newest 60", () => {
    const { policy } = only(resources, "aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs;
    const { rules } = JSON.parse(policy as string) as { rules: readonly Rule[] };
    assert.deepEqual(
      rules.map(({ selection }) => selection),
      [
        { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
        { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 60 },
      ],
    );
  });
});

describe("the images, as settings ask for them", () => {
  it("go with their repository, unprotected, under a customer's key", async () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/images";
    const { resources } = await built({ deleteImagesWithRepository: true, protect: false, encryptionKeyArn: key });
    const { inputs, protect } = only(resources, REPOSITORY);
    assert.equal(inputs["forceDelete"], true);
    assert.equal(protect, false);
    assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS", kmsKey: key }]);
  });

  for (const keep of [1, 2.5])
    it(`refuse to keep ${keep}`, async () => {
      await assert.rejects(built({ keep }), /^(Resource)?Error: keep/);
    });
});
